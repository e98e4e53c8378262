import ImageBatches
import PreparedImages
import Specifications

/// What a run trains on, epoch by epoch: the images of the data set all the time, or those of one task after the
/// other.
struct Curriculum {
  struct Lesson {
    let training: [Int32]
    let validation: [Int32]
    /// The classes that the loss is taken over; all if nil.
    let classes: [Int32]?
  }

  let lessons: [Lesson]
  private let tasks: TaskSpecification?

  /// - Throws: ``SpecificationProblem`` or ``TrainingError`` if the data set has not what the specification asks for.
  init(_ specification: TrainingSpecification, dataSet: PreparedDataSet) throws {
    tasks = specification.tasks
    guard let tasks else {
      let data = specification.data
      lessons = [
        Lesson(
          training: try Self.first(data.trainingImages, of: dataSet.training, field: "data.trainingImages"),
          validation: try Self.first(
            data.validationImages, of: dataSet.validation, field: "data.validationImages"),
          classes: nil)
      ]
      return
    }
    lessons = try TaskSequence(tasks, dataSet: dataSet, seed: specification.seed).tasks
      .map { Lesson(training: $0.training, validation: $0.validation, classes: $0.classes) }
  }

  /// Images of an epoch.
  var imageCount: Int { lessons[0].training.count }

  /// The number of the lesson that an epoch, counted from 0, belongs to; of the epoch after the last one, the last.
  func lesson(ofEpoch epoch: Int) -> Int {
    guard let tasks else { return 0 }
    return min(tasks.task(ofEpoch: epoch), lessons.count - 1)
  }

  /// The lesson that a network was trained in last, after so many epochs.
  func lesson(after epochs: Int) -> Int { tasks?.task(after: epochs) ?? 0 }

  /// Whether a task begins with an epoch, and how.
  func start(atEpoch epoch: Int) -> TaskSpecification.Start? {
    guard let tasks, epoch % tasks.epochs == 0, epoch < tasks.totalEpochs else { return nil }
    return tasks.start ?? .outputReset
  }

  private static func first(_ wanted: Int?, of split: ImageSplit, field: String) throws -> [Int32] {
    let count = wanted ?? split.count
    guard count <= split.count else {
      throw TrainingError.tooFewImages(field: field, wanted: count, available: split.count)
    }
    return (0..<Int32(count)).map { $0 }
  }
}
