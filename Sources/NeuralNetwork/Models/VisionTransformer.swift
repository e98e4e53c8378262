import LinearAlgebra
import Specifications

/// A vision transformer (Dosovitskiy et al., 2021) with normalisation first, a class token and learned position
/// embedding.
public struct VisionTransformer: NormalizedModel {
  public static let architecture = "vit"
  public static let name = "ViT"

  /// How a clone's attention is widened.
  public enum AttentionCloning: String, Hashable, Sendable, Codable, CaseIterable {
    /// More heads of the same width: exact.
    case duplicatedHeads
    /// As many heads, each wider, not rescaled, as the paper's released code has it: the clone's scores are √k times
    /// the base's, so that copies stay copies, but those of another network.
    case released
  }

  /// Features a token.
  public var embeddingSize: Int
  /// Features a head.
  public var headWidth: Int
  /// Heads; as many as make up ``embeddingSize`` if nil.
  public var heads: Int?
  /// Features of the hidden layer of each block's multilayer perceptron; four times ``embeddingSize`` if nil.
  public var feedForwardSize: Int?
  /// Blocks.
  public var depth: Int
  /// The extent of a patch in pixels.
  public var patchSize: Int
  /// `batch` is over the batch and its tokens for each feature, `layer` over the features of each token.
  public var normalization: Normalization
  public var affine: Bool
  /// The probability of dropout after the position embedding, on attention weights, on the output of attention, and
  /// after both linear layers of each multilayer perceptron, in [0, 1).
  public var dropout: Double
  public var attentionCloning: AttentionCloning

  public enum CodingKeys: String, CodingKey, CaseIterable {
    case embeddingSize, headWidth, heads, feedForwardSize, depth, patchSize, normalization, affine, dropout,
      attentionCloning
  }

  /// The paper's unless said otherwise: patches of 8 × 8, 384 features, 6 blocks of 6 heads.
  public init(
    embeddingSize: Int = 384, headWidth: Int = 64, heads: Int? = nil, feedForwardSize: Int? = nil,
    depth: Int = 6, patchSize: Int = 8, normalization: Normalization = .layer, affine: Bool = true,
    dropout: Double = 0, attentionCloning: AttentionCloning = .duplicatedHeads
  ) {
    self.embeddingSize = embeddingSize
    self.headWidth = headWidth
    self.heads = heads
    self.feedForwardSize = feedForwardSize
    self.depth = depth
    self.patchSize = patchSize
    self.normalization = normalization
    self.affine = affine
    self.dropout = dropout
    self.attentionCloning = attentionCloning
  }

