import Foundation
import LinearAlgebra
import NeuralNetwork
import Specifications
import Testing

@testable import Training

/// Drops of the learning rate, held-out images, tasks that come together anew, and few snapshots.
@Suite struct IncrementTests {
  private static func specification(_ change: (inout TaskSpecification) -> Void) -> TrainingSpecification {
    var specification = Laboratory.specification(dropout: 0.2)
    var tasks = TaskSpecification(count: 2, classes: 2, epochs: 3, imagesPerClass: 12)
    change(&tasks)
    specification.tasks = tasks
    specification.epochs = tasks.totalEpochs
    return specification
  }

  @Test func heldOutImagesAreTheLastOfEachClass() throws {
    let laboratory = try Laboratory()
    let tasks = TaskSpecification(count: 2, classes: 2, epochs: 3, imagesPerClass: 12)
    var held = tasks
    held.heldOut = 4
    let whole = try Curriculum(tasks, dataSet: laboratory.dataSet, seed: 3).lessons
    let lessons = try Curriculum(held, dataSet: laboratory.dataSet, seed: 3).lessons
    for (lesson, all) in zip(lessons, whole) {
      #expect((lesson.training + lesson.selection).sorted() == all.training.sorted())
      #expect(lesson.selection.count == 8 && lesson.training.count == 16)
      for label in lesson.classes ?? [] {
        let images = all.training.filter { laboratory.dataSet.training.labels[Int($0)] == label }
        #expect(
          lesson.selection.filter { laboratory.dataSet.training.labels[Int($0)] == label } == images.suffix(4)
        )
      }
    }
    held.heldOut = 12
    #expect(throws: TrainingError.tooFewImages(field: "tasks.heldOut", wanted: 12, available: 11)) {
      try Curriculum(held, dataSet: laboratory.dataSet, seed: 3)
    }
  }

  @Test func passesCanBringOtherClassesTogether() throws {
    let laboratory = try Laboratory()
    var tasks = TaskSpecification(count: 2, classes: 2, epochs: 3, imagesPerClass: 12, passes: 6)
    tasks.reshuffles = true
    let lessons = try Curriculum(tasks, dataSet: laboratory.dataSet, seed: 3).lessons
    #expect(lessons.count == 12 && lessons.map(\.task) == Array(0..<12))
    for pass in 0..<6 {
      let classes = lessons[2 * pass..<2 * pass + 2].flatMap { $0.classes ?? [] }
      #expect(classes.sorted() == [0, 1, 2, 3])
    }
    #expect(Set(lessons.map { Set($0.classes ?? []) }).count > 2)
    tasks.reshuffles = nil
    #expect(
      try Curriculum(tasks, dataSet: laboratory.dataSet, seed: 3).lessons[0].classes == lessons[0].classes)
  }

  /// A rate that drops to nearly nothing leaves the network where it was.
  @Test func theRateDropsInEveryTask() throws {
    let laboratory = try Laboratory()
    var dropping = Self.specification {
      $0.schedule = TaskSpecification.StepSchedule(milestones: [1], factor: 1e-6)
    }
    dropping.optimizer = OptimizerSpecification(SGDRule(learningRate: 0.05))
    dropping.snapshotEvery = 1
    try laboratory.train(dropping, in: "dropping")
    func movement(_ first: Int, _ second: Int) throws -> Float {
      let folder = laboratory.folder + "/dropping/snapshots/"
      let names = try SnapshotName.all(in: folder)
      let arena = Arena<Float>(capacity: 1 << 10)
      func weights(_ place: Int) throws -> [Float] {
        let snapshot = try Snapshot(contentsOf: folder + names[place].fileName)
        let tensor = try #require(snapshot.tensors["linear_2.weight"])
        let matrix = arena.take(rows: 1, columns: tensor.elements.count)
        tensor.copy(into: matrix)
        return Array(matrix.buffer)
      }
      return zip(try weights(first), try weights(second)).map { abs($0 - $1) }.max() ?? 0
    }
    for task in 0..<2 {
      let (begun, dropped) = (try movement(3 * task, 3 * task + 1), try movement(3 * task + 1, 3 * task + 3))
      #expect(begun > 1e-4 && dropped < 1e-3 * begun, "\(task) \(begun) \(dropped)")
    }
    #expect(TaskSpecification.StepSchedule(milestones: [2, 4], factor: 0.5).factor(inEpoch: 4) == 0.25)
  }

  /// The network at a task's end is the one of its epochs that does best on the images that were held out.
  @Test func theBestNetworkGoesOn() throws {
    let laboratory = try Laboratory()
    var earlier = 0
    // Such rates spoil what was learned, time and again.
    for rate in [0.1, 0.3, 1] {
      var specification = Self.specification {
        $0.heldOut = 4
        $0.epochs = 6
      }
      specification.epochs = 12
      specification.snapshotEvery = 1
      specification.optimizer = OptimizerSpecification(SGDRule(learningRate: rate))
      let name = "best-\(rate)"
      try laboratory.train(specification, in: name)
      let folder = laboratory.folder + "/\(name)/snapshots/"
      let names = try SnapshotName.all(in: folder)
      let lesson = try Curriculum(specification, dataSet: laboratory.dataSet).lessons[0]
      let network = specification.model.makeNetwork(
        of: Float.self, shape: laboratory.dataSet.shape, classes: laboratory.dataSet.classCount)
      network.reserve(batchSize: 16)
      let evaluation = Evaluation(split: laboratory.dataSet.training, batchSize: 16, loss: .crossEntropy)
      var found: [(accuracy: Double, values: [Float])] = []
      for epoch in 1...6 {
        let path = folder + (try #require(names.first { $0.epoch == epoch })).fileName
        try network.load(try Snapshot(contentsOf: path))
        let accuracy = evaluation.run(network, on: lesson.selection, classes: lesson.classes).accuracy
        found.append((accuracy, Array(network.values.buffer)))
      }
      let best = found.dropLast().map(\.accuracy).max() ?? 0
      #expect(found[5].accuracy >= best)
      // The first of the best ones, unless the last epoch's own was better.
      if let first = found.dropLast().first(where: { $0.accuracy == best }), found[5].accuracy == best {
        #expect(found[5].values == first.values)
        earlier += 1
      }
    }
    #expect(earlier > 0)
  }

  @Test(arguments: [true, false]) func stoppingAnywhereGivesTheSameBits(mixes: Bool) throws {
    let laboratory = try Laboratory()
    var specification = Self.specification {
      $0.heldOut = 3
      $0.evaluatesTraining = true
      $0.schedule = TaskSpecification.StepSchedule(milestones: [1, 2], factor: 0.5)
      $0.passes = 2
      $0.reshuffles = true
    }
    if mixes { specification.mixup = MixupSpecification() }
    try laboratory.expectSameBits(specification, stoppingAfter: [1, 4, 5, 7, 10, 14, 20])
    let rows = try laboratory.history(of: "whole").filter { $0.cleanTrainingAccuracy != nil }
    #expect(rows.map(\.epoch) == [3, 6, 9, 12] && rows.allSatisfy { $0.validationAccuracy != nil })
  }

  @Test func fewSnapshotsAndEveryTaskIsValidated() throws {
    let laboratory = try Laboratory()
    var specification = Self.specification {
      $0.passes = 3
      $0.tasksBetweenSnapshots = 4
    }
    specification.snapshotEvery = 3
    let files = try laboratory.train(specification, in: "few")
    // Twelve steps a task: the beginnings of tasks 1 and 5, and the end.
    #expect(
      files.dropFirst().map { $0.split(separator: "-").count }
        == [Int](repeating: files[1].split(separator: "-").count, count: 3))
    let history = try laboratory.history(of: "few")
    #expect(history.filter { $0.validationAccuracy != nil }.map(\.epoch) == [0, 3, 6, 9, 12, 15, 18])
  }

  @Test func whatDoesNotGoTogetherIsRefused() {
    func problem(_ change: (inout TaskSpecification) -> Void) -> [String]? {
      do {
        try Self.specification(change).validate()
        return nil
      } catch { return error.keys }
    }
    #expect(problem { $0.reshuffles = true } == ["tasks", "reshuffles"])
    #expect(problem { $0.heldOut = 0 } == ["tasks", "heldOut"])
    #expect(problem { $0.tasksBetweenSnapshots = 0 } == ["tasks", "tasksBetweenSnapshots"])
    #expect(
      problem { $0.schedule = .init(milestones: [2, 1], factor: 0.2) } == ["tasks", "schedule", "milestones"])
    #expect(problem { $0.schedule = .init(milestones: [1], factor: 2) } == ["tasks", "schedule", "factor"])
    #expect(problem { $0.heldOut = 3 } == nil)
  }
}
