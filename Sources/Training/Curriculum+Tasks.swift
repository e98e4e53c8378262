import ImageBatches
import LinearAlgebra
import PreparedImages
import Specifications

extension Curriculum {
  /// The lessons of a run through tasks, one for each task of each pass.
  ///
  /// The paper's partition: all class ids are shuffled by the run's seed and cut into groups, one a task. Active classes
  /// are in the order in which they were drawn, images in the data set's order. Where only some tasks are trained, they
  /// are those of the whole partition, with the same order of images in every epoch.
  ///
  /// - Throws: ``SpecificationProblem`` if the data set has too few classes, ``TrainingError`` if it has too few
  ///   images of one, or if tasks of disjoint classes would differ in length.
  public init(_ tasks: TaskSpecification, dataSet: PreparedDataSet, seed: UInt64) throws {
    let available = dataSet.classCount
    guard tasks.count * tasks.classes <= available else {
      throw SpecificationProblem(
        "tasks.count",
        "is \(tasks.count); with \(tasks.classes) classes each, \(available) classes are enough for "
          + "\(available / tasks.classes) tasks")
    }
    let passes = try (0..<(tasks.reshuffles == true ? tasks.passes ?? 1 : 1)).map { number in
      try Self.pass(number, of: tasks, dataSet: dataSet, seed: seed)
    }
    let all = passes.joined()
    let lengths = Set(all.map(\.training.count))
    guard tasks.order == .growing || lengths.count == 1,
      !all.contains(where: { $0.training.isEmpty || $0.validation.isEmpty })
    else { throw TrainingError.unequalTasks(shortest: lengths.min() ?? 0, longest: lengths.max() ?? 0) }
    self.init(
      lessons: (0..<tasks.lessons).map { place in
        let number = tasks.trained.map { $0[place] - 1 } ?? place
        var lesson = passes[number / tasks.count % passes.count][number % tasks.count]
        lesson.epochs = place * tasks.epochs..<(place + 1) * tasks.epochs
        lesson.task = number
        lesson.drawnFrom = number * tasks.epochs
        return lesson
      })
  }

  /// The tasks of a pass, without their epochs.
  private static func pass(
    _ number: Int, of tasks: TaskSpecification, dataSet: PreparedDataSet, seed: UInt64
  ) throws -> [Lesson] {
    let classes = shuffledClasses(dataSet.classCount, seed: seed, pass: number)
    return try (0..<tasks.count).map { task in
      let active = Array(classes[tasks.places(ofTask: task)])
      var training = try images(of: dataSet.training, classes: active, perClass: tasks.imagesPerClass)
      let selection = try tasks.heldOut.map {
        try last($0, ofEach: active, among: training, labels: dataSet.training.labels)
      }
      if let selection {
        let kept = Set(selection)
        training.removeAll { kept.contains($0) }
      }
      return Lesson(
        training: training,
        validation: try images(of: dataSet.validation, classes: active, perClass: nil),
        selection: selection ?? [], classes: active, epochs: 0..<0, start: tasks.startOrDefault, task: task)
    }
  }

  /// The last images of each class, in the order of the split.
  private static func last(
    _ count: Int, ofEach classes: [Int32], among images: [Int32], labels: some RandomAccessCollection<Int32>
  ) throws -> [Int32] {
    var taken: [Int32: Int] = [:]
    let chosen = images.reversed().filter { image in
      let label = labels[labels.index(labels.startIndex, offsetBy: Int(image))]
      taken[label, default: 0] += 1
      return taken[label, default: 0] <= count
    }
    // At least one image of each class is left to be trained on.
    if let short = classes.first(where: { taken[$0, default: 0] <= count }) {
      throw TrainingError.tooFewImages(
        field: "tasks.heldOut", wanted: count, available: max(taken[short, default: 0] - 1, 0))
    }
    return chosen.reversed()
  }

  private static func shuffledClasses(_ count: Int, seed: UInt64, pass: Int) -> [Int32] {
    var classes = (0..<Int32(count)).map { $0 }
    var stream = RandomStream(seed: seed, purpose: "tasks", index: UInt64(pass))
    for last in stride(from: count - 1, to: 0, by: -1) {
      classes.swapAt(last, Int(stream.integer(below: UInt32(last + 1))))
    }
    return classes
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
