import LinearAlgebra
import Specifications

/// A residual network for small images: a 3×3 stem, stages of basic blocks that halve the image and double the
/// channels from the second stage on, the mean over all pixels, dropout, a linear output layer (paper, appendix B.1.3). The default
/// is ResNet-18.
public struct ResNet: NormalizedModel {
  public static let architecture = "resnet"
  public static let name = "ResNet"
  public static let hasReplaceableUnits = true

  /// Channels of the stem and of the first stage: one number.
  public var channels: [Int]
  /// Blocks of each stage.
  public var blocks: [Int]
  /// Behind every convolution; without it convolutions have biases.
  public var normalization: Normalization
  public var affine: Bool
  /// The probability of dropout before the output layer, in [0, 1).
  public var dropout: Double

  public enum CodingKeys: String, CodingKey, CaseIterable {
    case channels, blocks, normalization, affine, dropout
  }

  /// The paper's unless said otherwise.
  public init(
    channels: [Int] = [64], blocks: [Int] = [2, 2, 2, 2], normalization: Normalization = .batch,
    affine: Bool = true, dropout: Double = 0
  ) {
    self.channels = channels
    self.blocks = blocks
    self.normalization = normalization
    self.affine = affine
    self.dropout = dropout
  }

  public init(from decoder: any Decoder) throws {
    let block = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      normalization: try block.decodeCase(of: Normalization.self, forKey: .normalization),
      affine: try block.decodeIfPresent(Bool.self, forKey: .affine) ?? true,
      dropout: try block.decode(Double.self, forKey: .dropout))
    channels = try block.decodeIfPresent([Int].self, forKey: .channels) ?? channels
    blocks = try block.decodeIfPresent([Int].self, forKey: .blocks) ?? blocks
  }

  public var sizesInWords: String { "\(channels.sizesInWords) channels, \(blocks.sizesInWords) blocks" }

  public func validate() throws(SpecificationProblem) {
    try requireSizes(channels, "channels")
    try requireSizes(blocks, count: 1...8, "blocks")
    guard blocks.allSatisfy({ $0 <= 1_000 }) else {
      throw SpecificationProblem("blocks", "must be numbers between 1 and 1000")
    }
    guard baseChannels << (blocks.count - 1) <= 65_536 else {
      throw SpecificationProblem(
        "channels", "is \(baseChannels), which \(blocks.count) stages double to more than 65536")
    }
  }

  public func widened(by factor: Int) -> ResNet {
    var wide = self
    wide.channels = channels.widened(by: factor)
    return wide
  }

  public func narrowed(by factor: Int) -> ResNet? {
    guard let channels = channels.narrowed(by: factor) else { return nil }
    var narrow = self
    narrow.channels = channels
    return narrow
  }

  /// The layers: `channels_last`, `stem`, `block_1`, `block_2`, …, `pool`, `dropout`, `out`. Dropout that does
  /// nothing is left out.
  public func makeLayers<Scalar: Real>(
    of type: Scalar.Type, for input: InputShape, classes: Int
  ) -> [any Layer<Scalar>] {
    let stem = Stem<Scalar>(
      name: "stem", inputChannels: input.channels, outputChannels: baseChannels, height: input.height,
      width: input.width, normalization: normalization, affine: affine)
    var layers: [any Layer<Scalar>] = [
      ChannelsLast(
        name: "channels_last", channels: input.channels, height: input.height, width: input.width), stem,
    ]
    var (depth, rows, columns) = (baseChannels, stem.outputHeight, stem.outputWidth)
    var number = 0
    for (stage, count) in blocks.enumerated() {
      for index in 0..<count {
        number += 1
        let block = ResidualBlock<Scalar>(
          name: "block_\(number)", inputChannels: depth, outputChannels: baseChannels << stage,
          height: rows, width: columns, stride: stage > 0 && index == 0 ? 2 : 1,
          normalization: normalization, affine: affine)
        layers.append(block)
        (depth, rows, columns) = (baseChannels << stage, block.outputHeight, block.outputWidth)
      }
    }
    layers.append(AdaptiveAveragePooling(name: "pool", channels: depth, height: rows, width: columns))
    if dropout > 0 { layers.append(Dropout(name: "dropout", size: depth, probability: dropout)) }
    layers.append(Linear(name: "out", inputSize: depth, outputSize: classes))
    return layers
  }

  public func multiplications(for input: InputShape, classes: Int) -> (first: Int, rest: Int) {
    var (rows, columns, depth) = (input.height, input.width, baseChannels)
    var rest = 0
    for (stage, count) in blocks.enumerated() {
      let size = baseChannels << stage
      for index in 0..<count {
        if stage > 0, index == 0 {
          (rows, columns) = ((rows + 1) / 2, (columns + 1) / 2)
          rest += rows * columns * depth * size
        }
        rest += rows * columns * 9 * (depth + size) * size
        depth = size
      }
    }
    return (input.height * input.width * 9 * input.channels * baseChannels, rest + depth * classes)
  }

  private var baseChannels: Int { channels.first ?? 1 }
}
