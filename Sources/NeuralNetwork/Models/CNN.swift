import LinearAlgebra
import Specifications

/// A plain convolutional network: blocks of convolution 3×3, normalisation, activation and maximum over 2×2 pixels,
/// then a hidden linear layer with activation and dropout, then a linear output layer (paper, appendix B.1.3).
public struct CNN: NormalizedModel {
  public static let architecture = "cnn"
  public static let name = "CNN"
  public static let hasReplaceableUnits = true

  /// Channels of each convolution.
  public var channels: [Int]
  /// Width of the hidden linear layer: one number.
  public var hiddenSizes: [Int]
  /// Between convolutions and their activations; the hidden linear layer has none.
  public var normalization: Normalization
  public var affine: Bool
  public var activation: ActivationKind
  /// The probability of dropout before the output layer, in [0, 1).
  public var dropout: Double
  /// How many adjacent channels are copies of one of the network that this one is a clone of: ``FlattenImage``
  /// keeps them together. 1 for a network that is no clone.
  public var copies: Int

  public enum CodingKeys: String, CodingKey, CaseIterable {
    case channels, hiddenSizes, normalization, affine, activation, dropout, copies
  }

  /// The paper's unless said otherwise.
  public init(
    channels: [Int] = [64, 128, 256], hiddenSizes: [Int] = [512], normalization: Normalization = .none,
    affine: Bool = true, activation: ActivationKind = .relu, dropout: Double = 0, copies: Int = 1
  ) {
    self.channels = channels
    self.hiddenSizes = hiddenSizes
    self.normalization = normalization
    self.affine = affine
    self.activation = activation
    self.dropout = dropout
    self.copies = copies
  }

  public init(from decoder: any Decoder) throws {
    let block = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      normalization: try block.decodeCase(of: Normalization.self, forKey: .normalization),
      affine: try block.decodeIfPresent(Bool.self, forKey: .affine) ?? true,
      activation: try block.decodeIfPresent(ActivationKind.self, forKey: .activation) ?? .relu,
      dropout: try block.decode(Double.self, forKey: .dropout),
      copies: try block.decodeIfPresent(Int.self, forKey: .copies) ?? 1)
    channels = try block.decodeIfPresent([Int].self, forKey: .channels) ?? channels
    hiddenSizes = try block.decodeIfPresent([Int].self, forKey: .hiddenSizes) ?? hiddenSizes
  }

  public var linearWidths: [Int] { hiddenSizes }
  public var sizesInWords: String {
    "\(channels.sizesInWords) channels, then \(hiddenSizes.sizesInWords)" + activation.addition
  }

  public func validate() throws(SpecificationProblem) {
    try requireSizes(channels, count: 1...8, "channels")
    try requireSizes(hiddenSizes, "hiddenSizes")
    try requireSizes([copies], "copies")
    guard channels.allSatisfy({ $0 % copies == 0 }) else {
      throw SpecificationProblem("copies", "is \(copies), which does not divide every number of channels")
    }
  }

  public func validate(for input: InputShape) throws(SpecificationProblem) {
    guard min(input.height, input.width) >> channels.count > 0 else {
      throw SpecificationProblem(
        "channels",
        "has \(channels.count) convolutions, each followed by halving: too many for images of "
          + "\(input.height) × \(input.width) pixels")
    }
  }

  public func widened(by factor: Int) -> CNN {
    var wide = self
    wide.channels = channels.widened(by: factor)
    wide.hiddenSizes = hiddenSizes.widened(by: factor)
    wide.copies = copies.widened(by: factor)
    return wide
  }

  public func narrowed(by factor: Int) -> CNN? {
    guard let channels = channels.narrowed(by: factor), let sizes = hiddenSizes.narrowed(by: factor) else {
      return nil
    }
    var narrow = self
    narrow.channels = channels
    narrow.hiddenSizes = sizes
    narrow.copies = max(copies / factor, 1)
    return narrow
  }

  /// The layers: `channels_last`, then `conv_1`, `norm_1`, `act_1`, `pool_1`, …, `flatten`, `linear_1`, `act_4`,
  /// `dropout_1`, `out`. Layers of normalisation and dropout that do nothing are left out.
  public func makeLayers<Scalar: Real>(
    of type: Scalar.Type, for input: InputShape, classes: Int
  ) -> [any Layer<Scalar>] {
    var (depth, rows, columns) = (input.channels, input.height, input.width)
    var layers: [any Layer<Scalar>] = [
      ChannelsLast(name: "channels_last", channels: depth, height: rows, width: columns)
    ]
    for (index, size) in channels.enumerated() {
      let number = index + 1
      layers.append(
        Convolution(
          name: "conv_\(number)", inputChannels: depth, outputChannels: size, height: rows, width: columns,
          kernel: 3, stride: 1, padding: 1, bias: true, initialization: .uniform))
      layers += activation.makeLayers(
        number: number, size: size, positions: rows * columns, after: normalization, affine: affine)
      let pooling = MaxPooling<Scalar>(
        name: "pool_\(number)", channels: size, height: rows, width: columns, kernel: 2)
      pooling.rectifier = layers.last as? ReLU<Scalar>
      layers.append(pooling)
      (depth, rows, columns) = (size, rows / 2, columns / 2)
    }
    layers.append(
      FlattenImage(name: "flatten", channels: depth, positions: rows * columns, copies: copies))
    layers.append(Linear(name: "linear_1", inputSize: depth * rows * columns, outputSize: hiddenSize))
    layers.append(activation.makeLayer(name: "act_\(channels.count + 1)", size: hiddenSize))
    if dropout > 0 {
      layers.append(Dropout(name: "dropout_1", size: hiddenSize, probability: dropout))
    }
    layers.append(Linear(name: "out", inputSize: hiddenSize, outputSize: classes))
    return layers
  }

  public func multiplications(for input: InputShape, classes: Int) -> (first: Int, rest: Int) {
    var (rows, columns, depth) = (input.height, input.width, input.channels)
    var products: [Int] = []
    for size in channels {
      products.append(rows * columns * 9 * depth * size)
      (rows, columns, depth) = (rows / 2, columns / 2, size)
    }
    let linear = rows * columns * depth * hiddenSize + hiddenSize * classes
    return (products.first ?? 0, products.dropFirst().reduce(linear, +))
  }

  private var hiddenSize: Int { hiddenSizes.first ?? 1 }
}
