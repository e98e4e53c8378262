import LinearAlgebra

/// The rectifier, max(x, 0), with derivative 0 at 0 as in PyTorch.
public final class ReLU<Scalar: Real>: Layer {
  public let name: String
  public let size: Int

  private var output: Matrix<Scalar>?
  private var inputGradient: Matrix<Scalar>?
  private var rows = 0

  public init(name: String, size: Int) {
    self.name = name
    self.size = size
  }

  public func footprint(batchSize: Int) -> Int {
    2 * Arena<Scalar>.footprint(rows: batchSize, columns: size)
  }

  public func reserve(batchSize: Int, from arena: Arena<Scalar>) {
    output = arena.take(rows: batchSize, columns: size)
    inputGradient = arena.take(rows: batchSize, columns: size)
  }

  public func forward(_ input: Matrix<Scalar>, in context: StepContext) -> Matrix<Scalar> {
    guard let output = output?.prefix(rows: input.rows) else { preconditionFailure("no memory reserved") }
    rows = input.rows
    Kernels.rectify(input.elements, into: output.elements, count: output.count)
    return output
  }

  public func backward(_ outputGradient: Matrix<Scalar>, inputGradient needed: Bool) -> Matrix<Scalar>? {
    guard needed else { return nil }
    guard let output = output?.prefix(rows: rows), let inputGradient = inputGradient?.prefix(rows: rows)
    else {
      preconditionFailure("a backward pass before any forward pass")
    }
    Kernels.keep(
      outputGradient.elements, wherePositive: output.elements, into: inputGradient.elements,
      count: output.count)
    return inputGradient
  }

  public func expand(into clone: any Layer<Scalar>, inputFactor: Int) throws -> Int {
    try Cloning.passThrough(
      clone, as: ReLU<Scalar>.self, layer: name, features: size, cloneFeatures: { $0.size },
      factor: inputFactor)
  }
}