  public init(from decoder: any Decoder) throws {
    let block = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      heads: try block.decodeIfPresent(Int.self, forKey: .heads),
      feedForwardSize: try block.decodeIfPresent(Int.self, forKey: .feedForwardSize),
      normalization: try block.decodeCase(of: Normalization.self, forKey: .normalization),
      affine: try block.decodeIfPresent(Bool.self, forKey: .affine) ?? true,
      dropout: try block.decode(Double.self, forKey: .dropout))
    embeddingSize = try block.decodeIfPresent(Int.self, forKey: .embeddingSize) ?? embeddingSize
    headWidth = try block.decodeIfPresent(Int.self, forKey: .headWidth) ?? headWidth
    depth = try block.decodeIfPresent(Int.self, forKey: .depth) ?? depth
    patchSize = try block.decodeIfPresent(Int.self, forKey: .patchSize) ?? patchSize
    if block.contains(.attentionCloning), !(try block.decodeNil(forKey: .attentionCloning)) {
      attentionCloning = try block.decodeCase(of: AttentionCloning.self, forKey: .attentionCloning)
    }
  }

  /// Also how its clones are widened, which says nothing of the network itself.
  public func continued(as later: VisionTransformer) -> VisionTransformer {
    var model = self
    model.dropout = later.dropout
    model.attentionCloning = later.attentionCloning
    return model
  }

  public var isClonedExactly: Bool { attentionCloning == .duplicatedHeads }

  public var sizesInWords: String {
    "\(depth) blocks of \(embeddingSize), \(headCount) heads, patch \(patchSize)"
  }

  public func validate() throws(SpecificationProblem) {
    let sizes: [(String, Int?)] = [
      ("embeddingSize", embeddingSize), ("headWidth", headWidth), ("heads", heads),
      ("feedForwardSize", feedForwardSize), ("depth", depth), ("patchSize", patchSize),
    ]
    for (key, size) in sizes {
      if let size { try requireSizes([size], key) }
    }
    try require(depth, in: 1...1_000, "depth")
    guard heads != nil || embeddingSize % headWidth == 0 else {
      throw SpecificationProblem(
        "embeddingSize", "is \(embeddingSize); it must be a multiple of the width of a head, \(headWidth)")
    }
    guard headCount * headWidth <= 65_536 else {
      throw SpecificationProblem(
        "heads", "is \(headCount); with \(headWidth) features each there are more than 65536")
    }
  }

  public func validate(for input: InputShape) throws(SpecificationProblem) {
    guard input.height % patchSize == 0, input.width % patchSize == 0 else {
      throw SpecificationProblem(
        "patchSize",
        "is \(patchSize), which does not divide images of \(input.height) × \(input.width) pixels")
    }
  }

  public func widened(by factor: Int) -> VisionTransformer {
    var wide = self
    wide.embeddingSize = embeddingSize.widened(by: factor)
    wide.feedForwardSize = feedForwardSize?.widened(by: factor)
    switch attentionCloning {
    case .duplicatedHeads: wide.heads = heads?.widened(by: factor)
    case .released: wide.headWidth = headWidth.widened(by: factor)
    }
    return wide
  }

  public func narrowed(by factor: Int) -> VisionTransformer? {
    var narrow = self
    guard let size = embeddingSize.narrowed(by: factor) else { return nil }
    narrow.embeddingSize = size
    if let hidden = feedForwardSize {
      guard let hidden = hidden.narrowed(by: factor) else { return nil }
      narrow.feedForwardSize = hidden
    }
    switch attentionCloning {
    case .duplicatedHeads:
      if let heads {
        guard let heads = heads.narrowed(by: factor) else { return nil }
        narrow.heads = heads
      } else if size % headWidth != 0 {
        return nil
      }
    case .released:
      guard let width = headWidth.narrowed(by: factor) else { return nil }
      narrow.headWidth = width
    }
    return narrow
  }

  /// The layers: `patch_embedding`, `class_token`, `position_embedding`, `position_dropout`, `block_1`, …, `norm`,
  /// `token`, `out`. Layers of normalisation and dropout that do nothing are left out. Its input is samples ×
  /// (channels · height · width), channel after channel.
  ///
  /// In training the last block, `norm` and `token` have one row a sample unless normalisation is over the batch.
  public func makeLayers<Scalar: Real>(
    of type: Scalar.Type, for input: InputShape, classes: Int
  ) -> [any Layer<Scalar>] {
    let tokens = tokens(for: input)
    func makeNormalization(_ name: String) -> (any Layer<Scalar>)? {
      switch normalization {
      case .none: nil
      case .batch:
        BatchNormalization<Scalar>(name: name, size: embeddingSize, positions: tokens, affine: affine)
      case .layer:
        LayerNormalization<Scalar>(name: name, size: embeddingSize, positions: tokens, affine: affine)
      }
    }
    var layers: [any Layer<Scalar>] = [
      PatchEmbedding(
        name: "patch_embedding", channels: input.channels, height: input.height, width: input.width,
        patch: patchSize, size: embeddingSize),
      ClassToken(name: "class_token", size: embeddingSize, tokens: tokens - 1),
      PositionEmbedding(name: "position_embedding", size: embeddingSize, tokens: tokens),
    ]
    if dropout > 0 {
      layers.append(
        Dropout(name: "position_dropout", size: embeddingSize, probability: dropout, positions: tokens))
    }
    for index in 0..<depth {
      let tokensRead = index == depth - 1 ? lastTokensRead : .all
      layers.append(
        TransformerBlock(
          name: "block_\(index + 1)", size: embeddingSize, tokens: tokens, heads: headCount,
          headWidth: headWidth, hidden: hiddenSize, dropout: dropout, tokensRead: tokensRead,
          makeNormalization: makeNormalization))
    }
    if let norm = makeNormalization("norm") { layers.append(norm) }
    layers.append(
      TakeFirstToken(name: "token", size: embeddingSize, tokens: tokens, tokensRead: lastTokensRead))
    layers.append(
      Linear(
        name: "out", inputSize: embeddingSize, outputSize: classes,
        initialization: .normal(standardDeviation: 0.02)))
    return layers
  }

  public func multiplications(for input: InputShape, classes: Int) -> (first: Int, rest: Int) {
    let (tokens, inner) = (tokens(for: input), headCount * headWidth)
    /// Of a block in which so many tokens ask and go on.
    func block(queries: Int) -> Int {
      let keysAndValues = tokens * embeddingSize * 2 * inner
      let behind =
        embeddingSize * inner + 2 * tokens * inner + inner * embeddingSize + 2 * embeddingSize * hiddenSize
      return keysAndValues + queries * behind
    }
    let last = block(queries: lastTokensRead == .all ? tokens : 1)
    let blocks = depth > 0 ? (depth - 1) * block(queries: tokens) + last : 0
    return (
      (tokens - 1) * input.channels * patchSize * patchSize * embeddingSize, blocks + embeddingSize * classes
    )
  }

  /// Tokens a sample, the class token included.
  func tokens(for input: InputShape) -> Int {
    (input.height / patchSize) * (input.width / patchSize) + 1
  }

  /// Which tokens of the last block are read: only batch statistics are about those behind the first.
  var lastTokensRead: TokensRead { depth > 0 && normalization != .batch ? .firstInTraining : .all }

  private var headCount: Int { heads ?? embeddingSize / headWidth }
  private var hiddenSize: Int { feedForwardSize ?? 4 * embeddingSize }
}
