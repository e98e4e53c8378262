import LinearAlgebra
import Specifications

/// A small convolutional network without padding: blocks of convolution, normalisation, activation and maximum over 2×2
/// pixels, then hidden linear layers with normalisation and activation, then a linear output layer.
///
/// Without sizes it is the network of Dohare et al. (Nature 632, 2024) for Continual ImageNet. With kernels 5, 5, channels
/// 16, 16 and hidden sizes 100, 100 it is that of Kumar et al. (arXiv 2308.11958).
public struct ConvNet: NormalizedModel {
  public static let architecture = "convnet"
  public static let name = "ConvNet"
  public static let hasReplaceableUnits = true

  /// Pixels on a side of each convolution's kernel.
  public var kernels: [Int]
  /// Channels of each convolution.
  public var channels: [Int]
  /// Widths of the hidden linear layers; the last one is the representation.
  public var hiddenSizes: [Int]
  /// In front of every activation, over a sample's channels and pixels, or its features.
  public var normalization: Normalization
  public var affine: Bool
  public var activation: ActivationKind
  /// The probability of dropout before the output layer, in [0, 1).
  public var dropout: Double
  /// As of ``CNN``.
  public var copies: Int

  public enum CodingKeys: String, CodingKey, CaseIterable {
    case kernels, channels, hiddenSizes, normalization, affine, activation, dropout, copies
  }

  public init(
    kernels: [Int] = [5, 3, 3], channels: [Int] = [32, 64, 128], hiddenSizes: [Int] = [128, 128],
    normalization: Normalization = .none, affine: Bool = true, activation: ActivationKind = .relu,
    dropout: Double = 0, copies: Int = 1
  ) {
    self.kernels = kernels
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
    kernels = try block.decodeIfPresent([Int].self, forKey: .kernels) ?? kernels
    channels = try block.decodeIfPresent([Int].self, forKey: .channels) ?? channels
    hiddenSizes = try block.decodeIfPresent([Int].self, forKey: .hiddenSizes) ?? hiddenSizes
  }

  public var linearWidths: [Int] { hiddenSizes }
  public var sizesInWords: String {
    let sides = kernels.map { "\($0)×\($0)" }.joined(separator: ", ")
    return "\(sides) to \(channels.sizesInWords) channels, then \(hiddenSizes.sizesInWords)"
      + activation.addition
  }

  public func validate() throws(SpecificationProblem) {
    try requireSizes(kernels, count: 1...8, "kernels")
    try requireSizes(channels, count: 1...8, "channels")
    try requireSizes(hiddenSizes, count: 1...8, "hiddenSizes")
    guard kernels.count == channels.count else {
      throw SpecificationProblem("kernels", "has \(kernels.count) elements, 'channels' \(channels.count)")
    }
    guard kernels.allSatisfy({ $0 <= 64 }) else {
      throw SpecificationProblem("kernels", "must be 64 pixels on a side at most")
    }
    try requireSizes([copies], "copies")
    guard channels.allSatisfy({ $0 % copies == 0 }) else {
      throw SpecificationProblem("copies", "is \(copies), which does not divide every number of channels")
    }
  }

  public func validate(for input: InputShape) throws(SpecificationProblem) {
    guard sides(of: input).allSatisfy({ min($0.pooled.rows, $0.pooled.columns) > 0 }) else {
      throw SpecificationProblem(
        "kernels",
        "leave nothing of images of \(input.height) × \(input.width) pixels, which each convolution makes smaller by "
          + "its kernel and then halves")
    }
  }

  /// Rows and columns behind each convolution, and behind its maximum.
  private func sides(
    of input: InputShape
  ) -> [(convolved: (rows: Int, columns: Int), pooled: (rows: Int, columns: Int))] {
    var (rows, columns) = (input.height, input.width)
    return kernels.map { kernel in
      let convolved = (rows: max(rows - kernel + 1, 0), columns: max(columns - kernel + 1, 0))
      (rows, columns) = (convolved.rows / 2, convolved.columns / 2)
      return (convolved, (rows, columns))
    }
  }

  public func widened(by factor: Int) -> ConvNet {
    var wide = self
    wide.channels = channels.widened(by: factor)
    wide.hiddenSizes = hiddenSizes.widened(by: factor)
    wide.copies = copies.widened(by: factor)
    return wide
  }

  public func narrowed(by factor: Int) -> ConvNet? {
    guard let channels = channels.narrowed(by: factor), let sizes = hiddenSizes.narrowed(by: factor) else {
      return nil
    }
    var narrow = self
    narrow.channels = channels
    narrow.hiddenSizes = sizes
    narrow.copies = max(copies / factor, 1)
    return narrow
  }

  /// The layers: `channels_last`, then `conv_1`, `norm_1`, `act_1`, `pool_1`, …, `flatten`, `linear_1`, `norm_3`,
  /// `act_3`, …, `dropout_1`, `out`; numbers of normalisations and activations go on from convolutions to linear layers.
  /// Layers of normalisation and dropout that do nothing are left out.
  public func makeLayers<Scalar: Real>(
    of type: Scalar.Type, for input: InputShape, classes: Int
  ) -> [any Layer<Scalar>] {
    var (depth, rows, columns) = (input.channels, input.height, input.width)
    var layers: [any Layer<Scalar>] = [
      ChannelsLast(name: "channels_last", channels: depth, height: rows, width: columns)
    ]
    for (index, side) in sides(of: input).enumerated() {
      let (number, size) = (index + 1, channels[index])
      layers.append(
        Convolution(
          name: "conv_\(number)", inputChannels: depth, outputChannels: size, height: rows, width: columns,
          kernel: kernels[index], bias: true, initialization: .uniform))
      layers += activation.makeLayers(
        number: number, size: size, positions: side.convolved.rows * side.convolved.columns,
        after: normalization, affine: affine)
      let pooling = MaxPooling<Scalar>(
        name: "pool_\(number)", channels: size, height: side.convolved.rows, width: side.convolved.columns,
        kernel: 2)
      pooling.rectifier = layers.last as? ReLU<Scalar>
      layers.append(pooling)
      (depth, rows, columns) = (size, side.pooled.rows, side.pooled.columns)
    }
    layers.append(
      FlattenImage(name: "flatten", channels: depth, positions: rows * columns, copies: copies))
    var width = depth * rows * columns
    for (index, size) in hiddenSizes.enumerated() {
      layers.append(Linear(name: "linear_\(index + 1)", inputSize: width, outputSize: size))
      layers += activation.makeLayers(
        number: channels.count + index + 1, size: size, after: normalization, affine: affine)
      width = size
    }
    if dropout > 0 { layers.append(Dropout(name: "dropout_1", size: width, probability: dropout)) }
    layers.append(Linear(name: "out", inputSize: width, outputSize: classes))
    return layers
  }

  public func multiplications(for input: InputShape, classes: Int) -> (first: Int, rest: Int) {
    var depth = input.channels
    var products: [Int] = []
    var last = (rows: 1, columns: 1)
    for (index, side) in sides(of: input).enumerated() {
      let (kernel, size) = (kernels[index], channels[index])
      products.append(side.convolved.rows * side.convolved.columns * kernel * kernel * depth * size)
      (depth, last) = (size, side.pooled)
    }
    let widths = [depth * last.rows * last.columns] + hiddenSizes + [classes]
    products += zip(widths, widths.dropFirst()).map { $0 * $1 }
    return (products[0], products.dropFirst().reduce(0, +))
  }
}
