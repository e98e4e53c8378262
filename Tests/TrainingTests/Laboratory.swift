import Foundation
import ImageBatches
import ImageSources
import NeuralNetwork
import PreparedImages
import Testing

@testable import Training

/// A small data set and folders for runs, removed when the value goes.
final class Laboratory {
  let folder: String
  let dataSet: PreparedDataSet

  init() throws {
    folder = FileManager.default.temporaryDirectory.path + "/laboratory-\(UUID().uuidString)"
    let data = folder + "/data"
    try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
    let recipe = SyntheticRecipe(
      shape: ImageShape(channels: 3, height: 16, width: 16), classCount: 4, trainingCount: 70,
      validationCount: 30)
    try DataSetSource(description: .cifar10, origin: .synthetic(recipe)).prepare(into: data)
    dataSet = try PreparedDataSet(folder: data)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  static func specification(
    epochs: Int = 3, firstEpoch: Int = 0, dropout: Double = 0, kind: String = "sgd"
  ) -> TrainingSpecification {
    TrainingSpecification(
      seed: 7, data: .init(set: "cifar-10", padding: 2, flip: true),
      model: AnyModel(MLP(hiddenSizes: [12, 10], normalization: .batch, dropout: dropout)),
      optimizer: OptimizerSpecification(rule(kind)), batchSize: 16, firstEpoch: firstEpoch, epochs: epochs,
      snapshotEvery: 2)
  }

  private static func rule(_ kind: String) -> any OptimizerRule {
    switch kind {
    case "adam": AdamRule(learningRate: 0.01)
    case "rmsprop": RMSpropRule(learningRate: 0.01)
    case "noisySGD": NoisySGDRule(SGDRule(learningRate: 0.01), noise: .init(scale: 0.1, decay: 0.99))
    default: SGDRule(learningRate: 0.01, momentum: 0.9)
    }
  }

  /// A run in a folder of its own, or in one that an earlier run left.
  func trainer(
    _ specification: TrainingSpecification, in name: String, from start: String? = nil,
    segment: TrainingSegment? = nil, checkpoint: String? = nil
  ) throws -> Trainer {
    let place = folder + "/" + name
    try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
    return try Trainer(
      specification: specification, dataSet: dataSet,
      start: start.map { (try lastSnapshot(of: $0), $0) }, segment: segment,
      checkpoint: checkpoint.map { folder + "/" + $0 }, folder: place)
  }

  /// Trains to the end and gives the run's files.
  @discardableResult
  func train(
    _ specification: TrainingSpecification, in name: String, from start: String? = nil
  ) throws -> [String] {
    let outcome = try trainer(specification, in: name, from: start)
      .run(checkpointInterval: 1e9, shouldStop: { false }, report: { _ in })
    guard case .finished(let files) = outcome else { return [] }
    return files
  }

  func lastSnapshot(of name: String) throws -> Snapshot {
    let names = try SnapshotName.all(in: folder + "/" + name + "/snapshots")
    return try Snapshot(
      contentsOf: folder + "/" + name + "/snapshots/" + (names.last?.fileName ?? "none"))
  }

  func history(of name: String) throws -> [HistoryRow] {
    try HistoryRow.read(folder + "/" + name + "/history.csv")
  }

  func contents(_ name: String, _ file: String) -> Data? {
    FileManager.default.contents(atPath: folder + "/" + name + "/" + file)
  }

  /// Stops the run after each of `stops` steps and goes on, and expects the same bits as without a stop.
  func expectSameBits(_ specification: TrainingSpecification, stoppingAfter stops: some Sequence<Int>) throws
  {
    let files = try train(specification, in: "whole")
    for stop in stops {
      let name = "stopped-\(stop)"
      var steps = 0
      let first = try trainer(specification, in: name)
      let outcome = try first.run(
        checkpointInterval: 1e9, shouldStop: { steps == stop }, report: { _ in steps += 1 })
      #expect(outcome == .interrupted)
      let second = try trainer(specification, in: name)
      #expect(second.stepsDone == stop)
      _ = try second.run(checkpointInterval: 1e9, shouldStop: { false }, report: { _ in })
      for file in files {
        #expect(contents("whole", file) == contents(name, file), "\(stop) \(file)")
      }
    }
  }
}
