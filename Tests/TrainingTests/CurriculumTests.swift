import Foundation
import NeuralNetwork
import PreparedImages
import Testing

@testable import Training

/// Lessons that share classes, come again, or differ in length.
@Suite struct CurriculumTests {
  /// Two tasks out of the laboratory's four classes, the second of which has the classes of both.
  private static func growing(passes: Int? = nil, start: TaskSpecification.Start? = nil)
    -> TrainingSpecification
  {
    var specification = Laboratory.specification(dropout: 0.2, kind: "adam")
    let tasks = TaskSpecification(
      count: 2, classes: 2, epochs: 2, imagesPerClass: 13, start: start, order: .growing, passes: passes)
    specification.tasks = tasks
    specification.epochs = tasks.totalEpochs
    return specification
  }

  @Test func growingTasksKeepTheClassesBeforeThem() throws {
    let laboratory = try Laboratory()
    let tasks = TaskSpecification(count: 2, classes: 2, epochs: 3, imagesPerClass: 13)
    var growing = tasks
    growing.order = .growing
    let apart = try Curriculum(tasks, dataSet: laboratory.dataSet, seed: 3).lessons
    let lessons = try Curriculum(growing, dataSet: laboratory.dataSet, seed: 3).lessons
    #expect(lessons[0].training == apart[0].training && lessons[0].classes == apart[0].classes)
    #expect(lessons[1].classes == (try #require(apart[0].classes) + (try #require(apart[1].classes))))
    #expect(lessons[1].training == (apart[0].training + apart[1].training).sorted())
    #expect(lessons[1].validation == (apart[0].validation + apart[1].validation).sorted())
    #expect(lessons.map(\.epochs) == [0..<3, 3..<6] && lessons.map(\.start) == [.unchanged, .unchanged])
    #expect(apart.map(\.start) == [.outputReset, .outputReset])
  }

  @Test func passesRepeatTheSequence() throws {
    let laboratory = try Laboratory()
    let once = TaskSpecification(count: 2, classes: 2, epochs: 3, imagesPerClass: 12)
    var twice = once
    twice.passes = 2
    let first = try Curriculum(once, dataSet: laboratory.dataSet, seed: 3).lessons
    let both = try Curriculum(twice, dataSet: laboratory.dataSet, seed: 3).lessons
    #expect(both.map(\.epochs) == [0..<3, 3..<6, 6..<9, 9..<12])
    for (number, lesson) in both.enumerated() {
      #expect(lesson.training == first[number % 2].training && lesson.classes == first[number % 2].classes)
    }
    #expect(twice.totalEpochs == 12 && twice.lessons == 4)
  }

  /// 26 images in batches of 16 are two steps an epoch, 52 are four.
  @Test func stepsFollowTheLessonsLengths() throws {
    let laboratory = try Laboratory()
    var specification = Self.growing(passes: 2)
    specification.snapshotEvery = 1
    specification.snapshotSteps = [1, 7, 24, 25]
    let files = try laboratory.train(specification, in: "run")
    let boundaries = [(0, 0), (2, 1), (4, 2), (8, 3), (12, 4), (14, 5), (16, 6), (20, 7), (24, 8)]
    let expected = (boundaries + [(1, 0), (7, 2)]).map {
      "snapshots/" + SnapshotName(step: $0.0, epoch: $0.1).fileName
    }
    #expect(files == ["history.csv"] + expected.sorted())
    let history = try laboratory.history(of: "run")
    #expect(history.map(\.step) == boundaries.map { $0.0 } && history.map(\.epoch) == Array(0...8))
    #expect(history.map(\.task) == [0, 0, 0, 1, 1, 2, 2, 3, 3])
    // With all classes active the online accuracies are one.
    #expect(history[3].trainingAccuracy == history[3].trainingAccuracyOfAll)
    #expect(history.allSatisfy { $0.validationLoss != nil })
  }

  /// The last batch of an epoch may be smaller than that of a lesson with fewer images.
  @Test func aLessonMayBeSmallerThanABatch() throws {
    let laboratory = try Laboratory()
    var specification = Self.growing()
    specification.batchSize = 40
    let files = try laboratory.train(specification, in: "run")
    // One step an epoch of 26 images, two of 52.
    #expect(files.last == "snapshots/" + SnapshotName(step: 6, epoch: 4).fileName)
  }

  @Test(arguments: TaskSpecification.Start.allCases)
  func stoppingAnywhereAndGoingOnGivesTheSameBits(_ start: TaskSpecification.Start) throws {
    let laboratory = try Laboratory()
    try laboratory.expectSameBits(Self.growing(start: start), stoppingAfter: 1..<12)
  }

  /// Where classes grow, the output layer goes on; that of a network without a past is drawn like the others.
  @Test func aNewNetworkBeginsGrowingTasksLikeOneThatGoesOn() throws {
    let laboratory = try Laboratory()
    var files: [String] = []
    for (name, start) in [("continued", nil), ("anew", TaskSpecification.Start.reinitialized)] {
      files = try laboratory.train(Self.growing(start: start), in: name)
    }
    let first = SnapshotName.all(among: files).filter { $0.epoch <= 2 }
    #expect(first.map(\.epoch) == [0, 2])
    for file in first.map({ "snapshots/" + $0.fileName }) {
      #expect(laboratory.contents("anew", file) == laboratory.contents("continued", file), "\(file)")
    }
    let (anew, continued) = (try laboratory.history(of: "anew"), try laboratory.history(of: "continued"))
    #expect(Array(anew[...2]) == Array(continued[...2]) && anew[3] != continued[3])
    #expect(abs((anew[0].validationLoss ?? 0) - log(2)) > 1e-6, "no output layer of zeros")
  }

  @Test func stoppingInASecondPassGivesTheSameBits() throws {
    let laboratory = try Laboratory()
    try laboratory.expectSameBits(Self.growing(passes: 2, start: .reinitialized), stoppingAfter: 11..<24)
  }

  @Test func keysThatAreAbsentStayAbsent() throws {
    let tasks = TaskSpecification(count: 2, classes: 3, epochs: 4)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    func text(_ tasks: TaskSpecification) throws -> String {
      String(decoding: try encoder.encode(tasks), as: UTF8.self)
    }
    #expect(try text(tasks) == #"{"classes":3,"count":2,"epochs":4}"#)
    let more = TaskSpecification(count: 2, classes: 3, epochs: 4, order: .growing, passes: 2)
    #expect(try text(more) == #"{"classes":3,"count":2,"epochs":4,"order":"growing","passes":2}"#)
    #expect(try JSONDecoder().decode(TaskSpecification.self, from: Data(text(more).utf8)) == more)
  }

  @Test func lessonsAreFoundByEpoch() {
    let curriculum = Curriculum(lessons: [
      .init(training: [0], validation: [0], epochs: 0..<2),
      .init(training: [0, 1], validation: [0], epochs: 2..<5, start: .outputReset),
    ])
    #expect((0...5).map(curriculum.lesson(ofEpoch:)) == [0, 0, 1, 1, 1, 1])
    #expect((0...5).map(curriculum.lesson(after:)) == [0, 0, 0, 1, 1, 1])
    #expect((0...5).map { curriculum.steps(beforeEpoch: $0, batchSize: 1) } == [0, 1, 2, 4, 6, 8])
    #expect((0...5).map(curriculum.start(atEpoch:)).filter { $0 == .outputReset }.count == 1)
    #expect(curriculum.start(atEpoch: 2) == .outputReset)
  }
}
