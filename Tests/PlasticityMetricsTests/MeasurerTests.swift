import ContentStore
import Foundation
import ImageBatches
import ImageSources
import NeuralNetwork
import PreparedImages
import Tables
import Testing

@testable import PlasticityMetrics
@testable import Training

/// Trains a tiny base and its clone, and measures both.
@Suite struct MeasurerTests {
  private static func measured() throws -> (base: Table, clone: Table) {
    let folder = FileManager.default.temporaryDirectory.path + "/measurer-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder + "/data", withIntermediateDirectories: true)
    let recipe = SyntheticRecipe(
      shape: ImageShape(channels: 3, height: 16, width: 16), classCount: 4, trainingCount: 64,
      validationCount: 40)
    try DataSetSource(description: .cifar10, origin: .synthetic(recipe)).prepare(into: folder + "/data")
    let dataSet = try PreparedDataSet(folder: folder + "/data")
    var specification = TrainingSpecification(
      seed: 3, data: .init(set: "cifar-10", padding: 2, flip: true),
      model: AnyModel(MLP(hiddenSizes: [12, 8], normalization: .batch, dropout: 0.1)),
      optimizer: OptimizerSpecification(SGDRule(learningRate: 0.05)),
      batchSize: 16, firstEpoch: 0, epochs: 2, snapshotEvery: 1)
    func run(_ name: String, start: String?) throws -> Table {
      let place = folder + "/" + name
      try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
      let snapshot = try start.map { start in
        let names = try SnapshotName.all(in: "\(folder)/\(start)/snapshots")
        let last = try #require(names.last)
        return (
          try Snapshot(contentsOf: "\(folder)/\(start)/snapshots/\(last.fileName)"), start
        )
      }
      let trainer = try Trainer(
        specification: specification, dataSet: dataSet, start: snapshot, folder: place)
      _ = try trainer.run(checkpointInterval: 1e9, shouldStop: { false }, report: { _ in })
      func make() throws -> Measurer {
        try Measurer(
          specification: MeasurementSpecification(
            seed: 3, data: specification.data, model: specification.model,
            clone: specification.clone ?? 1, options: MeasurementOptions(probeImages: 30)),
          dataSet: dataSet)
      }
      let measurer = try make()
      let snapshots = try SnapshotName.all(in: place + "/snapshots")
      try measurer.run(
        snapshots: snapshots, file: { place + "/" + $0 }, writeTo: place + "/metrics.csv",
        report: { _, _ in })
      let table = try CSVReader.read(place + "/metrics.csv")
      #expect(try stoppingAfterEachSnapshot(snapshots, in: place, measurer: make) == table)
      return table
    }
    let base = try run("base", start: nil)
    specification.firstEpoch = 2
    specification.model = specification.model.widened(by: 2)
    specification.clone = 2
    return (base, try run("clone", start: "base"))
  }

  private struct Stop: Error {}

  /// The same measurement by as many processes as there are snapshots, each of which goes on where the one before stopped.
  private static func stoppingAfterEachSnapshot(
    _ snapshots: [SnapshotName], in place: String, measurer: () throws -> Measurer
  ) throws -> Table {
    let path = place + "/checkpoint"
    for stop in 1...snapshots.count {
      let checkpoint = RowCheckpoint(path)
      #expect(checkpoint.done == stop - 1)
      let outcome = Result {
        try measurer().run(
          snapshots: snapshots, file: { place + "/" + $0 }, writeTo: place + "/stopped.csv",
          checkpoint: checkpoint,
          report: { done, _ in if done == stop, stop < snapshots.count { throw Stop() } })
      }
      #expect((try? outcome.get()) != nil || stop < snapshots.count)
    }
    // What is left of a broken one is as if there were none.
    try Data("{".utf8).write(to: URL(fileURLWithPath: path))
    #expect(RowCheckpoint(path).done == 0)
    return try CSVReader.read(place + "/stopped.csv")
  }

  @Test func everyModuleProbeAndMetricIsThere() throws {
    let (base, _) = try Self.measured()
    #expect(base.columns == Measurer.columns)
    let layers = Set(try base.column("layer"))
    #expect(
      layers == [
        "", "linear_1", "norm_1", "act_1", "dropout_1", "linear_2", "norm_2", "act_2", "dropout_2", "out",
      ])
    #expect(Set(try base.column("probe")) == ["", "training", "validation"])
    let metrics = Set(try base.column("metric"))
    for name in [
      "trainingLoss", "validationAccuracy", "deadFraction", "duplicateFraction", "saturatedFraction",
      "effectiveRank", "stableRank", "nonGaussianity", "kolmogorovSmirnov", "andersonDarling",
      "excessKurtosis", "unitMean", "unitStandardDeviation",
    ] {
      #expect(metrics.contains(name), "\(name)")
    }
    #expect(!metrics.contains("cloningR2"), "a base has no copies")
    #expect(Set(try base.integers("step")) == [0, 4, 8])
    // Dropout hands its input on.
    func rows(of layer: String) throws -> [[String]] {
      let place = try base.index(of: "layer")
      return base.rows.filter { $0[place] == layer }.map { $0.filter { $0 != layer } }
    }
    #expect(try rows(of: "act_2").count == 3 * 2 * 11)
    #expect(try rows(of: "dropout_2") == rows(of: "act_2"))
    #expect(try rows(of: "dropout_2") != rows(of: "act_1"))
  }

  @Test func aCloneIsOnItsManifoldUntilDropoutDrivesItOff() throws {
    let (_, clone) = try Self.measured()
    func mean(_ metric: String, step: Int, layers: String = "act_") throws -> Double {
      let name = try clone.index(of: "metric")
      let layer = try clone.index(of: "layer")
      let place = try clone.index(of: "step")
      let rows = clone.filter {
        $0[name] == metric && $0[layer].hasPrefix(layers) && $0[place] == "\(step)"
      }
      let values = try rows.numbers("value")
      return values.reduce(0, +) / Double(values.count)
    }
    #expect(abs(try mean("cloningR2", step: 8) - 1) < 1e-9)
    #expect(abs(try mean("cloningR2Backward", step: 8) - 1) < 1e-9)
    // In training mode the copies of a unit are dropped one without the other, but they still receive the
    // same inputs.
    #expect(try mean("cloningR2Released", step: 8, layers: "dropout_") < 0.99)
    #expect(abs(try mean("cloningR2Released", step: 8) - 1) < 1e-9)
    #expect(try mean("cloningR2", step: 16) < 1 - 1e-5)
    #expect(Set(try clone.column("model")) == ["clone"])
  }
}
