import DataSets
import Experiments
import LinearAlgebra

/// A fixed batch on which a network is looked at.
///
/// The training probe is the first images of the run's training subset, each through the random augmentation
/// once; the validation probe is the first validation images as they are (SPEC: the released code's choice).
final class ProbeBatch {
  /// `training` or `validation`.
  let name: String
  let inputs: Matrix<Float>
  private let labelStorage: UnsafeMutableBufferPointer<Int32>
  private let arena: Arena<Float>
  var labels: UnsafeBufferPointer<Int32> { UnsafeBufferPointer(labelStorage) }

  init(
    _ name: String, split: ImageSplit, count: Int,
    augmentation: Augmentation, seed: UInt64
  ) {
    self.name = name
    arena = Arena(capacity: Arena<Float>.footprint(rows: count, columns: split.shape.count))
    inputs = arena.take(rows: count, columns: split.shape.count)
    labelStorage = .allocate(capacity: count)
    labelStorage.initialize(repeating: 0)
    let assembler = BatchAssembler<Float>(split: split, augmentation: augmentation, seed: seed)
    let indices = (0..<Int32(count)).map { $0 }
    indices.withUnsafeBufferPointer {
      assembler.assemble($0, epoch: 0, position: 0, into: inputs, labels: labelStorage)
    }
  }

  deinit { labelStorage.deallocate() }

  /// The two probes of a run.
  static func both(_ specification: MeasurementSpecification, dataSet: PreparedDataSet) -> [ProbeBatch] {
    let wanted = specification.options.probeImages
    let data = specification.data
    let trainingCount = min(wanted, data.trainingImages ?? dataSet.training.count)
    let validationCount = min(wanted, data.validationImages ?? dataSet.validation.count)
    return [
      ProbeBatch(
        "training", split: dataSet.training,
        count: min(trainingCount, dataSet.training.count),
        augmentation: data.augmentation, seed: specification.seed),
      ProbeBatch(
        "validation", split: dataSet.validation,
        count: min(validationCount, dataSet.validation.count), augmentation: .none,
        seed: specification.seed),
    ]
  }
}
