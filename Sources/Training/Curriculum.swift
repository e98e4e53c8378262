import PreparedImages
import Specifications

/// What a run trains on, epoch by epoch: one lesson after the other, each with images and classes of its own.
///
/// A value that anyone can make: the whole data set all the time, or the tasks of a ``TaskSpecification``.
public struct Curriculum: Hashable, Sendable {
  /// Some epochs on the same images.
  public struct Lesson: Hashable, Sendable {
    /// Indices of the images to train on.
    public var training: [Int32]
    /// Indices of the images to validate with.
    public var validation: [Int32]
    /// Indices of images of the training split that choose the network that goes on, see
    /// ``TaskSpecification/heldOut``; none if empty.
    public var selection: [Int32]
    /// The classes that the loss is taken over, each once; all if nil.
    public var classes: [Int32]?
    /// Counted from 0 since the network was new. A lesson begins where the one before it ended.
    public var epochs: Range<Int>
    /// What happens to the network when the lesson begins.
    public var start: TaskSpecification.Start
    /// The task's number, from 0, in the order of all tasks and passes; 0 without tasks.
    public var task: Int
    /// The number under which order and augmentation of the lesson's first epoch are drawn, and by which masks of dropout
    /// are: that epoch's, unless tasks in front of it are left out.
    public var drawnFrom: Int

    public init(
      training: [Int32], validation: [Int32], selection: [Int32] = [], classes: [Int32]? = nil,
      epochs: Range<Int>, start: TaskSpecification.Start = .unchanged, task: Int = 0, drawnFrom: Int? = nil
    ) {
      self.training = training
      self.validation = validation
      self.selection = selection
      self.classes = classes
      self.epochs = epochs
      self.start = start
      self.task = task
      self.drawnFrom = drawnFrom ?? epochs.lowerBound
    }

    /// The number under which an epoch's order and augmentation are drawn.
    func draw(ofEpoch epoch: Int) -> Int { drawnFrom + epoch - epochs.lowerBound }

    /// Steps of the tasks in front of it that are left out, all of the same length: by so many later steps masks of dropout
    /// are drawn.
    func stepsLeftOut(batchSize: Int) -> Int {
      (drawnFrom - epochs.lowerBound) * stepsPerEpoch(batchSize: batchSize)
    }

    /// Optimiser steps of an epoch in batches of `batchSize` images, the last of which may be smaller.
    func stepsPerEpoch(batchSize: Int) -> Int { (training.count + batchSize - 1) / batchSize }
  }

  public let lessons: [Lesson]

  /// Precondition: at least one lesson, the first from epoch 0 on, and none starts elsewhere than where the one before
  /// it ended.
  public init(lessons: [Lesson]) {
    precondition(lessons.first?.epochs.lowerBound == 0, "lessons from epoch 0 on")
    for (lesson, next) in zip(lessons, lessons.dropFirst()) {
      precondition(lesson.epochs.upperBound == next.epochs.lowerBound, "no epoch without a lesson")
    }
    self.lessons = lessons
  }

  /// The lessons of a run.
  ///
  /// - Throws: ``SpecificationProblem`` or ``TrainingError`` if the data set has not what the specification asks for.
  init(_ specification: TrainingSpecification, dataSet: PreparedDataSet) throws {
    if let tasks = specification.tasks {
      try self.init(tasks, dataSet: dataSet, seed: specification.seed)
      return
    }
    let data = specification.data
    self.init(lessons: [
      Lesson(
        training: try Self.first(data.trainingImages, of: dataSet.training, field: "data.trainingImages"),
        validation: try Self.first(
          data.validationImages, of: dataSet.validation, field: "data.validationImages"),
        epochs: 0..<specification.firstEpoch + specification.epochs)
    ])
  }

  /// The number of images of the longest epoch.
  var largestImageCount: Int { lessons.map(\.training.count).max() ?? 0 }

  /// The number of the lesson that an epoch, counted from 0, belongs to; of the epoch after the last one, the last.
  public func lesson(ofEpoch epoch: Int) -> Int {
    lessons.lastIndex { $0.epochs.lowerBound <= epoch } ?? 0
  }

  /// The number of the lesson that a network was trained in last, after so many epochs; at its end, still that lesson.
  public func lesson(after epochs: Int) -> Int { lesson(ofEpoch: max(epochs - 1, 0)) }

  /// What happens to the network before an epoch.
  func start(atEpoch epoch: Int) -> TaskSpecification.Start {
    lessons.first { $0.epochs.lowerBound == epoch && !$0.epochs.isEmpty }?.start ?? .unchanged
  }

  /// Optimiser steps before an epoch since the network was new, in batches of `batchSize` images.
  func steps(beforeEpoch epoch: Int, batchSize: Int) -> Int {
    lessons.reduce(0) {
      $0 + $1.epochs.clamped(to: 0..<epoch).count * $1.stepsPerEpoch(batchSize: batchSize)
    }
  }

  private static func first(_ wanted: Int?, of split: ImageSplit, field: String) throws -> [Int32] {
    let count = wanted ?? split.count
    guard count <= split.count else {
      throw TrainingError.tooFewImages(field: field, wanted: count, available: split.count)
    }
    return (0..<Int32(count)).map { $0 }
  }
}
