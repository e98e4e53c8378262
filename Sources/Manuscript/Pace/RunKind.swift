import Foundation
import NeuralNetwork
import PreparedImages
import Training

/// What decides how fast the steps of a run go: network, images, batch, loss, and the optimiser with its remedies.
///
/// As JSON it is what a benchmark's processes are told, this project's and PyTorch's.
public struct RunKind: Codable, Hashable, Sendable {
  public var model: AnyModel
  public var image: ImageShape
  /// Outputs of the network.
  public var classes: Int
  /// Those that the loss is taken over, the first of them.
  public var activeClasses: Int
  /// Images a step.
  public var batchSize: Int
  public var optimizer: OptimizerSpecification
  public var loss: Loss

  public init(
    model: AnyModel, image: ImageShape, classes: Int, activeClasses: Int? = nil, batchSize: Int,
    optimizer: OptimizerSpecification, loss: Loss = .crossEntropy
  ) {
    self.model = model
    self.image = image
    self.classes = classes
    self.activeClasses = activeClasses ?? classes
    self.batchSize = batchSize
    self.optimizer = optimizer
    self.loss = loss
  }

  /// The kind of a planned run, with the numbers that decide what is learnt, but not how fast, at one value each.
  public init(_ specification: TrainingSpecification, source: PlannedDataSource) {
    let images = TrainingEstimate(specification, source: source).images
    self.init(
      model: specification.model.atUsualNumbers, image: source.shape, classes: source.classes,
      activeClasses: specification.tasks.map { Int($0.meanActiveClasses) },
      batchSize: min(specification.batchSize, Int(images)),
      optimizer: specification.optimizer.atUsualNumbers, loss: specification.loss ?? .crossEntropy)
  }

  /// The shape of its networks.
  public var network: any NetworkSpecification { model.network(for: image, classes: classes) }

  /// JSON with equal text for equal kinds.
  public func encoded() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    return try encoder.encode(self)
  }
}

/// In words, for tables.
extension RunKind {
  /// `MLP 5 × 128, batch, dropout`.
  public var networkInWords: String {
    let normalization = model.model.normalizationInWords
    return
      ([model.name + " " + model.model.sizesInWords]
      + (normalization == Normalization.none.rawValue ? [] : [normalization])
      + (model.dropout > 0 ? ["dropout"] : [])).joined(separator: ", ")
  }

  /// `16×16, 5 of 200 classes`.
  public var imagesInWords: String {
    let among = activeClasses == classes ? "" : "\(activeClasses) of "
    return "\(image.height)×\(image.width), \(among)\(classes) classes"
  }

  /// `Adam, gradient noise`.
  public var optimizerInWords: String {
    let loss = loss == .crossEntropy ? [] : ["squared error"]
    return
      ([type(of: optimizer.rule).name] + optimizer.rule.additions
      + optimizer.remedies.map { type(of: $0).name } + loss).joined(separator: ", ")
  }

  /// All of it in a line.
  public var inWords: String {
    "\(networkInWords); \(imagesInWords); batch \(batchSize); \(optimizerInWords)"
  }
}
