import ContentStore
import Experiments
import Foundation
import ManifoldStability
import Mutations
import NeuralNetwork
import PlasticityMetrics
import PreparedImages
import Specifications
import Testing

@testable import Training

/// Promise: what a run, its measuring or its examination is told is refused in one line, or works to its end.
@Suite struct RunFuzzTests {
  private static let models: [JSONValue] = [
    [
      "architecture": "mlp", "hiddenSizes": [6, 4], "normalization": "batch", "dropout": 0.1,
      "activation": "tanh",
    ],
    [
      "architecture": "cnn", "channels": [2, 4], "hiddenSizes": [4], "normalization": "layer", "dropout": 0,
      "copies": 1, "affine": true,
    ],
    ["architecture": "resnet", "channels": [2], "blocks": [1, 1], "normalization": "batch", "dropout": 0],
    [
      "architecture": "vit", "embeddingSize": 8, "headWidth": 4, "heads": 2, "feedForwardSize": 8, "depth": 1,
      "patchSize": 4, "normalization": "layer", "dropout": 0,
    ],
  ]
  private static let optimizers: [JSONValue] = [
    ["kind": "sgd", "learningRate": 0.01, "momentum": 0.9, "nesterov": true, "weightDecay": 0.001],
    ["kind": "adam", "learningRate": 0.001, "betas": [0.9, 0.99], "epsilon": 1e-8],
    ["kind": "rmsprop", "learningRate": 0.001, "smoothing": 0.9],
    ["kind": "noisySGD", "learningRate": 0.01, "noiseScale": 0.01, "noiseDecay": 0.9],
    [
      "kind": "sgd", "learningRate": 0.01,
      "continualBackpropagation": ["replacementRate": 0.01, "maturity": 2, "decay": 0.9],
      "shrinkAndPerturb": ["shrink": 0.99, "standardDeviation": 0.001], "l2ToInitial": ["strength": 0.01],
      "gradientNoise": ["scale": 0.01, "decay": 0.9],
    ],
  ]

  private static func specification(by mutator: inout Mutator) -> JSONValue {
    var members: [String: JSONValue] = [
      "seed": 40, "model": models[mutator.draw(below: models.count)],
      "optimizer": optimizers[mutator.draw(below: optimizers.count)], "batchSize": 16, "firstEpoch": 0,
      "epochs": 2,
      "snapshotEvery": 1, "snapshotSteps": [1, 3], "loss": "crossEntropy",
    ]
    if mutator.draw(below: 3) == 0 {
      members["data"] = ["set": "cifar-10", "padding": 1, "flip": true]
      members["tasks"] = [
        "count": 2, "classes": 2, "epochs": 1, "imagesPerClass": 5, "start": "outputReset",
        "order": "disjoint",
        "passes": 1,
      ]
    } else {
      members["data"] = [
        "set": "cifar-10", "padding": 1, "flip": true, "trainingImages": 20, "validationImages": 10,
        "colorJitter": 0.1, "padMode": "reflect", "rotation": 15,
      ]
    }
    return .object(members)
  }

  @Test func aRunIsRefusedOrEnds() throws {
    let tiny = try TinyRun()
    var accepted = 0
    let cases = FuzzCases.numbers(500)
    for number in cases {
      var mutator = Mutator(number)
      let text = mutator.mutated(Self.specification(by: &mutator))
      let isAccepted = try FuzzCases.attempt(number, of: "run", text: text) {
        let specification = try Self.read(TrainingSpecification.self, text)
        try specification.validate()
        guard specification.epochs < 50, specification.batchSize < 100_000 else { return }
        let extent = try specification.model.validate(
          for: tiny.dataSet.shape, classes: 4, batchSize: min(specification.batchSize, 40))
        guard extent.bytes < 4_000_000 else { return }
        let folder = tiny.folder + "/run"
        try? FileManager.default.removeItem(atPath: folder)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        var steps = 0
        _ = try Trainer(specification: specification, dataSet: tiny.dataSet, start: nil, folder: folder).run(
          checkpointInterval: 1e9, shouldStop: { steps >= 30 }, report: { _ in steps += 1 })
      }
      accepted += isAccepted ? 1 : 0
    }
    FuzzCases.expectBoth(accepted, of: cases.count)
  }

