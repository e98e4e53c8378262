import Foundation
import NeuralNetwork
import Specifications
import Testing

@testable import Training

/// Promise: a part of a run, from one of its checkpoints to the next, gives the bits that the whole run has there.
@Suite struct SegmentTests {
  private func repeats(
    _ specification: TrainingSpecification, from start: String? = nil, _ laboratory: Laboratory
  ) throws {
    let files = try laboratory.train(specification, in: "whole", from: start)
    let names = SnapshotName.checkpoints(among: files)
    #expect(names.count == specification.checkpoints)
    let history = try laboratory.history(of: "whole")
    let end = specification.firstEpoch + specification.epochs
    for (number, name) in names.enumerated() {
      let segment = TrainingSegment(
        firstEpoch: name.epoch, lastEpoch: number + 1 < names.count ? names[number + 1].epoch : end)
      let part = "part-\(number)"
      // A part can be stopped as well, and needs nothing that the phase began with.
      var steps = 0
      let checkpoint = "whole/checkpoints/\(name.fileName)"
      let first = try laboratory.trainer(specification, in: part, segment: segment, checkpoint: checkpoint)
      let stopped = try first.run(
        checkpointInterval: 1e9, shouldStop: { steps == 2 }, report: { _ in steps += 1 })
      #expect(stopped == .interrupted)
      let second = try laboratory.trainer(specification, in: part, segment: segment, checkpoint: checkpoint)
      guard
        case .finished(let made) = try second.run(
          checkpointInterval: 1e9, shouldStop: { false }, report: { _ in })
      else { throw TrainingError.notAClone(reason: "not finished") }
      #expect(second.stepsDone == second.steps)
      let there = try laboratory.history(of: part)
      #expect(there == history.filter { $0.epoch <= segment.lastEpoch })
      #expect(made.contains { $0.hasPrefix("snapshots/") } && made.count < files.count)
      #expect(made.contains { $0.hasPrefix("checkpoints/") } == (number + 1 < names.count))
      for file in made where file != "history.csv" {
        #expect(laboratory.contents(part, file) == laboratory.contents("whole", file), "\(file)")
      }
    }
  }

  @Test(arguments: ["sgd", "adam", "noisySGD"])
  func aPartHasTheBitsOfTheWhole(_ kind: String) throws {
    let laboratory = try Laboratory()
    var specification = Laboratory.specification(epochs: 7, dropout: 0.2, kind: kind)
    specification.snapshotEvery = 1
    specification.checkpoints = 2
    specification.optimizer = OptimizerSpecification(
      specification.optimizer.rule, remedies: [L2ToInitialRemedy(strength: 1e-3)])
    try repeats(specification, laboratory)
    // Checkpoints change nothing else.
    specification.checkpoints = nil
    let plain = try laboratory.train(specification, in: "plain")
    #expect(SnapshotName.checkpoints(among: plain).isEmpty)
    #expect(laboratory.contents("plain", "history.csv") == laboratory.contents("whole", "history.csv"))
  }

  @Test func aPartOfAClonesPhaseNeedsNoBase() throws {
    let laboratory = try Laboratory()
    try laboratory.train(Laboratory.specification(epochs: 2), in: "base")
    var clone = Laboratory.specification(epochs: 5, firstEpoch: 2)
    clone.model = clone.model.widened(by: 2)
    clone.clone = 2
    clone.snapshotEvery = 1
    clone.checkpoints = 1
    try repeats(clone, from: "base", laboratory)
  }

  @Test func aPartThroughTasksBeginsThemAsTheWholeDoes() throws {
    let laboratory = try Laboratory()
    var specification = Laboratory.specification(epochs: 8)
    specification.tasks = TaskSpecification(
      count: 2, classes: 2, epochs: 4, imagesPerClass: 12, start: .reinitialized)
    specification.snapshotEvery = 1
    specification.checkpoints = 3
    try repeats(specification, laboratory)
  }

  @Test func longPhasesKeepCheckpointsOfThemselves() {
    var specification = Laboratory.specification(epochs: 10)
    #expect(specification.checkpointEpochs(operations: 1e9, steps: 1_000).isEmpty)
    #expect(specification.checkpointEpochs(operations: 1e9, steps: 20_000) == [2, 4, 6, 8])
    specification.checkpoints = 0
    #expect(specification.checkpointEpochs(operations: 1e9, steps: 20_000).isEmpty)
    specification.checkpoints = 100
    #expect(specification.checkpointEpochs(operations: 1, steps: 1) == Set(1...9))
    specification.epochs = 1
    #expect(specification.checkpointEpochs(operations: 1, steps: 1).isEmpty)
  }

  @Test func whatIsNoCheckpointOfTheRunIsRefused() throws {
    let laboratory = try Laboratory()
    var specification = Laboratory.specification(epochs: 4)
    specification.checkpoints = 1
    let files = try laboratory.train(specification, in: "whole")
    let name = try #require(SnapshotName.checkpoints(among: files).first)
    let checkpoint = "whole/checkpoints/\(name.fileName)"
    #expect(throws: TrainingError.self) {
      try laboratory.trainer(
        specification, in: "other", segment: TrainingSegment(firstEpoch: 1, lastEpoch: 4),
        checkpoint: checkpoint)
    }
    #expect(throws: TrainingError.self) {
      try laboratory.trainer(
        specification, in: "other", segment: TrainingSegment(firstEpoch: 2, lastEpoch: 4),
        checkpoint: "whole/history.csv")
    }
    for (first, last) in [(2, 2), (3, 2), (-1, 2), (2, 5)] {
      #expect(throws: SpecificationProblem.self) {
        try laboratory.trainer(
          specification, in: "other", segment: TrainingSegment(firstEpoch: first, lastEpoch: last),
          checkpoint: checkpoint)
      }
    }
  }
}
