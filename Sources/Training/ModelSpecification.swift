import ImageBatches
import LinearAlgebra
import NeuralNetwork
import PreparedImages

/// Which network a run trains: the `model` object of a chapter's block.
///
/// What an architecture does not have is absent. Sizes that are absent although it has them are the paper's.
public struct ModelSpecification: Codable, Hashable, Sendable {
  /// `mlp`, `cnn`, `resnet` or `vit`.
  public var architecture: String
  /// Widths of the hidden linear layers: those of the MLP, the one of the CNN.
  public var hiddenSizes: [Int]?
  /// Channels of the CNN's convolutions; those of the ResNet's first stage, doubled by each further one.
  public var channels: [Int]?
  /// Blocks of each of the ResNet's stages.
  public var blocks: [Int]?
  /// Features of a token of the transformer; the hidden layer of a block is four times as wide.
  public var embeddingSize: Int?
  /// Features of an attention head, of which there are `embeddingSize / headWidth`.
  public var headWidth: Int?
  /// Blocks of the transformer.
  public var depth: Int?
  /// Pixels across a patch of the transformer.
  public var patchSize: Int?
  /// `batch`, `layer` or `none`.
  public var normalization: String
  /// Whether normalisation has trained scales and shifts; it has if absent.
  public var affine: Bool?
  /// How many adjacent channels of the CNN are copies of one since the network was made anew: ``widened(by:)`` sets it,
  /// and flattening keeps them together. One if absent.
  public var copies: Int?
  /// Dropout probability, in [0, 1): after every hidden activation of the MLP and the CNN's last, before the
  /// ResNet's output, everywhere in the transformer.
  public var dropout: Double

  public init(
    architecture: String, hiddenSizes: [Int]? = nil, channels: [Int]? = nil, blocks: [Int]? = nil,
    embeddingSize: Int? = nil, headWidth: Int? = nil, depth: Int? = nil, patchSize: Int? = nil,
    normalization: String, affine: Bool? = nil, copies: Int? = nil, dropout: Double
  ) {
    self.architecture = architecture
    self.hiddenSizes = hiddenSizes
    self.channels = channels
    self.blocks = blocks
    self.embeddingSize = embeddingSize
    self.headWidth = headWidth
    self.depth = depth
    self.patchSize = patchSize
    self.normalization = normalization
    self.affine = affine
    self.copies = copies
    self.dropout = dropout
  }

  /// Rejects what no network can be built from.
  public func validate() throws(SpecificationProblem) {
    guard let allowed = Self.sizes[architecture] else {
      throw SpecificationProblem(
        "model.architecture",
        "is '\(architecture)'; known: \(Self.sizes.keys.sorted().joined(separator: ", "))")
    }
    let present: [(String, [Int]?)] = [
      ("hiddenSizes", hiddenSizes), ("channels", channels), ("blocks", blocks),
      ("embeddingSize", embeddingSize.map { [$0] }), ("headWidth", headWidth.map { [$0] }),
      ("depth", depth.map { [$0] }), ("patchSize", patchSize.map { [$0] }),
      ("copies", copies.map { [$0] }),
    ]
    for (name, values) in present {
      guard let values else { continue }
      guard let count = allowed[name] else {
        throw SpecificationProblem("model.\(name)", "does not belong to '\(architecture)'")
      }
      guard count.contains(values.count), values.allSatisfy({ (1...65_536).contains($0) }) else {
        throw SpecificationProblem(
          "model.\(name)",
          "needs \(count.upperBound == 1 ? "one number" : "one or more numbers") between 1 and 65536")
      }
    }
    if architecture == "mlp", hiddenSizes == nil {
      throw SpecificationProblem("model.hiddenSizes", "is missing")
    }
    if architecture == "vit" {
      let (size, width) = (filled.embeddingSize ?? 0, filled.headWidth ?? 1)
      guard size % width == 0 else {
        throw SpecificationProblem(
          "model.embeddingSize", "is \(size); it must be a multiple of the width of a head, \(width)")
      }
    }
    guard ["batch", "layer", "none"].contains(normalization) else {
      throw SpecificationProblem("model.normalization", "is '\(normalization)'; known: batch, layer, none")
    }
    guard dropout >= 0, dropout < 1 else {
      throw SpecificationProblem("model.dropout", "is \(dropout); it must lie in [0, 1)")
    }
  }

  /// The keys of sizes that an architecture has, with how many numbers each may hold.
  private static let sizes: [String: [String: ClosedRange<Int>]] = [
    "mlp": ["hiddenSizes": 1...64],
    "cnn": ["channels": 1...8, "hiddenSizes": 1...1, "copies": 1...1],
    "resnet": ["channels": 1...1, "blocks": 1...8],
    "vit": ["embeddingSize": 1...1, "headWidth": 1...1, "depth": 1...1, "patchSize": 1...1],
  ]

