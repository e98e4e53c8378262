import LinearAlgebra

/// Self-attention of several heads (Vaswani et al., 2017): one linear layer makes queries, keys and values of all
/// heads, each head attends by itself, and another linear layer maps their outputs back.
///
/// Tensors have timm's names: `qkv.weight`, `qkv.bias`, `proj.weight`, `proj.bias`; the rows of `qkv.weight` are
/// the queries of head 0, head 1, …, then the keys, then the values.
public final class MultiHeadAttention<Scalar: Real>: Layer {
  public let name: String
  /// Tokens a sample.
  public let tokens: Int
  public let size: Int
  public var inputSize: Int { size }
  public let heads: Int
  /// Features a head.
  public let headWidth: Int
  public var parameters: [Parameter<Scalar>] { chain.parameters }

  private let chain: LayerChain<Scalar>
  /// Makes queries, keys and values.
  private let projection: Linear<Scalar>
  private let attention: ScaledDotProductAttention<Scalar>

  /// - Parameters:
  ///   - size: features a token, of input and output.
  ///   - dropout: the probability for attention weights and for the output, in [0, 1).
  ///   - tokensRead: which tokens of the output are read: the others need no queries.
  public init(
    name: String, size: Int, tokens: Int, heads: Int, headWidth: Int, dropout: Double = 0,
    tokensRead: TokensRead = .all
  ) {
    self.name = name
    self.tokens = tokens
    self.size = size
    self.heads = heads
    self.headWidth = headWidth
    let initialization = Linear<Scalar>.Initialization.normal(standardDeviation: 0.02)
    projection = Linear(
      name: "\(name).qkv", inputSize: size, outputSize: 3 * heads * headWidth, positions: tokens,
      initialization: initialization, sparse: (outputs: heads * headWidth, tokensRead))
    let output = Linear<Scalar>(
      name: "\(name).proj", inputSize: heads * headWidth, outputSize: size, positions: tokens,
      initialization: initialization)
    attention = ScaledDotProductAttention(
      name: "\(name).attn_drop", tokens: tokens, heads: heads, headWidth: headWidth, dropout: dropout,
      tokensRead: tokensRead)
    var places: [LayerChain<Scalar>.Place] = [("qkv", projection), ("", attention), ("proj", output)]
    if dropout > 0 {
      let layer = Dropout<Scalar>(
        name: "\(name).proj_drop", size: size, probability: dropout, positions: tokens, tokensRead: tokensRead
      )
      places.append(("proj_drop", layer))
    }
    chain = LayerChain(places)
  }

  public func reserve(from memory: LayerMemory<Scalar>) { chain.reserve(from: memory) }

  public func initialize(seed: UInt64) { chain.initialize(seed: seed) }

  public func forward(_ input: Matrix<Scalar>, in context: StepContext) -> Matrix<Scalar> {
    chain.forward(input, in: context)
  }

  public func backward(_ outputGradient: Matrix<Scalar>, inputGradient needed: Bool) -> Matrix<Scalar>? {
    chain.backward(outputGradient, inputGradient: needed)
  }

  /// By the clone's shape. With k times the heads of the same width every head is duplicated, head h into heads
  /// k·h … k·h+k−1, which is exact. With the same heads, each k times as wide, units are interleaved and not
  /// rescaled, as the paper's released code does: scores grow by √k, so the clone computes something else.
  public func expansion(into clone: any Layer<Scalar>, input: CloningProfile) throws -> LayerExpansion {
    let other = try counterpart(clone, receiving: input)
    try requireEqualTokens(tokens, other.tokens)
    let heads = try attention.copying(by: other.attention, layer: name)
    guard chain.layers.count == other.chain.layers.count else {
      throw CloningError.mismatch(layer: name, reason: "only one of the two has dropout")
    }
    let start = try projection.expansion(into: other.projection, input: input, groupSize: heads.groupSize)
    return try zip(chain.layers, other.chain.layers).dropFirst().reduce(start) { expansion, pair in
      try expansion.followed(by: pair.0.expansion(into: pair.1, input: expansion.output))
    }
  }
}
