import ContentStore
import Foundation
import ImageBatches
import LinearAlgebra
import NeuralNetwork
import PreparedImages
import Specifications
import Tables
import Training

/// Looks at every snapshot of a run and writes `metrics.csv`: the work behind `measure`.
///
/// Every module of the network is measured, on every probe, by every metric of the registry; the quantities of
/// the run's history are carried over, so that a figure needs this one table.
public final class Measurer {
  /// The columns of `metrics.csv`.
  public static let columns = ["step", "epoch", "task", "model", "layer", "probe", "metric", "value"]

  private let specification: MeasurementSpecification
  private let dataSet: PreparedDataSet
  private let network: Network<Float>
  private let curriculum: Curriculum?
  /// Those of ``lesson``.
  private var probes: [ProbeBatch]
  private var lesson = 0
  private let metrics: [any LayerMetric]
  private let pass: ProbePass
  /// Whether the network does the same with batch statistics and dropout as without: it has neither.
  private let isTheSameInProbing: Bool
  private var rows: [[String]] = []

  /// - Parameter more: metrics besides those of the registry.
  /// - Throws: what making the ``Curriculum`` throws.
  public init(
    specification: MeasurementSpecification, dataSet: PreparedDataSet, adding more: [any LayerMetric] = []
  ) throws {
    self.specification = specification
    self.dataSet = dataSet
    // Batches are cut until they fit: one image has to.
    let extent = try specification.model.validate(
      for: dataSet.shape, classes: dataSet.classCount, batchSize: 1)
    try requireMemory(extent.bytes, "model")
    network = specification.model.makeNetwork(
      of: Float.self, shape: dataSet.shape, classes: dataSet.classCount)
    curriculum = try specification.tasks.map {
      try Curriculum($0, dataSet: dataSet, seed: specification.seed)
    }
    probes =
      curriculum.map { ProbeBatch.all(specification, dataSet: dataSet, lesson: $0.lessons[0]) }
      ?? ProbeBatch.all(specification, dataSet: dataSet)
    pass = ProbePass(
      network, seed: specification.seed, loss: specification.loss ?? .crossEntropy,
      images: probes.map(\.batch.count).max() ?? 0,
      copiesSharingMasks: specification.copiesSharingMasks ?? 1)
    let normalized = specification.model.model as? any NormalizedModel
    isTheSameInProbing =
      specification.model.dropout == 0 && normalized.map { $0.normalization != .batch } ?? false
    metrics = LayerMetricRegistry.standard(thresholds: Self.thresholds(specification.options)) + more
  }

  private static func thresholds(_ options: MeasurementOptions) -> MetricThresholds {
    var thresholds = MetricThresholds()
    if let value = options.deadMagnitude { thresholds.deadMagnitude = value }
    if let value = options.deadShare { thresholds.deadShare = value }
    if let value = options.duplicateCosine { thresholds.duplicateCosine = value }
    if let value = options.saturatedRatio { thresholds.saturatedRatio = value }
    if let value = options.saturatedShare { thresholds.saturatedShare = value }
    return thresholds
  }

  /// Measures the run in `folder` and writes the table to `path`.
  ///
  /// - Parameters:
  ///   - file: gives the verified path of a file of the run.
  ///   - checkpoint: keeps what was measured, from which an interrupted measurement goes on.
  ///   - report: called after each snapshot with how many are done and how many there are.
  /// - Throws: what reading a snapshot, a metric or writing the table throws.
  public func run(
    snapshots: [SnapshotName], file: (String) throws -> String, writeTo path: String,
    checkpoint: RowCheckpoint? = nil, report: (Int, Int) throws -> Void
  ) throws {
    for row in try HistoryRow.read(try file("history.csv")) {
      for (name, value) in row.quantities {
        add(
          step: row.step, epoch: row.epoch, task: row.task, layer: "", probe: "", metric: name, value: value)
      }
    }
    let done = checkpoint?.done ?? 0
    if let checkpoint, done > 0 { rows = checkpoint.rows }
    for (index, name) in snapshots.enumerated().dropFirst(done) {
      let snapshot = try Snapshot(contentsOf: try file("snapshots/" + name.fileName))
      try network.load(snapshot)
      choose(lesson: curriculum?.lesson(after: name.epoch) ?? 0)
      for probe in probes { try measure(name, on: probe) }
      try checkpoint?.keep(done: index + 1, rows: rows)
      do { try report(index + 1, snapshots.count) } catch {
        try checkpoint?.write()
        throw error
      }
    }
    try Table(columns: Self.columns, rows: rows).write(path)
  }

