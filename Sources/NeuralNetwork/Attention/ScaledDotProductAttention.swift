import LinearAlgebra

/// What every head of every sample does: softmax(Q·Kᵀ / √width) · V, with dropout of the softmax in training.
///
/// The input has for each token the queries of all heads, then their keys, then their values; the output has the
/// outputs of all heads. The dropout masks are drawn as in ``Dropout``, for each sample, head and query a row of
/// ``scoreWidth`` keys.
final class ScaledDotProductAttention<Scalar: Real>: Layer {
  let name: String
  /// Tokens a sample.
  let tokens: Int
  let heads: Int
  /// Features a head.
  let headWidth: Int
  var inputSize: Int { 3 * heads * headWidth }
  /// The probability of a zero among the attention weights, in [0, 1).
  let probability: Double
  /// Which tokens' queries count: in training perhaps the first token's alone.
  let tokensRead: TokensRead
  /// The keys of a query, filled up to whole vectors.
  var scoreWidth: Int { (tokens + 15) / 16 * 16 }

  private var input: Matrix<Scalar>?
  private var output: Matrix<Scalar>?
  private var inputGradient: Matrix<Scalar>?
  /// The attention weights before dropout, a row for each sample, head and query.
  private var weights: Matrix<Scalar>?
  /// 0 or 1 / (1 − probability) for each attention weight.
  private var factors: Matrix<Scalar>?
  private var scratch: Matrix<Scalar>?
  /// The threads that there is scratch memory for.
  private var places = 1
  private var isDropping = false
  /// Queries a sample in the last pass.
  private var queries = 0
  private var key: (seed: UInt64, key: RandomStream.Key)?

  init(
    name: String, tokens: Int, heads: Int, headWidth: Int, dropout: Double, tokensRead: TokensRead = .all
  ) {
    enforce(dropout >= 0 && dropout < 1, "dropout needs a probability in [0, 1)")
    self.name = name
    self.tokens = tokens
    self.heads = heads
    self.headWidth = headWidth
    probability = dropout
    self.tokensRead = tokensRead
  }

  func reserve(from memory: LayerMemory<Scalar>) {
    let rows = memory.batchSize * tokens
    let size = heads * headWidth
    output = memory.take(rows: rows, columns: size)
    weights = memory.take(rows: rows * heads, columns: scoreWidth)
    if probability > 0 { factors = memory.take(rows: rows * heads, columns: scoreWidth) }
    inputGradient = memory.takeGradient(rows: rows, columns: 3 * size)
    places = ThreadTeam.count
    scratch = memory.takeScratch(rows: places, columns: shape.scratchCount)
  }

  func forward(_ input: Matrix<Scalar>, in context: StepContext) -> Matrix<Scalar> {
    queries = tokensRead.isFirstAlone(in: context) ? 1 : tokens
    let rows = input.rows / tokens * queries
    guard let output = output?.prefix(rows: rows), let weights, let scratch else {
      fatalError("no memory reserved")
    }
    self.input = input
    isDropping = context.mode != .evaluation && probability > 0
    if isDropping, let factors = factors?.prefix(rows: rows * heads) {
      var stream = RandomStream(streamKey(seed: context.seed), index: context.step)
      let copies = context.copiesSharingMasks
      let drawn = UnsafeMutableBufferPointer(start: factors.elements, count: factors.count / copies)
      if queries < tokens {
        stream.fillDropoutFactors(
          drawn, probability: probability, columns: scoreWidth, firstOfEvery: tokens)
      } else {
        stream.fillDropoutFactors(drawn, probability: probability)
      }
      // The copies of a head follow one another.
      let head = queries * scoreWidth
      Kernels.repeatInPlace(factors.elements, groups: drawn.count / head, of: head, copies: copies)
    }
    shape.attend(
      input, into: output, weights: weights.elements, factors: isDropping ? factors?.elements : nil,
      scratch: scratch.elements, places: places)
    return output
  }

  func backward(_ outputGradient: Matrix<Scalar>, inputGradient needed: Bool) -> Matrix<Scalar>? {
    guard needed else { return nil }
    guard let input, let weights, let scratch, let inputGradient = inputGradient?.prefix(rows: input.rows)
    else { fatalError("a backward pass before any forward pass") }
    shape.differentiate(
      outputGradient, input: input, weights: weights.elements,
      factors: isDropping ? factors?.elements : nil, into: inputGradient, scratch: scratch.elements,
      places: places)
    return inputGradient
  }

  /// Heads are copied as wholes, or every unit inside its head, whichever the clone's shape says.
  func expansion(into clone: any Layer<Scalar>, input: CloningProfile) throws -> LayerExpansion {
    let other = try counterpart(clone, receiving: input)
    try requireEqualTokens(tokens, other.tokens)
    let (copies, groupSize) = try copying(by: other, layer: name)
    try require(input, toBe: CloningProfile(units: inputSize, copies: copies, groupSize: groupSize))
    return LayerExpansion(
      input: input,
      output: CloningProfile(units: heads * headWidth, copies: copies, groupSize: groupSize))
  }

  /// How often and in groups of how many a clone of that shape copies the units of the heads. More heads of the
  /// same width are copies of whole heads. As many heads, each wider, are copies of every unit inside them.
  ///
  /// - Throws: ``CloningError/mismatch(layer:reason:)`` for every other shape.
  func copying(by other: ScaledDotProductAttention, layer: String) throws -> (copies: Int, groupSize: Int) {
    if other.headWidth == headWidth, other.heads % heads == 0 { return (other.heads / heads, headWidth) }
    if other.heads == heads, other.headWidth % headWidth == 0 { return (other.headWidth / headWidth, 1) }
    throw CloningError.mismatch(
      layer: layer,
      reason:
        "\(other.heads) heads of \(other.headWidth) repeat neither the \(heads) heads of \(headWidth) nor "
        + "the units in them")
  }

  private var shape: AttentionShape {
    AttentionShape(
      tokens: tokens, queries: queries, heads: heads, headWidth: headWidth, scoreWidth: scoreWidth)
  }

  private func streamKey(seed: UInt64) -> RandomStream.Key {
    if let key, key.seed == seed { return key.key }
    let fresh = RandomStream.Key(seed: seed, purpose: "dropout/\(name)")
    key = (seed, fresh)
    return fresh
  }
}
