/// A perceptron for vectors of a size.
public typealias MLPSpecification = ShapedModel<MLP>
/// A convolutional network for images of a size.
public typealias CNNSpecification = ShapedModel<CNN>
/// A residual network for images of a size.
public typealias ResNetSpecification = ShapedModel<ResNet>
/// A vision transformer for images of a size.
public typealias VisionTransformerSpecification = ShapedModel<VisionTransformer>

extension ShapedModel<MLP> {
  /// Model, input and classes in one: the arguments are those of ``MLP`` and ``InputShape``.
  public init(
    inputSize: Int, hiddenSizes: [Int], classes: Int, normalization: Normalization = .none,
    affine: Bool = true, activation: ActivationKind = .relu, dropout: Double = 0
  ) {
    self.init(
      MLP(
        hiddenSizes: hiddenSizes, normalization: normalization, affine: affine, activation: activation,
        dropout: dropout),
      input: InputShape(count: inputSize), classes: classes)
  }
}

extension ShapedModel<CNN> {
  /// Model, input and classes in one: the arguments are those of ``CNN`` and ``InputShape``.
  public init(
    inputChannels: Int = 3, height: Int, width: Int, channels: [Int] = [64, 128, 256], hiddenSize: Int = 512,
    classes: Int, normalization: Normalization = .none, affine: Bool = true,
    activation: ActivationKind = .relu, dropout: Double = 0
  ) {
    self.init(
      CNN(
        channels: channels, hiddenSizes: [hiddenSize], normalization: normalization, affine: affine,
        activation: activation, dropout: dropout),
      input: InputShape(channels: inputChannels, height: height, width: width), classes: classes)
  }
}

extension ShapedModel<ResNet> {
  /// Model, input and classes in one: the arguments are those of ``ResNet`` and ``InputShape``.
  public init(
    inputChannels: Int = 3, height: Int, width: Int, baseChannels: Int = 64, blocks: [Int] = [2, 2, 2, 2],
    classes: Int, normalization: Normalization = .batch, affine: Bool = true, dropout: Double = 0
  ) {
    self.init(
      ResNet(
        channels: [baseChannels], blocks: blocks, normalization: normalization, affine: affine,
        dropout: dropout),
      input: InputShape(channels: inputChannels, height: height, width: width), classes: classes)
  }
}

extension ShapedModel<VisionTransformer> {
  public typealias AttentionCloning = VisionTransformer.AttentionCloning

  /// Model, input and classes in one: the arguments are those of ``VisionTransformer`` and ``InputShape``.
  public init(
    channels: Int = 3, height: Int, width: Int, classes: Int, patch: Int = 8, size: Int = 384, depth: Int = 6,
    heads: Int = 6, headWidth: Int = 64, hidden: Int = 1536, normalization: Normalization = .layer,
    affine: Bool = true, dropout: Double = 0
  ) {
    self.init(
      VisionTransformer(
        embeddingSize: size, headWidth: headWidth, heads: heads, feedForwardSize: hidden, depth: depth,
        patchSize: patch, normalization: normalization, affine: affine, dropout: dropout),
      input: InputShape(channels: channels, height: height, width: width), classes: classes)
  }

  /// Tokens a sample, the class token included.
  public var tokens: Int { model.tokens(for: input) }

  /// The same shape with `factor` times as many features everywhere between input and output.
  public func cloned(by factor: Int, attention: AttentionCloning) -> ShapedModel {
    var base = self
    base.model.attentionCloning = attention
    return base.cloned(by: factor)
  }
}