  /// A probe is cut into parts of the size that was reserved, whatever its number of images.
  private func choose(lesson number: Int) {
    guard let curriculum, number != lesson else { return }
    lesson = number
    probes = ProbeBatch.all(specification, dataSet: dataSet, lesson: curriculum.lessons[number])
  }

  private func measure(_ name: SnapshotName, on probe: ProbeBatch) throws {
    // Units are looked at as the network is used: running statistics, no dropout.
    var layers = [LayerMeasurement?](repeating: nil, count: network.layers.count)
    var released = ReleasedScores(factors: network.layers.indices.map(cloneFactor(ofLayer:)))
    // The released code's R² is taken with batch statistics and with dropout at work, here in batches of the size of
    // the probe's parts.
    let looksTwice = specification.clone > 1 && !isTheSameInProbing
    pass.run(probe, modes: looksTwice ? [.evaluation, .probing] : [.evaluation]) {
      mode, index, output, gradient in
      if mode == .probing || isTheSameInProbing { released.add(output, gradient, ofLayer: index) }
      guard mode == .evaluation, !handsOnItsInput(layer: index) else { return }
      let layer = layers[index] ?? makeMeasurement(ofLayer: index, output: output, probe: probe)
      layers[index] = layer
      layer.add(output, gradient)
    }
    var values: [(metric: String, value: Double)] = []
    for index in layers.indices {
      if let layer = layers[index] { values = try layer.values() }
      for (metric, value) in values {
        add(name, layer: index, probe: probe, metric: metric, value: value)
      }
      // What a layer kept goes before the next one's decompositions take memory.
      layers[index] = nil
    }
    for (index, score) in released.layers.enumerated() {
      guard let score else { continue }
      let names = MeasuredQuantities.releasedCloning
      add(name, layer: index, probe: probe, metric: names.forward, value: score.forward.value)
      add(name, layer: index, probe: probe, metric: names.backward, value: score.backward.value)
    }
  }

  /// Whether a layer does nothing in the last pass, as dropout in evaluation: what there is to say of it is what
  /// there is to say of the layer before.
  private func handsOnItsInput(layer index: Int) -> Bool {
    guard index > 0 else { return false }
    let (output, input) = (network.output(of: index), network.output(of: index - 1))
    return output.isView(of: input) && cloneFactor(ofLayer: index) == cloneFactor(ofLayer: index - 1)
  }

  /// For a layer that emits `output` in a first part of a probe.
  private func makeMeasurement(
    ofLayer index: Int, output: Matrix<Float>, probe: ProbeBatch
  ) -> LayerMeasurement {
    let images = probe.batch.count
    let rows = output.rows / pass.parts(of: images)[0].count * images
    return LayerMeasurement(
      sample: LayerSample(rows: rows, units: output.columns, seed: specification.seed, metrics: metrics),
      cloneFactor: cloneFactor(ofLayer: index))
  }

  /// How many copies of each unit a layer emits; nil for a network that was never cloned, for layers that only
  /// rearrange the input, and for the output layer, whose classes are not copied.
  private func cloneFactor(ofLayer index: Int) -> Int? {
    guard specification.clone > 1, index < network.layers.count - 1,
      network.layers[...index].contains(where: { !$0.parameters.isEmpty })
    else { return nil }
    return specification.clone
  }

  private func add(
    _ name: SnapshotName, layer: Int, probe: ProbeBatch, metric: String, value: Double
  ) {
    add(
      step: name.step, epoch: name.epoch, task: curriculum?.lessons[lesson].task ?? 0,
      layer: network.layers[layer].name, probe: probe.name, metric: metric, value: value)
  }

  private func add(
    step: Int, epoch: Int, task: Int, layer: String, probe: String, metric: String, value: Double
  ) {
    let model = specification.clone > 1 ? "clone" : "base"
    rows.append(["\(step)", "\(epoch)", "\(task)", model, layer, probe, metric, "\(value)"])
  }
}
