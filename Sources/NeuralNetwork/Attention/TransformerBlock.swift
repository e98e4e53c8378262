import LinearAlgebra

/// A block of the vision transformer with normalisation first: x ← x + attention(norm1(x)), then
/// x ← x + mlp(norm2(x)). Its tensors have timm's names: `norm1.weight`, `attn.qkv.weight`, `mlp.fc1.bias`, …
public final class TransformerBlock<Scalar: Real>: Layer {
  public let name: String
  /// Tokens a sample.
  public let tokens: Int
  public let size: Int
  public var inputSize: Int { size }
  public var parameters: [Parameter<Scalar>] { halves.parameters }
  public var buffers: [Parameter<Scalar>] { halves.buffers }

  private let halves: LayerChain<Scalar>

  /// - Parameters:
  ///   - size: features a token.
  ///   - heads: attention heads.
  ///   - headWidth: features a head.
  ///   - hidden: features of the hidden layer of the multilayer perceptron.
  ///   - dropout: the probability in all four places: attention weights, attention output, hidden layer, output.
  ///   - tokensRead: which tokens of the output are read. With ``TokensRead/firstInTraining`` its keys and values
  ///     are those of all tokens, but all that is behind them has one row a sample in training.
  ///   - makeNormalization: makes the normalisation of a name, nil for none.
  public init(
    name: String, size: Int, tokens: Int, heads: Int, headWidth: Int, hidden: Int, dropout: Double,
    tokensRead: TokensRead = .all, makeNormalization: (_ name: String) -> (any Layer<Scalar>)?
  ) {
    self.name = name
    self.tokens = tokens
    self.size = size
    let attention = MultiHeadAttention<Scalar>(
      name: "\(name).attn", size: size, tokens: tokens, heads: heads, headWidth: headWidth, dropout: dropout,
      tokensRead: tokensRead)
    let initialization = Linear<Scalar>.Initialization.normal(standardDeviation: 0.02)
    let first = Linear<Scalar>(
      name: "\(name).mlp.fc1", inputSize: size, outputSize: hidden, positions: tokens,
      initialization: initialization)
    let second = Linear<Scalar>(
      name: "\(name).mlp.fc2", inputSize: hidden, outputSize: size, positions: tokens,
      initialization: initialization)
    let activation: any Layer<Scalar> = ActivationKind.gelu.makeLayer(
      name: "\(name).mlp.act", size: hidden, positions: tokens)
    func dropoutLayer(_ place: String, size: Int) -> [LayerChain<Scalar>.Place] {
      guard dropout > 0 else { return [] }
      let layer = Dropout<Scalar>(
        name: "\(name).\(place)", size: size, probability: dropout, positions: tokens, tokensRead: tokensRead)
      return [(place, layer)]
    }
    func normalization(_ place: String) -> [LayerChain<Scalar>.Place] {
      makeNormalization("\(name).\(place)").map { [(place, $0)] } ?? []
    }
    let mixing = normalization("norm1") + [("attn", attention)]
    let thinking =
      normalization("norm2")
      + [("mlp.fc1", first), ("mlp.act", activation)]
      + dropoutLayer("mlp.drop1", size: hidden) + [("mlp.fc2", second)]
      + dropoutLayer("mlp.drop2", size: size)
    func residual(_ half: Int, _ branch: [LayerChain<Scalar>.Place]) -> LayerChain<Scalar>.Place {
      ("", Residual(name: "\(name).\(half)", size: size, positions: tokens, branch: LayerChain(branch)))
    }
    halves = LayerChain([residual(1, mixing), residual(2, thinking)])
  }

  public func reserve(from memory: LayerMemory<Scalar>) { halves.reserve(from: memory) }

  public func initialize(seed: UInt64) { halves.initialize(seed: seed) }

  public func forward(_ input: Matrix<Scalar>, in context: StepContext) -> Matrix<Scalar> {
    halves.forward(input, in: context)
  }

  public func backward(_ outputGradient: Matrix<Scalar>, inputGradient needed: Bool) -> Matrix<Scalar>? {
    halves.backward(outputGradient, inputGradient: needed)
  }

  public func expansion(into clone: any Layer<Scalar>, input: CloningProfile) throws -> LayerExpansion {
    let other = try counterpart(clone, receiving: input)
    return try halves.expansion(into: other.halves, input: input, name: name)
  }
}
