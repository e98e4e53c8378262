import LinearAlgebra

/// Layer normalisation (Ba, Kiros and Hinton, 2016) of each row over its features, with PyTorch's conventions:
/// y = γ · (x − mean) / √(variance + 10⁻⁵) + β, the variance biased. It is the same in all modes.
public final class LayerNormalization<Scalar: Real>: Layer {
  public let name: String
  /// Rows a sample: pixels or tokens.
  public let positions: Int
  public let size: Int
  public var inputSize: Int { size }
  /// Whether γ and β are trained; else they are 1 and 0.
  public let affine: Bool
  /// γ, named `weight` as in PyTorch.
  public let weight: Parameter<Scalar>
  /// β, named `bias` as in PyTorch.
  public let bias: Parameter<Scalar>
  public var parameters: [Parameter<Scalar>] { affine ? [weight, bias] : [] }

  public static var epsilon: Scalar { Scalar(1e-5) }

  private var input: Matrix<Scalar>?
  private var output: Matrix<Scalar>?
  private var inputGradient: Matrix<Scalar>?
  /// Mean and 1 / √(variance + ε) of each row of the last input.
  private var statistics: Matrix<Scalar>?
  /// For the gradients of scale and shift of each shard of the rows.
  private var sums: Matrix<Scalar>?

  /// - Parameter positions: rows a sample.
  public init(name: String, size: Int, positions: Int = 1, affine: Bool = true) {
    self.name = name
    self.positions = positions
    self.size = size
    self.affine = affine
    weight = Parameter(name: "weight", shape: [size])
    bias = Parameter(name: "bias", shape: [size])
  }

  public func reserve(from memory: LayerMemory<Scalar>) {
    let rows = memory.batchSize * positions
    output = memory.take(rows: rows, columns: size)
    inputGradient = memory.takeGradientUnlessInPlace(rows: rows, columns: size)
    statistics = memory.take(rows: rows, columns: 2)
    sums = memory.takeScratch(rows: 2 * RowShards.most, columns: size)
    if !affine { BatchNormalization.bindConstants(weight, bias, from: memory) }
  }

  public func initialize(seed: UInt64) {
    guard affine else { return }
    weight.value.fill(with: 1)
    bias.value.fill(with: 0)
  }

  public func forward(_ input: Matrix<Scalar>, in context: StepContext) -> Matrix<Scalar> {
    guard let output = output?.prefix(rows: input.rows), let statistics else {
      fatalError("no memory reserved")
    }
    self.input = input
    LayerNormalizationKernels.normalize(
      input, into: output, statistics: statistics, scale: weight.value, shift: bias.value,
      epsilon: Self.epsilon)
    return output
  }

  public func backward(_ outputGradient: Matrix<Scalar>, inputGradient needed: Bool) -> Matrix<Scalar>? {
    guard let input, let statistics, let sums else { fatalError("a backward pass before any forward pass") }
    let inputGradient = inputGradient?.prefix(rows: input.rows) ?? outputGradient
    LayerNormalizationKernels.differentiate(
      outputGradient, input: input, statistics: statistics, scale: weight, shift: bias,
      inputGradient: inputGradient, sums: sums.elements)
    return needed ? inputGradient : nil
  }

  /// γ and β are repeated: mean and variance over repeated features are unchanged.
  public func expansion(into clone: any Layer<Scalar>, input: CloningProfile) throws -> LayerExpansion {
    let other = try counterpart(clone, receiving: input)
    guard other.affine == affine else {
      throw CloningError.mismatch(layer: name, reason: "only one of the two has affine parameters")
    }
    return LayerExpansion(
      input: input, output: input, parameters: parameters.map { _ in .vector(input) })
  }
}
