import Foundation
import ImageBatches
import ImageSources
import LinearAlgebra
import NeuralNetwork
import PreparedImages
import Tables
import Testing

@testable import PlasticityMetrics
@testable import Training

/// Runs through tasks are measured on images of the task that was trained last.
@Suite struct TaskMeasurementTests {
  private let folder = FileManager.default.temporaryDirectory.path + "/tasks-\(UUID().uuidString)"
  private let dataSet: PreparedDataSet
  private let training: TrainingSpecification
  private let measuring: MeasurementSpecification

  init() throws {
    let data = folder + "/data"
    try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
    let recipe = SyntheticRecipe(
      shape: ImageShape(channels: 3, height: 16, width: 16), classCount: 4, trainingCount: 80,
      validationCount: 40)
    try DataSetSource(description: .cifar10, origin: .synthetic(recipe)).prepare(into: data)
    dataSet = try PreparedDataSet(folder: data)
    let tasks = TaskSpecification(count: 2, classes: 2, epochs: 2, imagesPerClass: 15)
    training = TrainingSpecification(
      seed: 3, data: .init(set: "cifar-10", padding: 2, flip: true),
      model: AnyModel(MLP(hiddenSizes: [12])),
      optimizer: OptimizerSpecification(AdamRule(learningRate: 0.01)), batchSize: 10, firstEpoch: 0,
      epochs: 4, tasks: tasks, snapshotEvery: 1)
    measuring = MeasurementSpecification(
      seed: 3, data: training.data, model: training.model, clone: 1, tasks: tasks,
      options: MeasurementOptions(probeImages: 20))
  }

  private func probes(ofTask number: Int) throws -> (task: Curriculum.Lesson, probes: [ProbeBatch]) {
    let task = try Curriculum(try #require(training.tasks), dataSet: dataSet, seed: 3).lessons[number]
    return (task, ProbeBatch.all(measuring, dataSet: dataSet, lesson: task))
  }

  @Test func aProbeHoldsTheTasksFirstImages() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for number in 0..<2 {
      let (task, probes) = try probes(ofTask: number)
      let training = task.training.prefix(20).map { dataSet.training.labels[Int($0)] }
      #expect(Array(probes[0].batch.labels) == training)
      let validation = task.validation.prefix(20).map { dataSet.validation.labels[Int($0)] }
      #expect(Array(probes[1].batch.labels) == validation)
      let classes = try #require(task.classes)
      let network = self.training.model.makeNetwork(of: Float.self, shape: dataSet.shape, classes: 4)
      network.initialize(seed: 1)
      let pass = ProbePass(network, seed: 1, images: 20)
      pass.run(probes[0], mode: .evaluation) { layer, _, gradient in
        guard layer == network.layers.count - 1 else { return }
        // Classes of other tasks have no part in the loss.
        for row in 0..<gradient.rows {
          for label in 0..<4 { #expect((gradient[row, label] != 0) == classes.contains(Int32(label))) }
        }
      }
    }
  }

  @Test func everySnapshotIsMeasuredOnItsTask() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let trainer = try Trainer(specification: training, dataSet: dataSet, start: nil, folder: folder)
    _ = try trainer.run(checkpointInterval: 1e9, shouldStop: { false }, report: { _ in })
    try Measurer(specification: measuring, dataSet: dataSet).run(
      snapshots: try SnapshotName.all(in: folder + "/snapshots"), file: { folder + "/" + $0 },
      writeTo: folder + "/metrics.csv", report: { _, _ in })
    let table = try CSVReader.read(folder + "/metrics.csv")
    let rows = table.rows.map { Dictionary(uniqueKeysWithValues: zip(table.columns, $0)) }
    // Thirty images in batches of ten. What ends a task belongs to it.
    let measured = rows.filter {
      $0["metric"] == "unitMean" && $0["layer"] == "act_1" && $0["probe"] == "training"
    }
    #expect(measured.map { $0["step"] } == ["0", "3", "6", "9", "12"])
    #expect(measured.map { $0["task"] } == ["0", "0", "0", "1", "1"])
    let accuracy = rows.filter { $0["metric"] == "trainingAccuracy" }
    #expect(accuracy.map { $0["task"] } == ["0", "0", "1", "1"])
    // The same by hand: the mean of the hidden layer on the probe of the task.
    let network = training.model.makeNetwork(of: Float.self, shape: dataSet.shape, classes: 4)
    network.reserve(batchSize: 20)
    for (index, name) in try SnapshotName.all(in: folder + "/snapshots").enumerated() {
      try network.load(try Snapshot(contentsOf: folder + "/snapshots/" + name.fileName))
      let (_, probes) = try probes(ofTask: index < 3 ? 0 : 1)
      network.forward(probes[0].batch, in: StepContext(mode: .evaluation))
      let hidden = network.output(of: 1)
      var sum = 0.0
      for place in 0..<hidden.count { sum += Double(hidden.elements[place]) }
      let value = try #require(measured[index]["value"].flatMap(Double.init))
      #expect(abs(value - sum / Double(hidden.count)) < 1e-5)
    }
  }
}
