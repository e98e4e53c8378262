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
  public let heads: Int
  /// Features a head.
  public let headWidth: Int
  public var parameters: [Parameter<Scalar>] { chain.parameters }

  private let chain: LayerChain<Scalar>
  private let input: Linear<Scalar>
  private let output: Linear<Scalar>

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
    input = Linear(
      name: "\(name).qkv", inputSize: size, outputSize: 3 * heads * headWidth, positions: tokens,
      initialization: initialization, sparse: (outputs: heads * headWidth, tokensRead))
    output = Linear(
      name: "\(name).proj", inputSize: heads * headWidth, outputSize: size, positions: tokens,
      initialization: initialization)
    let attention = ScaledDotProductAttention<Scalar>(
      name: "\(name).attn_drop", tokens: tokens, heads: heads, headWidth: headWidth, dropout: dropout,
      tokensRead: tokensRead)
    var places: [LayerChain<Scalar>.Place] = [("qkv", input), ("", attention), ("proj", output)]
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
  public func expand(into clone: any Layer<Scalar>, inputFactor: Int) throws -> Int {
    let other = try Cloning.counterpart(clone, as: MultiHeadAttention<Scalar>.self, layer: name)
    guard other.size == size * inputFactor, other.tokens == tokens else {
      throw CloningError.mismatch(
        layer: name,
        reason:
          "\(other.tokens) tokens of \(other.size) features where \(tokens) of \(size) × \(inputFactor) "
          + "are needed")
    }
    switch (other.heads, other.headWidth) {
    case (heads * inputFactor, headWidth):
      // Copies of a head's unit lie a head apart.
      expand(into: other, factor: inputFactor, adjacent: headWidth)
    case (heads, headWidth * inputFactor):
      expand(into: other, factor: inputFactor, adjacent: 1)
    default:
      throw CloningError.mismatch(
        layer: name,
        reason: "\(other.heads) heads of \(other.headWidth) where \(heads * inputFactor) of \(headWidth) or "
          + "\(heads) of \(headWidth * inputFactor) are needed")
    }
    return inputFactor
  }

  /// Expands both linear layers. Of the units between them `adjacent` ones are copied together: unit u becomes
  /// k·a·⌊u/a⌋ + j·a + u mod a.
  private func expand(into other: MultiHeadAttention, factor: Int, adjacent: Int) {
    func origin(_ unit: Int) -> Int { unit / (factor * adjacent) * adjacent + unit % adjacent }
    let scale = Scalar(factor)
    let wide = other.input.weight.value
    for row in 0..<wide.rows {
      other.input.bias.value[0, row] = input.bias.value[0, origin(row)]
      for column in 0..<wide.columns {
        wide[row, column] = input.weight.value[origin(row), column / factor] / scale
      }
    }
    let back = other.output.weight.value
    for row in 0..<back.rows {
      other.output.bias.value[0, row] = output.bias.value[0, row / factor]
      for column in 0..<back.columns {
        back[row, column] = output.weight.value[row / factor, origin(column)] / scale
      }
    }
  }
}
