import ContentStore
import Foundation
import ImageBatches
import ImageSources
import NeuralNetwork
import PreparedImages
import Testing

@testable import ManifoldStability
@testable import Training

@Suite struct StabilityTableTests {
  @Test func everySnapshotIsExamined() throws {
    let folder = FileManager.default.temporaryDirectory.path + "/stability-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for name in ["data", "run"] {
      try FileManager.default.createDirectory(
        atPath: folder + "/" + name, withIntermediateDirectories: true)
    }
    let recipe = SyntheticRecipe(
      shape: ImageShape(channels: 3, height: 16, width: 16), classCount: 4, trainingCount: 64,
      validationCount: 20)
    try DataSetSource(description: .cifar10, origin: .synthetic(recipe)).prepare(into: folder + "/data")
    let dataSet = try PreparedDataSet(folder: folder + "/data")
    let training = TrainingSpecification(
      seed: 5, data: .init(set: "cifar-10", padding: 0, flip: false),
      model: AnyModel(MLP(hiddenSizes: [6, 5])),
      optimizer: OptimizerSpecification(SGDRule(learningRate: 0.05)),
      batchSize: 16, firstEpoch: 0, epochs: 2, snapshotEvery: 1)
    let trainer = try Trainer(
      specification: training, dataSet: dataSet, start: nil, folder: folder + "/run")
    _ = try trainer.run(checkpointInterval: 1e9, shouldStop: { false }, report: { _ in })

    var options = StabilityOptions(
      factor: 2, images: 16, push: 1e-3, learningRate: 0.05, batches: 4, steps: 50)
    let specification = StabilitySpecification(
      seed: 5, data: training.data, model: training.model, options: options)
    let table = try StabilityTable.compute(
      specification, dataSet: dataSet, snapshots: SnapshotName.all(in: folder + "/run/snapshots"),
      file: { folder + "/run/" + $0 }, report: { _, _ in })

    // Stopped after the first snapshot, it goes on with the second.
    struct Stop: Error {}
    #expect(throws: Stop.self) {
      try StabilityTable.compute(
        specification, dataSet: dataSet, snapshots: SnapshotName.all(in: folder + "/run/snapshots"),
        file: { folder + "/run/" + $0 }, checkpoint: RowCheckpoint(folder + "/checkpoint"),
        report: { _, _ in throw Stop() })
    }
    let rest = RowCheckpoint(folder + "/checkpoint")
    #expect(rest.done == 1)
    let resumed = try StabilityTable.compute(
      specification, dataSet: dataSet, snapshots: SnapshotName.all(in: folder + "/run/snapshots"),
      file: { folder + "/run/" + $0 }, checkpoint: rest, report: { done, _ in #expect(done > 1) })
    #expect(resumed == table)

    func points(_ curve: String) throws -> [(x: Double, y: Double)] {
      let rows = table.filter { $0[0] == curve }
      return Array(zip(try rows.numbers("x"), try rows.numbers("y")))
    }
    #expect(try points("saddle").map(\.x) == [0, 1, 2])
    #expect(try points("saddle").allSatisfy { $0.y == 1 })
    #expect(try points("converged").allSatisfy { $0.y == 1 })
    // The trace of the normal Hessian is zero, and without normalisation its spectrum is symmetric.
    #expect(try points("asymmetry").allSatisfy { $0.y < 1e-4 })
    #expect(try points("normal-smallest").allSatisfy { $0.y < 0 })
    for curve in ["escape-first", "escape-last"] {
      let escape = try points(curve)
      #expect(escape.count == 6)
      #expect(abs(escape[0].y - 1e-3) < 1e-5, "the push has the size that was asked for")
    }
    #expect(try points("predicted-rate").count == 2)

    options.batches = 5
    #expect(throws: TrainingError.self) {
      try StabilityTable.compute(
        StabilitySpecification(seed: 5, data: training.data, model: training.model, options: options),
        dataSet: dataSet, snapshots: [], file: { $0 }, report: { _, _ in })
    }
  }

  @Test func optionsOutOfRangeAreNamed() {
    func key(_ change: (inout StabilityOptions) -> Void) -> String? {
      var options = StabilityOptions(
        factor: 2, images: 16, push: 1e-3, learningRate: 0.05, batches: 4, steps: 50)
      change(&options)
      do { try options.validate() } catch { return error.path }
      return nil
    }
    #expect(key { _ in } == nil)
    #expect(key { $0.factor = 1 } == "factor")
    #expect(key { $0.images = 1 } == "images")
    #expect(key { $0.push = 0 } == "push")
    #expect(key { $0.learningRate = -1 } == "learningRate")
    #expect(key { $0.batches = 0 } == "batches")
    #expect(key { $0.steps = 0 } == "steps")
  }
}