  @Test func measuringIsRefusedOrEnds() throws {
    let tiny = try TinyRun()
    let files = try Self.train(in: tiny, model: Self.models[0])
    let base: JSONValue = [
      "seed": 40, "clone": 1, "model": Self.models[0], "loss": "crossEntropy",
      "data": ["set": "cifar-10", "padding": 1, "flip": true, "trainingImages": 20],
      "options": [
        "probeImages": 12, "deadMagnitude": 1e-5, "deadShare": 0.9, "duplicateCosine": 0.95,
        "saturatedRatio": 0.1,
        "saturatedShare": 0.9,
      ],
    ]
    var accepted = 0
    let cases = FuzzCases.numbers(400)
    for number in cases {
      var mutator = Mutator(number)
      let text = mutator.mutated(base)
      let isAccepted = try FuzzCases.attempt(number, of: "measuring", text: text) {
        let specification = try Self.read(MeasurementSpecification.self, text)
        try specification.validate()
        let extent = try specification.model.validate(for: tiny.dataSet.shape, classes: 4, batchSize: 1)
        guard extent.bytes < 4_000_000 else { return }
        try Measurer(specification: specification, dataSet: tiny.dataSet).run(
          snapshots: SnapshotName.all(among: files), file: { tiny.folder + "/base/" + $0 },
          writeTo: tiny.folder + "/metrics.csv", report: { _, _ in })
      }
      accepted += isAccepted ? 1 : 0
    }
    FuzzCases.expectBoth(accepted, of: cases.count)
  }

  @Test func anExaminationIsRefusedOrEnds() throws {
    let tiny = try TinyRun()
    let model: JSONValue = ["architecture": "mlp", "hiddenSizes": [3], "normalization": "none", "dropout": 0]
    let files = try Self.train(in: tiny, model: model)
    let base: JSONValue = [
      "seed": 40, "model": model, "data": ["set": "cifar-10", "padding": 1, "flip": true],
      "options": ["factor": 2, "images": 8, "push": 1e-4, "learningRate": 0.05, "batches": 2, "steps": 4],
    ]
    var accepted = 0
    let cases = FuzzCases.numbers(100)
    for number in cases {
      var mutator = Mutator(number)
      let text = mutator.mutated(base)
      let isAccepted = try FuzzCases.attempt(number, of: "examination", text: text) {
        let specification = try Self.read(StabilitySpecification.self, text)
        try specification.validate()
        guard specification.options.steps < 100, specification.options.images < 41,
          specification.model.model.linearWidths.reduce(0, +) < 40
        else { return }
        let subject = ExperimentSubject(
          dataFolder: tiny.folder + "/data", files: files, path: { tiny.folder + "/base/" + $0 })
        _ = try StabilityFamily().compute(JSONValue(encoding: specification), on: subject) { _, _ in }
      }
      accepted += isAccepted ? 1 : 0
    }
    FuzzCases.expectBoth(accepted, of: cases.count)
  }

  /// Trains a base for others to look at.
  private static func train(in tiny: TinyRun, model: JSONValue) throws -> [String] {
    let specification: TrainingSpecification = try JSONValue.object([
      "seed": 40, "model": model, "optimizer": optimizers[0], "batchSize": 16, "firstEpoch": 0, "epochs": 1,
      "snapshotEvery": 1, "data": ["set": "cifar-10", "padding": 1, "flip": true],
    ]).decoded()
    let folder = tiny.folder + "/base"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let outcome = try Trainer(
      specification: specification, dataSet: tiny.dataSet, start: nil, folder: folder
    ).run(checkpointInterval: 1e9, shouldStop: { false }, report: { _ in })
    guard case .finished(let files) = outcome else { return [] }
    return files
  }

  private static func read<Value: Decodable>(_ type: Value.Type, _ text: String) throws -> Value {
    do {
      return try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8)).decoded(as: type)
    } catch let error as DecodingError {
      // The stage says it in one line.
      throw SpecificationProblem("", "\(error)".inOneLine())
    }
  }
}
