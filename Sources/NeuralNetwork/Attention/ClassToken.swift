import LinearAlgebra

/// Puts one learned token before the tokens of every sample.
public final class ClassToken<Scalar: Real>: Layer {
  public let name: String
  /// Tokens a sample in the input; the output has one more.
  public let tokens: Int
  public let size: Int
  public var inputSize: Int { size }
  /// The token, of shape [1, 1, size].
  public let weight: Parameter<Scalar>
  public var parameters: [Parameter<Scalar>] { [weight] }

  private var output: Matrix<Scalar>?
  private var inputGradient: Matrix<Scalar>?

  public init(name: String, size: Int, tokens: Int) {
    self.name = name
    self.tokens = tokens
    self.size = size
    weight = Parameter(name: "weight", shape: [1, 1, size])
  }

  public func reserve(from memory: LayerMemory<Scalar>) {
    output = memory.take(rows: memory.batchSize * (tokens + 1), columns: size)
    inputGradient = memory.takeGradient(rows: memory.batchSize * tokens, columns: size)
  }

  /// Normal with standard deviation 0.02.
  public func initialize(seed: UInt64) {
    var stream = RandomStream(seed: seed, purpose: "initialization/\(name).weight")
    weight.fillNormal(standardDeviation: 0.02, from: &stream)
  }

  public func forward(_ input: Matrix<Scalar>, in context: StepContext) -> Matrix<Scalar> {
    let samples = input.rows / tokens
    guard let output = output?.prefix(rows: samples * (tokens + 1)) else {
      fatalError("no memory reserved")
    }
    ThreadTeam.shareRows(samples, of: tokens * size) { range, _ in
      for sample in range {
        let place = output.elements + sample * (tokens + 1) * size
        place.update(from: weight.value.elements, count: size)
        (place + size).update(from: input.elements + sample * tokens * size, count: tokens * size)
      }
    }
    return output
  }

  public func backward(_ outputGradient: Matrix<Scalar>, inputGradient needed: Bool) -> Matrix<Scalar>? {
    let samples = outputGradient.rows / (tokens + 1)
    TokenKernels.sum(
      outputGradient.elements, stride: (tokens + 1) * size, samples: samples,
      into: weight.gradient.elements, count: size)
    guard needed, let inputGradient = inputGradient?.prefix(rows: samples * tokens) else { return nil }
    ThreadTeam.shareRows(samples, of: tokens * size) { range, _ in
      for sample in range {
        let place = outputGradient.elements + sample * (tokens + 1) * size
        (inputGradient.elements + sample * tokens * size).update(from: place + size, count: tokens * size)
      }
    }
    return inputGradient
  }

  /// The token is repeated along its features, unscaled.
  public func expansion(into clone: any Layer<Scalar>, input: CloningProfile) throws -> LayerExpansion {
    let other = try counterpart(clone, receiving: input)
    try requireEqualTokens(tokens, other.tokens)
    let token = TensorExpansion(axes: [.places(1), .places(1), .outputs(input)])
    return LayerExpansion(input: input, output: input, parameters: [token])
  }
}
