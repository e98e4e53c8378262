import ImageBatches
import LinearAlgebra
import NeuralNetwork
import PreparedImages
import Training

/// A fixed batch on which a network is looked at.
///
/// The training probe is the first images of the run's training subset, each through the random augmentation
/// once; the validation probe is the first validation images as they are (both are the released code's choice).
final class ProbeBatch {
  /// `training`, `validation` or, larger, `training-500`.
  let name: String
  let batch: Batch<Float>

  /// - Parameters:
  ///   - images: indices into the split.
  ///   - classes: those that the loss is taken over; all if nil.
  ///   - draw: tells the augmentation of one probe of a run from that of another.
  init(
    _ name: String, split: ImageSplit, images: [Int32], classes: [Int32]? = nil, augmentation: Augmentation,
    seed: UInt64, draw: Int = 0
  ) {
    self.name = name
    batch = Batch(capacity: images.count, inputSize: split.shape.count, classes: split.classCount)
    batch.activeClasses = classes
    BatchAssembler(split: split, augmentation: augmentation, seed: seed)
      .assemble(images[...], epoch: draw, position: 0, into: batch)
  }

  /// The probes of a run without tasks.
  static func all(_ specification: MeasurementSpecification, dataSet: PreparedDataSet) -> [ProbeBatch] {
    let data = specification.data
    let training = min(data.trainingImages ?? .max, dataSet.training.count)
    let validation = min(data.validationImages ?? .max, dataSet.validation.count)
    return all(
      specification, dataSet: dataSet, training: (0..<Int32(training)).map { $0 },
      validation: (0..<Int32(validation)).map { $0 }, classes: nil, draw: 0)
  }

  /// The probes of a run's lesson.
  static func all(
    _ specification: MeasurementSpecification, dataSet: PreparedDataSet, lesson: Curriculum.Lesson
  ) -> [ProbeBatch] {
    all(
      specification, dataSet: dataSet, training: lesson.training, validation: lesson.validation,
      classes: lesson.classes, draw: lesson.task)
  }

  private static func all(
    _ specification: MeasurementSpecification, dataSet: PreparedDataSet, training: [Int32],
    validation: [Int32], classes: [Int32]?, draw: Int
  ) -> [ProbeBatch] {
    func trainingProbe(_ name: String, _ images: Int) -> ProbeBatch {
      ProbeBatch(
        name, split: dataSet.training, images: Array(training.prefix(images)), classes: classes,
        augmentation: specification.data.augmentation, seed: specification.seed, draw: draw)
    }
    let options = specification.options
    let names = options.probeNames
    let probes = [
      trainingProbe(names[0], options.probeImages),
      ProbeBatch(
        names[1], split: dataSet.validation, images: Array(validation.prefix(options.probeImages)),
        classes: classes, augmentation: .none, seed: specification.seed, draw: draw),
    ]
    return probes + (options.largerProbe.map { [trainingProbe(names[2], $0)] } ?? [])
  }
}
