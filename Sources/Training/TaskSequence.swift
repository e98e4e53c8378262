import ImageBatches
import LinearAlgebra
import PreparedImages
import Specifications

/// The tasks of a run: which classes and which images belong to each.
///
/// The paper's partition: all class ids are shuffled by the run's seed and cut into groups.
public struct TaskSequence: Sendable {
  /// One task.
  public struct Task: Hashable, Sendable {
    /// The active classes, in the order in which they were drawn.
    public let classes: [Int32]
    /// Indices of its images, in the data set's order.
    public let training: [Int32]
    public let validation: [Int32]
  }

  public let tasks: [Task]

  /// The tasks of the run with `seed`.
  ///
  /// - Throws: ``SpecificationProblem`` if the data set has too few classes, ``TrainingError`` if it has too few
  ///   images of one, or if tasks would differ in length.
  public init(_ specification: TaskSpecification, dataSet: PreparedDataSet, seed: UInt64) throws {
    let available = dataSet.classCount
    guard specification.count * specification.classes <= available else {
      throw SpecificationProblem(
        "tasks.count",
        "is \(specification.count); with \(specification.classes) classes each, \(available) classes are enough for "
          + "\(available / specification.classes) tasks")
    }
    var classes = (0..<Int32(available)).map { $0 }
    var stream = RandomStream(seed: seed, purpose: "tasks")
    for last in stride(from: available - 1, to: 0, by: -1) {
      classes.swapAt(last, Int(stream.integer(below: UInt32(last + 1))))
    }
    tasks = try (0..<specification.count).map { task in
      let first = task * specification.classes
      let active = Array(classes[first..<first + specification.classes])
      return Task(
        classes: active,
        training: try Self.images(
          of: dataSet.training, classes: active, perClass: specification.imagesPerClass),
        validation: try Self.images(of: dataSet.validation, classes: active, perClass: nil))
    }
    let lengths = Set(tasks.map(\.training.count))
    guard lengths.count == 1, !tasks.contains(where: { $0.training.isEmpty || $0.validation.isEmpty }) else {
      throw TrainingError.unequalTasks(shortest: lengths.min() ?? 0, longest: lengths.max() ?? 0)
    }
  }

  /// The images of some classes in the split's order, the first `perClass` of each.
  private static func images(of split: ImageSplit, classes: [Int32], perClass: Int?) throws -> [Int32] {
    let all = split.images(ofClasses: Set(classes))
    guard let perClass else { return all }
    var taken: [Int32: Int] = [:]
    let images = all.filter { image in
      let label = split.labels[Int(image)]
      guard taken[label, default: 0] < perClass else { return false }
      taken[label, default: 0] += 1
      return true
    }
    if let short = classes.first(where: { taken[$0, default: 0] < perClass }) {
      throw TrainingError.tooFewImages(
        field: "tasks.imagesPerClass", wanted: perClass, available: taken[short, default: 0])
    }
    return images
  }
}
