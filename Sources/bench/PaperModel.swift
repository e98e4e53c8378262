import Manuscript
import NeuralNetwork
import PreparedImages

/// One of the paper's four networks.
enum PaperModel: String, CaseIterable {
  case mlp, cnn, resnet, vit

  /// With batch normalisation (layer normalisation in the transformer), without dropout.
  var model: AnyModel {
    switch self {
    case .mlp: AnyModel(MLP(hiddenSizes: Array(repeating: 128, count: 5), normalization: .batch))
    case .cnn: AnyModel(CNN(normalization: .batch))
    case .resnet: AnyModel(ResNet())
    case .vit: AnyModel(VisionTransformer())
    }
  }

  /// Its training by Adam, in batches of 128, on square images.
  func kind(size: Int, classes: Int) -> RunKind {
    RunKind(
      model: model, image: ImageShape(channels: 3, height: size, width: size), classes: classes,
      batchSize: 128,
      optimizer: OptimizerSpecification(AdamRule(learningRate: self == .vit ? 1e-4 : 1e-3)))
  }
}
