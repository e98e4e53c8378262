import LinearAlgebra

/// An elementwise activation with PyTorch's conventions (at a kink, the derivative from below).
///
/// In single precision exponentials are good to 10⁻⁷: the exponential branches of ELU and SELU have an absolute
/// error of that size near zero. The distribution in GELU is good to 2.5 · 10⁻⁷.
public final class ActivationLayer<Scalar: Real>: Layer {
  public let name: String
  public let kind: ActivationKind
  /// Rows a sample: pixels or tokens.
  public let positions: Int
  public let size: Int
  public var inputSize: Int { size }

  private var input: Matrix<Scalar>?
  private var output: Matrix<Scalar>?
  private var inputGradient: Matrix<Scalar>?

  /// - Parameter positions: rows a sample.
  public init(name: String, kind: ActivationKind, size: Int, positions: Int = 1) {
    self.name = name
    self.kind = kind
    self.positions = positions
    self.size = size
  }

  public func reserve(from memory: LayerMemory<Scalar>) {
    output = memory.take(rows: memory.batchSize * positions, columns: size)
    inputGradient = memory.takeGradientUnlessInPlace(rows: memory.batchSize * positions, columns: size)
  }

  public func forward(_ input: Matrix<Scalar>, in context: StepContext) -> Matrix<Scalar> {
    guard let output = output?.prefix(rows: input.rows) else { fatalError("no memory reserved") }
    self.input = input
    ActivationKernels.apply(kind, to: input.elements, into: output.elements, count: input.count)
    return output
  }

  public func backward(_ outputGradient: Matrix<Scalar>, inputGradient needed: Bool) -> Matrix<Scalar>? {
    guard needed else { return nil }
    guard let input, let output else { fatalError("a backward pass before any forward pass") }
    let inputGradient = inputGradient?.prefix(rows: input.rows) ?? outputGradient
    ActivationKernels.differentiate(
      kind, input: input.elements, output: output.elements, outputGradient: outputGradient.elements,
      into: inputGradient.elements, count: input.count)
    return inputGradient
  }

  public func expansion(into clone: any Layer<Scalar>, input: CloningProfile) throws -> LayerExpansion {
    let other = try counterpart(clone, receiving: input)
    guard other.kind == kind else {
      throw CloningError.mismatch(
        layer: name, reason: "its counterpart is \(other.kind.name), not \(kind.name)")
    }
    return LayerExpansion(input: input, output: input)
  }
}
