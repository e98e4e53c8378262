import LinearAlgebra

/// Adds a learned vector for each token's place in its sample.
public final class PositionEmbedding<Scalar: Real>: Layer {
  public let name: String
  /// Tokens a sample.
  public let tokens: Int
  public let size: Int
  /// Of shape [1, tokens, size].
  public let weight: Parameter<Scalar>
  public var parameters: [Parameter<Scalar>] { [weight] }

  private var output: Matrix<Scalar>?

  public init(name: String, size: Int, tokens: Int) {
    self.name = name
    self.tokens = tokens
    self.size = size
    weight = Parameter(name: "weight", shape: [1, tokens, size])
  }

  public func reserve(from memory: LayerMemory<Scalar>) {
    output = memory.take(rows: memory.batchSize * tokens, columns: size)
  }

  /// Normal with standard deviation 0.02.
  public func initialize(seed: UInt64) {
    var stream = RandomStream(seed: seed, purpose: "initialization/\(name).weight")
    weight.fillNormal(standardDeviation: 0.02, from: &stream)
  }

  public func forward(_ input: Matrix<Scalar>, in context: StepContext) -> Matrix<Scalar> {
    guard let output = output?.prefix(rows: input.rows) else { preconditionFailure("no memory reserved") }
    let count = tokens * size
    for sample in 0..<input.rows / tokens {
      Kernels.add(
        input.elements + sample * count, weight.value.elements, into: output.elements + sample * count,
        count: count)
    }
    return output
  }

  public func backward(_ outputGradient: Matrix<Scalar>, inputGradient needed: Bool) -> Matrix<Scalar>? {
    let count = tokens * size
    TokenKernels.sum(
      outputGradient.elements, stride: count, samples: outputGradient.rows / tokens,
      into: weight.gradient.elements, count: count)
    return needed ? outputGradient : nil
  }

  /// The vectors are repeated along their features, unscaled.
  public func expand(into clone: any Layer<Scalar>, inputFactor: Int) throws -> Int {
    let other = try Cloning.counterpart(clone, as: PositionEmbedding<Scalar>.self, layer: name)
    guard other.tokens == tokens, other.size == size * inputFactor else {
      throw CloningError.mismatch(
        layer: name,
        reason:
          "\(other.tokens) tokens of \(other.size) features where \(tokens) of \(size) × \(inputFactor) "
          + "are needed")
    }
    // One row of tokens · size columns: repeating its entries repeats the features of each token.
    Cloning.expand(weight.value, into: other.weight.value, dividedBy: 1)
    return inputFactor
  }
}
