import LinearAlgebra

/// The Gaussian error linear unit (Hendrycks and Gimpel, 2016), x · Φ(x), exact rather than by the approximation
/// with tanh.
public final class GELU<Scalar: Real>: Layer {
  public let name: String
  /// Rows a sample: pixels or tokens.
  public let positions: Int
  public let size: Int

  private var input: Matrix<Scalar>?
  private var output: Matrix<Scalar>?
  private var inputGradient: Matrix<Scalar>?

  /// - Parameter positions: rows a sample.
  public init(name: String, size: Int, positions: Int = 1) {
    self.name = name
    self.positions = positions
    self.size = size
  }

  public func reserve(from memory: LayerMemory<Scalar>) {
    output = memory.take(rows: memory.batchSize * positions, columns: size)
    inputGradient = memory.takeGradientUnlessInPlace(rows: memory.batchSize * positions, columns: size)
  }

  public func forward(_ input: Matrix<Scalar>, in context: StepContext) -> Matrix<Scalar> {
    guard let output = output?.prefix(rows: input.rows) else { preconditionFailure("no memory reserved") }
    self.input = input
    GELUKernels.evaluate(input.elements, into: output.elements, count: output.count)
    return output
  }

  /// The distribution is computed once more from the input: keeping its values would cost as much time in memory.
  public func backward(_ outputGradient: Matrix<Scalar>, inputGradient needed: Bool) -> Matrix<Scalar>? {
    guard needed else { return nil }
    guard let input else { preconditionFailure("a backward pass before any forward pass") }
    let inputGradient = inputGradient?.prefix(rows: input.rows) ?? outputGradient
    GELUKernels.differentiate(
      outputGradient.elements, input: input.elements, into: inputGradient.elements, count: input.count)
    return inputGradient
  }

  public func expand(into clone: any Layer<Scalar>, inputFactor: Int) throws -> Int {
    try Cloning.passThrough(
      clone, as: GELU<Scalar>.self, layer: name, features: size, cloneFeatures: { $0.size },
      factor: inputFactor)
  }
}

private enum GELUKernels {
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func evaluate<Scalar: Real>(
    _ input: UnsafeMutablePointer<Scalar>, into out: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    var index = 0
    while index + 16 <= count {
      let x = input.vector(at: index)
      out.store(x * Scalar.normalDistribution(x).cumulative, at: index)
      index += 16
    }
    guard index < count else { return }
    let x = input.vector(at: index, count: count - index, padding: 0)
    out.store(x * Scalar.normalDistribution(x).cumulative, at: index, count: count - index)
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func differentiate<Scalar: Real>(
    _ outputGradient: UnsafeMutablePointer<Scalar>, input: UnsafeMutablePointer<Scalar>,
    into out: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    var index = 0
    while index + 16 <= count {
      out.store(outputGradient.vector(at: index) * slope(input.vector(at: index)), at: index)
      index += 16
    }
    guard index < count else { return }
    let rest = count - index
    let gradient = outputGradient.vector(at: index, count: rest, padding: 0)
    out.store(gradient * slope(input.vector(at: index, count: rest, padding: 0)), at: index, count: rest)
  }

  /// (x · Φ(x))′ = Φ(x) + x · φ(x).
  @inline(__always)
  private static func slope<Scalar: Real>(_ x: SIMD16<Scalar>) -> SIMD16<Scalar> {
    let normal = Scalar.normalDistribution(x)
    return normal.cumulative.addingProduct(x, normal.density)
  }
}
