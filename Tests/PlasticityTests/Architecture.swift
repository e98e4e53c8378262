import NeuralNetwork

/// A small network of every kind.
enum Architecture: String, CaseIterable, Sendable {
  case perceptron, convolutional, residual, transformer

  func specification(
    normalization: Normalization, affine: Bool = true, dropout: Double = 0
  ) -> any NetworkSpecification {
    switch self {
    case .perceptron:
      MLPSpecification(
        inputSize: 7, hiddenSizes: [10, 9, 8], classes: 4, normalization: normalization, affine: affine,
        dropout: dropout)
    case .convolutional:
      CNNSpecification(
        height: 9, width: 8, channels: [3, 5], hiddenSize: 6, classes: 4, normalization: normalization,
        affine: affine, dropout: dropout)
    case .residual:
      ResNetSpecification(
        height: 6, width: 5, baseChannels: 2, classes: 4, normalization: normalization, affine: affine,
        dropout: dropout)
    case .transformer:
      VisionTransformerSpecification(
        height: 8, width: 12, classes: 4, patch: 4, size: 10, depth: 2, heads: 2, headWidth: 6, hidden: 14,
        normalization: normalization, affine: affine, dropout: dropout)
    }
  }
}