  /// Rejects what is too small for images of `shape`, or does not divide them.
  public func validate(for shape: ImageShape) throws(SpecificationProblem) {
    switch architecture {
    case "cnn":
      let halvings = filled.channels?.count ?? 0
      guard min(shape.height, shape.width) >> halvings > 0 else {
        throw SpecificationProblem(
          "model.channels",
          "has \(halvings) convolutions, each followed by halving: too many for images of "
            + "\(shape.height) × \(shape.width) pixels")
      }
    case "vit":
      let patch = filled.patchSize ?? 1
      guard shape.height % patch == 0, shape.width % patch == 0 else {
        throw SpecificationProblem(
          "model.patchSize",
          "is \(patch), which does not divide images of \(shape.height) × \(shape.width) pixels")
      }
    default: break
    }
  }

  /// The same model with every width between input and output times `factor`.
  public func widened(by factor: Int) -> ModelSpecification {
    var wide = filled
    wide.hiddenSizes = wide.hiddenSizes?.map { $0 * factor }
    wide.channels = wide.channels?.map { $0 * factor }
    wide.embeddingSize = wide.embeddingSize.map { $0 * factor }
    if architecture == "cnn" { wide.copies = (copies ?? 1) * factor }
    return wide
  }

  /// The same model with every width divided by `factor`, or nil if one is no multiple of it.
  public func narrowed(by factor: Int) -> ModelSpecification? {
    guard factor > 1 else { return self }
    var narrow = filled
    let widths =
      (narrow.hiddenSizes ?? []) + (narrow.channels ?? []) + (narrow.embeddingSize.map { [$0] } ?? [])
    guard widths.allSatisfy({ $0 % factor == 0 }) else { return nil }
    if let size = narrow.embeddingSize, let width = narrow.headWidth, size / factor % width != 0 {
      return nil
    }
    narrow.hiddenSizes = narrow.hiddenSizes?.map { $0 / factor }
    narrow.channels = narrow.channels?.map { $0 / factor }
    narrow.embeddingSize = narrow.embeddingSize.map { $0 / factor }
    narrow.copies = copies.flatMap { $0 > factor ? $0 / factor : nil }
    return narrow
  }

  /// With the paper's sizes where there are none.
  private var filled: ModelSpecification {
    var full = self
    switch architecture {
    case "cnn":
      full.channels = channels ?? [64, 128, 256]
      full.hiddenSizes = hiddenSizes ?? [512]
    case "resnet":
      full.channels = channels ?? [64]
      full.blocks = blocks ?? [2, 2, 2, 2]
    case "vit":
      full.embeddingSize = embeddingSize ?? 384
      full.headWidth = headWidth ?? 64
      full.depth = depth ?? 6
      full.patchSize = patchSize ?? 8
    default: break
    }
    return full
  }

  /// The engine's description, for images of a shape and so many classes.
  ///
  /// Precondition: the specification is valid.
  public func network(for shape: ImageShape, classes: Int) -> any NetworkSpecification {
    let full = filled
    let normalization = Normalization(rawValue: normalization) ?? .none
    let affine = affine ?? true
    switch architecture {
    case "cnn":
      var network = CNNSpecification(
        inputChannels: shape.channels, height: shape.height, width: shape.width,
        channels: full.channels ?? [], hiddenSize: full.hiddenSizes?.first ?? 1, classes: classes,
        normalization: normalization, affine: affine, dropout: dropout)
      network.copies = copies ?? 1
      return network
    case "resnet":
      return ResNetSpecification(
        inputChannels: shape.channels, height: shape.height, width: shape.width,
        baseChannels: full.channels?.first ?? 1, blocks: full.blocks ?? [], classes: classes,
        normalization: normalization, affine: affine, dropout: dropout)
    case "vit":
      let (size, headWidth) = (full.embeddingSize ?? 1, full.headWidth ?? 1)
      return VisionTransformerSpecification(
        channels: shape.channels, height: shape.height, width: shape.width, classes: classes,
        patch: full.patchSize ?? 1, size: size, depth: full.depth ?? 1, heads: size / headWidth,
        headWidth: headWidth, hidden: 4 * size, normalization: normalization, affine: affine,
        dropout: dropout)
    default: return mlp(inputSize: shape.count, classes: classes)
    }
  }

  /// The description of an MLP, for images of `inputSize` values and `classes` classes.
  public func mlp(inputSize: Int, classes: Int) -> MLPSpecification {
    MLPSpecification(
      inputSize: inputSize, hiddenSizes: hiddenSizes ?? [], classes: classes,
      normalization: Normalization(rawValue: normalization) ?? .none, affine: affine ?? true, dropout: dropout
    )
  }

  /// A new network, its parameters zero, for images of a shape and `classes` classes.
  public func makeNetwork<Scalar: Real>(
    of type: Scalar.Type, shape: ImageShape, classes: Int
  ) -> Network<Scalar> {
    network(for: shape, classes: classes).makeNetwork(of: type)
  }
}
