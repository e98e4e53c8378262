import LinearAlgebra

/// The shape of a vision transformer (Dosovitskiy et al., 2021) with normalisation first, a class token and learned
/// position embedding.
public struct VisionTransformerSpecification: Hashable, Sendable, Codable {
  /// How a clone's attention is widened.
  public enum AttentionCloning: String, Hashable, Sendable, Codable, CaseIterable {
    /// More heads of the same width: exact.
    case duplicatedHeads = "duplicated-heads"
    /// As many heads, each wider, not rescaled, as the paper's released code has it: the clone's scores are √k times
    /// the base's.
    case released
  }

  public var channels: Int
  public var height: Int
  public var width: Int
  public var classes: Int
  /// The extent of a patch in pixels.
  public var patch: Int
  /// Features a token.
  public var size: Int
  public var depth: Int
  public var heads: Int
  /// Features a head.
  public var headWidth: Int
  /// Features of the hidden layer of each block's multilayer perceptron.
  public var hidden: Int
  /// `batch` is over the batch and its tokens for each feature, `layer` over the features of each token.
  public var normalization: Normalization
  /// Whether normalisation has trained scale and shift.
  public var affine: Bool
  /// The probability of dropout after the position embedding, on attention weights, on the output of attention, and
  /// after both linear layers of each multilayer perceptron, in [0, 1).
  public var dropout: Double

  /// The paper's transformer unless said otherwise: patches of 8 × 8, 384 features, 6 blocks of 6 heads.
  public init(
    channels: Int = 3, height: Int, width: Int, classes: Int, patch: Int = 8, size: Int = 384, depth: Int = 6,
    heads: Int = 6, headWidth: Int = 64, hidden: Int = 1536, normalization: Normalization = .layer,
    affine: Bool = true, dropout: Double = 0
  ) {
    self.channels = channels
    self.height = height
    self.width = width
    self.classes = classes
    self.patch = patch
    self.size = size
    self.depth = depth
    self.heads = heads
    self.headWidth = headWidth
    self.hidden = hidden
    self.normalization = normalization
    self.affine = affine
    self.dropout = dropout
  }

  /// Tokens a sample, the class token included.
  public var tokens: Int { (height / patch) * (width / patch) + 1 }

  /// The layers of a network of this shape: `patch_embedding`, `class_token`, `position_embedding`,
  /// `position_dropout`, `block_1`, …, `norm`, `token`, `out`. Layers of normalisation and dropout that do nothing
  /// are left out. Its input is samples × (channels · height · width), channel after channel.
  ///
  /// In training the last block, `norm` and `token` have one row a sample unless normalisation is over the batch.
  public func makeLayers<Scalar: Real>(of type: Scalar.Type) -> [any Layer<Scalar>] {
    func makeNormalization(_ name: String) -> (any Layer<Scalar>)? {
      switch normalization {
      case .none: nil
      case .batch: BatchNormalization<Scalar>(name: name, size: size, positions: tokens, affine: affine)
      case .layer: LayerNormalization<Scalar>(name: name, size: size, positions: tokens, affine: affine)
      }
    }
    var layers: [any Layer<Scalar>] = [
      PatchEmbedding(
        name: "patch_embedding", channels: channels, height: height, width: width, patch: patch, size: size),
      ClassToken(name: "class_token", size: size, tokens: tokens - 1),
      PositionEmbedding(name: "position_embedding", size: size, tokens: tokens),
    ]
    if dropout > 0 {
      layers.append(
        Dropout(name: "position_dropout", size: size, probability: dropout, positions: tokens))
    }
    for index in 0..<depth {
      let tokensRead = index == depth - 1 ? lastTokensRead : .all
      layers.append(
        TransformerBlock(
          name: "block_\(index + 1)", size: size, tokens: tokens, heads: heads, headWidth: headWidth,
          hidden: hidden, dropout: dropout, tokensRead: tokensRead, makeNormalization: makeNormalization))
    }
    if let norm = makeNormalization("norm") { layers.append(norm) }
    layers.append(TakeFirstToken(name: "token", size: size, tokens: tokens, tokensRead: lastTokensRead))
    layers.append(
      Linear(
        name: "out", inputSize: size, outputSize: classes,
        initialization: .normal(standardDeviation: 0.02)))
    return layers
  }

  /// Which tokens of the last block are read: only batch statistics are about those behind the first.
  var lastTokensRead: TokensRead { depth > 0 && normalization != .batch ? .firstInTraining : .all }

  /// The same shape with `factor` times as many features everywhere between input and output.
  public func cloned(
    by factor: Int, attention: AttentionCloning = .duplicatedHeads
  ) -> VisionTransformerSpecification {
    var wider = self
    wider.size *= factor
    wider.hidden *= factor
    switch attention {
    case .duplicatedHeads: wider.heads *= factor
    case .released: wider.headWidth *= factor
    }
    return wider
  }
}
