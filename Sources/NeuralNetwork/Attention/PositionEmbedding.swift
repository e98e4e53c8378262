import LinearAlgebra

/// Adds a learned vector for each token's place in its sample.
public final class PositionEmbedding<Scalar: Real>: Layer {
  public let name: String
  /// Tokens a sample.
  public let tokens: Int
  public let size: Int
  public var inputSize: Int { size }
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
    guard let output = output?.prefix(rows: input.rows) else { fatalError("no memory reserved") }
    let count = tokens * size
    ThreadTeam.shareRows(input.rows / tokens, of: count) { range, _ in
      for sample in range {
        Kernels.add(
          input.elements + sample * count, weight.value.elements, into: output.elements + sample * count,
          count: count)
      }
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
  public func expansion(into clone: any Layer<Scalar>, input: CloningProfile) throws -> LayerExpansion {
    let other = try counterpart(clone, receiving: input)
    try requireEqualTokens(tokens, other.tokens)
    let vectors = TensorExpansion(axes: [.places(1), .places(tokens), .outputs(input)])
    return LayerExpansion(input: input, output: input, parameters: [vectors])
  }
}
