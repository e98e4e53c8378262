import LinearAlgebra

/// The first token of every sample: what a classifier reads off a transformer with a class token.
public final class TakeFirstToken<Scalar: Real>: Layer {
  public let name: String
  /// Tokens a sample.
  public let tokens: Int
  public let size: Int
  /// Which tokens of each sample come in.
  public let tokensRead: TokensRead
  public var inputSize: Int { size }

  private var output: Matrix<Scalar>?
  private var inputGradient: Matrix<Scalar>?
  /// Rows from one sample to the next in the last input.
  private var stride = 1

  public init(name: String, size: Int, tokens: Int, tokensRead: TokensRead = .all) {
    self.name = name
    self.tokens = tokens
    self.size = size
    self.tokensRead = tokensRead
  }

  public func reserve(from memory: LayerMemory<Scalar>) {
    output = memory.take(rows: memory.batchSize, columns: size)
    inputGradient = memory.takeGradient(rows: memory.batchSize * tokens, columns: size)
  }

  public func forward(_ input: Matrix<Scalar>, in context: StepContext) -> Matrix<Scalar> {
    stride = tokensRead.isFirstAlone(in: context) ? 1 : tokens
    let samples = input.rows / stride
    guard let output = output?.prefix(rows: samples) else { fatalError("no memory reserved") }
    for sample in 0..<samples {
      (output.elements + sample * size).update(from: input.elements + sample * stride * size, count: size)
    }
    return output
  }

  public func backward(_ outputGradient: Matrix<Scalar>, inputGradient needed: Bool) -> Matrix<Scalar>? {
    let samples = outputGradient.rows
    guard needed, let inputGradient = inputGradient?.prefix(rows: samples * stride) else { return nil }
    inputGradient.fill(with: 0)
    for sample in 0..<samples {
      (inputGradient.elements + sample * stride * size).update(
        from: outputGradient.elements + sample * size, count: size)
    }
    return inputGradient
  }

  public func expansion(into clone: any Layer<Scalar>, input: CloningProfile) throws -> LayerExpansion {
    let other = try counterpart(clone, receiving: input)
    try requireEqualTokens(tokens, other.tokens)
    return LayerExpansion(input: input, output: input)
  }
}
