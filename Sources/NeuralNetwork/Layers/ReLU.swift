import LinearAlgebra

/// The rectifier, max(x, 0), with derivative 0 at 0 as in PyTorch.
public final class ReLU<Scalar: Real>: Layer {
  public let name: String
  /// Rows a sample: pixels or tokens.
  public let positions: Int
  public let size: Int
  public var inputSize: Int { size }

  /// Whether the normalisation before it rectifies already, so that nothing is left to do.
  var isDoneBefore = false
  /// Whether the next layer takes the largest values of windows, and can rectify these instead: fewer numbers.
  var isBeforePooling = false
  /// Whether that layer does it in the passes to come.
  private(set) var isDoneBehind = false
  private var isIdle: Bool { isDoneBefore || isDoneBehind }

  private var output: Matrix<Scalar>?
  private var inputGradient: Matrix<Scalar>?
  private var rows = 0

  /// - Parameter positions: rows a sample.
  public init(name: String, size: Int, positions: Int = 1) {
    self.name = name
    self.positions = positions
    self.size = size
  }

  public func reserve(from memory: LayerMemory<Scalar>) {
    isDoneBehind = isBeforePooling && !isDoneBefore && !memory.retainsOutputs
    guard !isIdle else { return }
    output = memory.take(rows: memory.batchSize * positions, columns: size)
    inputGradient = memory.takeGradientUnlessInPlace(rows: memory.batchSize * positions, columns: size)
  }

  public func forward(_ input: Matrix<Scalar>, in context: StepContext) -> Matrix<Scalar> {
    guard !isIdle else { return input }
    guard let output = output?.prefix(rows: input.rows) else { fatalError("no memory reserved") }
    rows = input.rows
    Kernels.rectify(input.elements, into: output.elements, count: output.count)
    return output
  }

  public func backward(_ outputGradient: Matrix<Scalar>, inputGradient needed: Bool) -> Matrix<Scalar>? {
    guard needed else { return nil }
    guard !isIdle else { return outputGradient }
    guard let output = output?.prefix(rows: rows) else {
      fatalError("a backward pass before any forward pass")
    }
    let inputGradient = inputGradient?.prefix(rows: rows) ?? outputGradient
    Kernels.keep(
      outputGradient.elements, wherePositive: output.elements, into: inputGradient.elements,
      count: output.count)
    return inputGradient
  }
}
