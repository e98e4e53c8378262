import Foundation
import ImageBatches
import ImageSources
import LinearAlgebra
import NeuralNetwork
import PlasticityMetrics
import PreparedImages
import Specifications
import Tables
import Testing
import Training

/// Promise: a model, an optimiser, a remedy, an activation or a metric costs a file and a line in its registry.
@Suite struct ExtensionTests {
  /// One that knows the additions besides all that there is.
  private static func decoder() -> JSONDecoder {
    let decoder = JSONDecoder()
    decoder.userInfo[.models] = ModelRegistry.standard + [Shallow.self]
    decoder.userInfo[.optimizers] = OptimizerRegistry.standard + [SignDescentRule.self]
    decoder.userInfo[.remedies] = RemedyRegistry.standard + [BoxRemedy.self]
    decoder.userInfo[.activations] = ActivationRegistry.standard + [ActivationKind(Cube.self)]
    return decoder
  }

  private static func block(width: Int = 6, size: Double = 0.01) -> Data {
    Data(
      """
      {
        "seed": 3, "data": { "set": "cifar-10", "padding": 0, "flip": false },
        "model": { "architecture": "shallow", "width": \(width), "activation": "cube", "dropout": 0 },
        "optimizer": { "kind": "signDescent", "learningRate": 0.001, "box": { "size": \(size) } },
        "batchSize": 16, "firstEpoch": 0, "epochs": 1, "snapshotEvery": 1
      }
      """.utf8)
  }

  @Test func whatWasAddedIsReadTrainedAndMeasured() throws {
    let folder = FileManager.default.temporaryDirectory.path + "/extension-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for name in ["data", "run"] {
      try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
    }
    let recipe = SyntheticRecipe(
      shape: ImageShape(channels: 3, height: 8, width: 8), classCount: 4, trainingCount: 32,
      validationCount: 10)
    try DataSetSource(description: .cifar10, origin: .synthetic(recipe)).prepare(into: folder + "/data")
    let dataSet = try PreparedDataSet(folder: folder + "/data")

    let specification = try Self.decoder().decode(TrainingSpecification.self, from: Self.block())
    #expect(specification.optimizer.stateName == "signDescent+box")
    // Two steps.
    let trainer = try Trainer(
      specification: specification, dataSet: dataSet, start: nil, folder: folder + "/run")
    _ = try trainer.run(checkpointInterval: 1e9, shouldStop: { false }, report: { _ in })
    let snapshots = try SnapshotName.all(in: folder + "/run/snapshots")
    #expect(snapshots.map(\.step) == [0, 2])
    let last = try Snapshot(contentsOf: folder + "/run/snapshots/" + (try #require(snapshots.last)).fileName)
    let tensor = try #require(last.tensors["hidden.weight"])
    #expect(tensor.shape == [6, 192])
    guard case .single(let weights) = tensor.elements else {
      Issue.record("training is in single precision")
      return
    }
    #expect(weights.map(abs).max() == 0.01, "the box was at work: weights begin in ± 0.07")

    let measurer = try Measurer(
      specification: MeasurementSpecification(
        seed: 3, data: specification.data, model: specification.model, clone: 1,
        options: try JSONDecoder().decode(
          MeasurementOptions.self, from: Data(#"{ "probeImages": 10 }"#.utf8))),
      dataSet: dataSet, adding: [RowCount()])
    try measurer.run(
      snapshots: snapshots, file: { folder + "/run/" + $0 }, writeTo: folder + "/metrics.csv",
      report: { _, _ in })
    let table = try String(contentsOfFile: folder + "/metrics.csv", encoding: .utf8)
    #expect(table.contains("act,training,rowCount,10"), "\(table.prefix(2_000))")
  }

  @Test func whatWasAddedIsValidatedAndWrittenAsItWasRead() throws {
    let specification = try Self.decoder().decode(TrainingSpecification.self, from: Self.block())
    #expect(
      try Self.decoder().decode(TrainingSpecification.self, from: JSONEncoder().encode(specification))
        == specification)
    for (block, path) in [
      (Self.block(width: 0), "model.width"), (Self.block(size: -1), "optimizer.box.size"),
    ] {
      let wrong = try Self.decoder().decode(TrainingSpecification.self, from: block)
      let problem = #expect(throws: SpecificationProblem.self) { try wrong.validate() }
      #expect(problem?.path == path)
    }
  }

  @Test func whatWasNotAddedIsUnknown() throws {
    let error = #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(TrainingSpecification.self, from: Self.block())
    }
    guard case .dataCorrupted(let context)? = error else {
      Issue.record("expected what is known, got \(String(describing: error))")
      return
    }
    #expect(context.codingPath.map(\.stringValue) == ["model", "architecture"])
    #expect(context.debugDescription == "is 'shallow'; known: cnn, convnet, mlp, resnet, vit")
  }
}
