import Foundation
import LinearAlgebra
import NeuralNetwork
import Specifications
import Testing

@testable import Training

/// Continual learning: two tasks of two classes each out of the laboratory's four.
@Suite struct TaskTests {
  static func specification(
    start: TaskSpecification.Start? = nil, kind: String = "adam", epochs: Int = 3
  ) -> TrainingSpecification {
    var specification = Laboratory.specification(dropout: 0.2, kind: kind)
    specification.tasks = TaskSpecification(
      count: 2, classes: 2, epochs: epochs, imagesPerClass: 12, start: start)
    specification.epochs = 2 * epochs
    return specification
  }

  @Test func aPartitionBelongsToTheSeed() throws {
    let laboratory = try Laboratory()
    let specification = TaskSpecification(count: 2, classes: 2, epochs: 1, imagesPerClass: 12)
    func partition(_ seed: UInt64) throws -> Curriculum {
      try Curriculum(specification, dataSet: laboratory.dataSet, seed: seed)
    }
    let curriculum = try partition(3)
    #expect(curriculum == (try partition(3)))
    #expect(try (4..<12).contains { try partition($0) != curriculum })
    #expect(Set(curriculum.lessons.flatMap { $0.classes ?? [] }) == [0, 1, 2, 3])
    for task in curriculum.lessons {
      let classes = try #require(task.classes)
      let labels = task.training.map { laboratory.dataSet.training.labels[Int($0)] }
      #expect(Set(labels) == Set(classes))
      #expect(task.training.count == 24 && task.training == task.training.sorted())
      let validation = task.validation.map { laboratory.dataSet.validation.labels[Int($0)] }
      #expect(Set(validation).isSubset(of: Set(classes)) && !validation.isEmpty)
      for label in classes {
        // The first ones of each class.
        let all = laboratory.dataSet.training.images(ofClasses: [label])
        #expect(
          Array(all.prefix(12))
            == task.training.filter { laboratory.dataSet.training.labels[Int($0)] == label })
      }
    }
  }

  @Test func whatADataSetDoesNotHaveIsAnError() throws {
    let laboratory = try Laboratory()
    func attempt(_ specification: TaskSpecification) throws {
      _ = try Curriculum(specification, dataSet: laboratory.dataSet, seed: 1)
    }
    #expect(throws: SpecificationProblem.self) {
      try attempt(TaskSpecification(count: 3, classes: 2, epochs: 1))
    }
    #expect(throws: TrainingError.self) {
      try attempt(TaskSpecification(count: 2, classes: 2, epochs: 1, imagesPerClass: 60))
    }
  }

  @Test func historyAndSnapshotsFollowTheTasks() throws {
    let laboratory = try Laboratory()
    let files = try laboratory.train(Self.specification(), in: "run")
    // 24 images in batches of 16: two steps an epoch. Every second epoch of a task, and its end.
    let expected = [(0, 0), (4, 2), (6, 3), (10, 5), (12, 6)].map {
      "snapshots/" + SnapshotName(step: $0.0, epoch: $0.1).fileName
    }
    #expect(files == ["history.csv"] + expected)
    let history = try laboratory.history(of: "run")
    #expect(history.map(\.epoch) == [0, 1, 2, 3, 4, 5, 6])
    #expect(history.map(\.task) == [0, 0, 0, 0, 1, 1, 1])
    #expect(history.map { $0.validationLoss != nil } == [true, false, true, true, false, true, true])
    for row in history.dropFirst() {
      let (active, all) = (row.trainingAccuracy ?? -1, row.trainingAccuracyOfAll ?? 2)
      #expect((0...1).contains(active) && all <= active)
    }
  }

  /// Labels of the other task would be no active class; and weights to inactive classes are never touched.
  @Test func onlyActiveClassesLearn() throws {
    let laboratory = try Laboratory()
    var specification = Self.specification()
    specification.optimizer = OptimizerSpecification(SGDRule(learningRate: 0.01))
    let tasks = try Curriculum(
      try #require(specification.tasks), dataSet: laboratory.dataSet, seed: specification.seed)
    try laboratory.train(specification, in: "run")
    // By plain descent: moments outlast the reset and would go on moving what is fed no more.
    let weights = try Self.outputWeights(of: "run", in: laboratory)
    for label in 0..<4 {
      let isFed = try #require(tasks.lessons[1].classes).contains(Int32(label))
      #expect(weights[label].contains { $0 != 0 } == isFed, "\(label)")
    }
  }

  /// A row for each class.
  private static func outputWeights(of run: String, in laboratory: Laboratory) throws -> [[Float]] {
    let tensor = try #require(try laboratory.lastSnapshot(of: run).tensors["out.weight"])
    guard case .single(let elements) = tensor.elements else { return [] }
    let width = elements.count / 4
    return (0..<4).map { Array(elements[$0 * width..<($0 + 1) * width]) }
  }

  @Test func aNewNetworkLearnsATaskAsIfThereHadBeenNone() throws {
    let laboratory = try Laboratory()
    try laboratory.train(Self.specification(start: .reinitialized), in: "anew")
    try laboratory.train(Self.specification(), in: "continued")
    try laboratory.train(Self.specification(start: .unchanged), in: "unchanged")
    let (anew, continued) = (try laboratory.history(of: "anew"), try laboratory.history(of: "continued"))
    // The first task has no past anyway; the second differs.
    #expect(Array(anew[...3]) == Array(continued[...3]) && anew[4] != continued[4])
    #expect(abs((continued[0].validationLoss ?? 0) - log(2)) < 1e-6, "an output layer of zeros")
    #expect(try laboratory.history(of: "unchanged")[1] != anew[1])
    #expect(try laboratory.history(of: "unchanged")[4] != anew[4])
  }

  /// Whatever of a network, an optimiser and its remedies lasts from step to step would show.
  @Test func aTaskOfNewNetworksIsTheSameWhicheverTasksAreTrained() throws {
    let laboratory = try Laboratory()
    let remedies: [any Remedy] = [
      GradientNoiseRemedy(scale: 0.1, decay: 0.9), L2ToInitialRemedy(strength: 0.1),
      ShrinkAndPerturbRemedy(shrink: 0.999, standardDeviation: 1e-3),
      ContinualBackpropagationRemedy(replacementRate: 0.1, maturity: 1),
    ]
    var all = Self.specification(start: .reinitialized)
    all.optimizer = OptimizerSpecification(all.optimizer.rule, remedies: remedies)
    try laboratory.train(all, in: "all")
    var second = all
    second.tasks?.trained = [2]
    second.epochs = 3
    #expect(second.tasks?.lessons == 1 && second.tasks?.totalEpochs == 3)
    let files = try laboratory.train(second, in: "second")
    let (among, alone) = (try laboratory.history(of: "all"), try laboratory.history(of: "second"))
    #expect(alone.map(\.task) == [0, 1, 1, 1] && alone.map(\.step) == [0, 2, 4, 6])
    #expect(alone.dropFirst().map(\.trainingLoss) == among.suffix(3).map(\.trainingLoss))
    #expect(alone.last?.validationLoss == among.last?.validationLoss)
    #expect(files.last != nil)
    for (name, tensor) in try laboratory.lastSnapshot(of: "all").tensors {
      guard case .single(let theirs) = tensor.elements,
        case .single(let mine)? = try laboratory.lastSnapshot(of: "second").tensors[name]?.elements
      else { continue }
      #expect(Array(theirs) == Array(mine), "\(name)")
    }
  }

  @Test(arguments: TaskSpecification.Start.allCases)
  func stoppingAnywhereAndGoingOnGivesTheSameBits(_ start: TaskSpecification.Start) throws {
    let laboratory = try Laboratory()
    try laboratory.expectSameBits(Self.specification(start: start), stoppingAfter: 1..<12)
  }

  @Test func whatCannotBeCombinedIsRejected() throws {
    func problem(_ change: (inout TrainingSpecification) -> Void) -> String? {
      var specification = Self.specification()
      change(&specification)
      do { try specification.validate() } catch { return error.path }
      return nil
    }
    #expect(problem { _ in } == nil)
    #expect(problem { $0.epochs = 4 } == "epochs")
    #expect(problem { $0.data.trainingImages = 10 } == "data.trainingImages")
    #expect(problem { $0.data.validationImages = 10 } == "data.validationImages")
    #expect(problem { $0.clone = 2 } == "clone")
    #expect(problem { $0.tasks?.classes = 1 } == "tasks.classes")
    #expect(problem { $0.tasks?.classes = .max } == "tasks.classes")
    #expect(problem { $0.tasks?.epochs = .max } == "tasks.epochs")
    #expect(problem { $0.tasks?.imagesPerClass = 0 } == "tasks.imagesPerClass")
    #expect(problem { $0.tasks?.passes = 0 } == "tasks.passes")
    #expect(problem { $0.tasks?.passes = .max } == "tasks.passes")
    #expect(problem { $0.tasks?.passes = 2 } == "epochs")
    #expect(problem { $0.tasks?.trained = [1] } == "tasks.trained")
    for trained in [[], [0], [3], [2, 1], [1, 1]] {
      #expect(
        problem {
          $0.tasks?.start = .reinitialized
          $0.tasks?.trained = trained
        } == "tasks.trained", "\(trained)")
    }
    #expect(
      problem {
        $0.tasks?.start = .reinitialized
        $0.tasks?.trained = [2]
        $0.epochs = 3
      } == nil)
    #expect(problem { $0.optimizer.rule = Self.copying(1) } == "optimizer.inputCopies")
    #expect(problem { $0.optimizer.rule = Self.copying(16) } == nil)
    #expect(
      problem {
        $0.optimizer.rule = Self.copying(16)
        $0.model = AnyModel(CNN(channels: [4], hiddenSizes: [4]))
      } == "optimizer.inputCopies")
  }

  private static func copying(_ copies: Int) -> AdamRule {
    var rule = AdamRule(learningRate: 0.01)
    rule.inputCopies = copies
    return rule
  }
}
