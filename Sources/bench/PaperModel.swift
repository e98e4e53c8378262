import LinearAlgebra
import NeuralNetwork

/// One of the paper's four networks.
enum PaperModel: String, CaseIterable {
  case mlp, cnn, resnet, vit

  /// For square images, with batch normalisation (layer normalisation in the transformer), without dropout.
  func specification(size: Int, classes: Int) -> any NetworkSpecification {
    switch self {
    case .mlp:
      MLPSpecification(
        inputSize: 3 * size * size, hiddenSizes: Array(repeating: 128, count: 5), classes: classes,
        normalization: .batch)
    case .cnn: CNNSpecification(height: size, width: size, classes: classes, normalization: .batch)
    case .resnet: ResNetSpecification(height: size, width: size, classes: classes)
    case .vit: VisionTransformerSpecification(height: size, width: size, classes: classes)
    }
  }

  /// The learning rate of Adam that the paper has for it.
  var learningRate: Float { self == .vit ? 1e-4 : 1e-3 }
}
