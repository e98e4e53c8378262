import Foundation
import Manuscript
import NeuralNetwork
import PlasticityMetrics
import PreparedImages
import Training

/// What decides how long a snapshot takes to measure. As JSON it is what the processes of a benchmark are told.
struct MeasuringKind: Codable, Hashable, Sendable {
  /// What `measure` is told, the choice of images left out.
  var specification: MeasurementSpecification
  var image: ImageShape
  var classes: Int

  init(_ planned: MeasurementSpecification, source: PlannedDataSource) {
    image = source.shape
    classes = source.classes
    specification = planned
    specification.seed = 0
    specification.model = planned.model.atUsualNumbers
    specification.loss = nil
    specification.tasks = nil
    specification.copiesSharingMasks = nil
    specification.options.largerProbe = nil
    specification.data.set = "random"
    specification.data.downsample = nil
    specification.data.trainingImages = nil
    specification.data.validationImages = nil
    specification.data.padding = 0
    specification.data.flip = false
    specification.data.colorJitter = nil
    specification.data.padMode = nil
    specification.data.rotation = nil
  }

  /// In each of the two probes.
  var probeImages: Int { specification.options.probeImages }

  /// The images of both probes, as a batch of a run that leaves such snapshots.
  var probes: RunKind {
    RunKind(
      model: specification.model, image: image, classes: classes, batchSize: 2 * probeImages,
      optimizer: OptimizerSpecification(SGDRule(learningRate: 1e-4)))
  }

  func encoded() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    return try encoder.encode(self)
  }
}

/// In words, for tables.
extension MeasuringKind {
  var networkInWords: String { probes.networkInWords + (specification.clone > 1 ? ", clone" : "") }
  var imagesInWords: String { probes.imagesInWords }
  /// Such as `MLP 5 × 128, batch, clone; 32×32, 10 classes; probes of 1000`.
  var inWords: String { "\(networkInWords); \(imagesInWords); probes of \(probeImages)" }
}
