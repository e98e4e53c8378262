import LinearAlgebra

/// The shape of a plain convolutional network: blocks of convolution 3×3, normalisation, activation and maximum
/// over 2×2 pixels, then a hidden linear layer with activation and dropout, then a linear output layer
/// (paper, appendix B.1.3).
public struct CNNSpecification: Hashable, Sendable, Codable {
  /// Colours of the input.
  public var inputChannels: Int
  /// Pixels of the input.
  public var height: Int
  public var width: Int
  /// Channels of each convolution.
  public var channels: [Int]
  /// Width of the hidden linear layer.
  public var hiddenSize: Int
  public var classes: Int
  /// Between convolutions and their activations; the hidden linear layer has none.
  public var normalization: Normalization
  /// Whether normalisations have trained scales and shifts.
  public var affine: Bool
  public var activation: ActivationKind
  /// The probability of dropout before the output layer, in [0, 1).
  public var dropout: Double
  /// How many adjacent channels are copies of one of the network that this one is a clone of: ``FlattenImage``
  /// keeps them together. 1 for a network that is no clone.
  public var copies: Int

  public init(
    inputChannels: Int = 3, height: Int, width: Int, channels: [Int] = [64, 128, 256], hiddenSize: Int = 512,
    classes: Int, normalization: Normalization = .none, affine: Bool = true,
    activation: ActivationKind = .relu, dropout: Double = 0
  ) {
    self.inputChannels = inputChannels
    self.height = height
    self.width = width
    self.channels = channels
    self.hiddenSize = hiddenSize
    self.classes = classes
    self.normalization = normalization
    self.affine = affine
    self.activation = activation
    self.dropout = dropout
    copies = 1
  }

  /// Values of an input sample: channel after channel, as data sets keep images.
  public var inputSize: Int { inputChannels * height * width }

  /// The layers of a network of this shape: `channels_last`, then `conv_1`, `norm_1`, `act_1`, `pool_1`, …,
  /// `flatten`, `linear_1`, `act_4`, `dropout_1`, `out`. Layers of normalisation and dropout that do nothing are
  /// left out.
  ///
  /// Precondition: every 2×2 maximum finds at least two rows and columns of pixels.
  public func makeLayers<Scalar: Real>(of type: Scalar.Type) -> [any Layer<Scalar>] {
    var layers: [any Layer<Scalar>] = [
      ChannelsLast(name: "channels_last", channels: inputChannels, height: height, width: width)
    ]
    var (depth, rows, columns) = (inputChannels, height, width)
    for (index, size) in channels.enumerated() {
      let number = index + 1
      layers.append(
        Convolution(
          name: "conv_\(number)", inputChannels: depth, outputChannels: size, height: rows, width: columns,
          kernel: 3, stride: 1, padding: 1, bias: true, initialization: .uniform))
      layers += activation.makeLayers(
        number: number, size: size, positions: rows * columns, after: normalization, affine: affine)
      layers.append(
        MaxPooling(name: "pool_\(number)", channels: size, height: rows, width: columns, kernel: 2))
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

  /// The same shape with `factor` times as many channels and hidden units.
  public func cloned(by factor: Int) -> CNNSpecification {
    var wider = self
    wider.channels = channels.map { $0 * factor }
    wider.hiddenSize *= factor
    wider.copies *= factor
    return wider
  }
}
