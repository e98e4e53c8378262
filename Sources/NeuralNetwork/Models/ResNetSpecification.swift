import LinearAlgebra

/// The shape of a residual network for small images: a 3×3 stem, stages of basic blocks that halve the image and
/// double the channels from the second stage on, the mean over all pixels, dropout, a linear output layer
/// (paper, appendix B.1.3). The default is ResNet-18.
public struct ResNetSpecification: Hashable, Sendable, Codable {
  /// Colours of the input.
  public var inputChannels: Int
  /// Pixels of the input.
  public var height: Int
  public var width: Int
  /// Channels of the stem and of the first stage.
  public var baseChannels: Int
  /// Blocks of each stage.
  public var blocks: [Int]
  public var classes: Int
  /// Behind every convolution; without it convolutions have biases.
  public var normalization: Normalization
  /// Whether normalisations have trained scales and shifts.
  public var affine: Bool
  /// The probability of dropout before the output layer, in [0, 1).
  public var dropout: Double

  public init(
    inputChannels: Int = 3, height: Int, width: Int, baseChannels: Int = 64, blocks: [Int] = [2, 2, 2, 2],
    classes: Int, normalization: Normalization = .batch, affine: Bool = true, dropout: Double = 0
  ) {
    self.inputChannels = inputChannels
    self.height = height
    self.width = width
    self.baseChannels = baseChannels
    self.blocks = blocks
    self.classes = classes
    self.normalization = normalization
    self.affine = affine
    self.dropout = dropout
  }

  /// Values of an input sample: channel after channel, as data sets keep images.
  public var inputSize: Int { inputChannels * height * width }

  /// The layers of a network of this shape: `channels_last`, `stem`, `block_1`, `block_2`, …, `pool`,
  /// `dropout`, `out`. Dropout that does nothing is left out.
  public func makeLayers<Scalar: Real>(of type: Scalar.Type) -> [any Layer<Scalar>] {
    let stem = Stem<Scalar>(
      name: "stem", inputChannels: inputChannels, outputChannels: baseChannels, height: height, width: width,
      normalization: normalization, affine: affine)
    var layers: [any Layer<Scalar>] = [
      ChannelsLast(name: "channels_last", channels: inputChannels, height: height, width: width), stem,
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

  /// The same shape with `factor` times as many channels everywhere.
  public func cloned(by factor: Int) -> ResNetSpecification {
    var wider = self
    wider.baseChannels *= factor
    return wider
  }
}
