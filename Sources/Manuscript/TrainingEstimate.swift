import ImageSources
import Training

/// Roughly how much work a run is, for `make status` and for benchmarks.
public struct TrainingEstimate: Sendable {
  /// Floating-point operations of a training step, for each image.
  public let operations: Double
  /// Images of an epoch, in the mean.
  public let images: Double
  /// Numbers in the network's trained tensors.
  let parameters: Int
  /// Bytes of memory for training it.
  let trainingMemory: Double
  /// Bytes of memory for looking at it: an estimate, as what layers emit for all probe images is kept one layer at a time.
  let measuringMemory: Double
  /// Images that the network is validated with, of all classes.
  private let validationImages: Double
  private let classes: Int
  private let specification: TrainingSpecification

  public init(_ specification: TrainingSpecification, source: PlannedDataSource) {
    let network = specification.model.network(for: source.shape, classes: source.classes)
    operations = network.trainingOperations
    let extent = network.extent(of: Float.self, batchSize: specification.batchSize)
    parameters = extent.parameters
    trainingMemory = Double(extent.bytes)
    measuringMemory = Double(network.extent(of: Float.self, batchSize: Self.probePart).bytes)
    let images = min(specification.data.trainingImages ?? .max, source.trainingImages)
    self.images =
      specification.tasks.map {
        $0.meanActiveClasses * ($0.imagesPerClass.map(Double.init) ?? Double(images) / Double(source.classes))
      } ?? Double(images)
    classes = source.classes
    validationImages = Double(
      specification.data.validationImages
        ?? (try? DataSetDescription.named(specification.data.set))?.validationCount ?? 0)
    self.specification = specification
  }

  /// Probe images that go through a network at once.
  private static let probePart = 128

  /// Images of all epochs.
  public var trainedImages: Double { images * Double(specification.epochs) }

  /// Steps of an epoch, of a task in the mean where there are tasks.
  var stepsOfEpoch: Double { (images / Double(specification.batchSize)).rounded(.up) }

  /// Steps of a task; nil where there are none.
  var stepsOfTask: Double? { specification.tasks.map { stepsOfEpoch * Double($0.epochs) } }

  /// Steps, and the passes by which every epoch is validated; of tasks, whose epochs are short, the ends alone.
  var trainingCost: Double {
    let validations = Double(specification.tasks?.lessons ?? specification.epochs)
    let share = specification.tasks.map { $0.meanActiveClasses / Double(classes) } ?? 1
    return operations * (trainedImages + validations * validationImages * share / 3)
  }

  /// How many the run leaves.
  public var snapshots: Double {
    guard let tasks = specification.tasks else {
      return Double(specification.epochs / specification.snapshotEvery + 1)
    }
    let looked = (tasks.lessons - 1) / (tasks.tasksBetweenSnapshots ?? 1) + 1
    return Double(looked * ((tasks.epochs - 1) / specification.snapshotEvery + 1) + 1)
  }

  /// What the snapshots take on the disk but for the last, in bytes.
  var snapshotBytes: Double {
    let extra = Double(specification.snapshotSteps?.count ?? 0)
    return (snapshots - 1 + extra) * Double(parameters) * 4
  }

  /// A pass, and a singular value decomposition for every module and probe.
  func measuringCost(probeImages: Int) -> Double {
    let decompositions = specification.model.model.linearWidths.map {
      Double(probeImages) * Double($0 * $0) * 40
    }
    return snapshots * (3 * decompositions.reduce(0, +) + operations * Double(probeImages))
  }
}
