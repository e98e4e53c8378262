import DataSets
import Experiments
import Foundation
import LinearAlgebra
import NeuralNetwork
import PlasticityMetrics
import Tables

/// Looks at every snapshot of a run and writes `metrics.csv`: the work behind `measure`.
///
/// Every module of the network is measured, on both probes, by every metric of the registry; the quantities of
/// the run's history are carried over, so that a figure needs this one table.
public final class Measurer {
  /// The columns of `metrics.csv`.
  public static let columns = ["step", "epoch", "task", "model", "layer", "probe", "metric", "value"]

  private let specification: MeasurementSpecification
  private let network: Network<Float>
  private let probes: [ProbeBatch]
  private let metrics: [any LayerMetric]
  private let lossGradient: Matrix<Float>
  private let arena: Arena<Float>
  private let activations: DoubleCopy
  private let gradients: DoubleCopy
  private var rows: [[String]] = []

  public init(specification: MeasurementSpecification, dataSet: PreparedDataSet) {
    self.specification = specification
    network = specification.model.makeNetwork(
      of: Float.self, shape: dataSet.shape, classes: dataSet.classCount)
    probes = ProbeBatch.both(specification, dataSet: dataSet)
    let count = probes.map(\.inputs.rows).max() ?? 0
    network.reserve(batchSize: count)
    arena = Arena(capacity: Arena<Float>.footprint(rows: count, columns: dataSet.classCount))
    lossGradient = arena.take(rows: count, columns: dataSet.classCount)
    activations = DoubleCopy()
    gradients = DoubleCopy()
    metrics = LayerMetricRegistry.standard(thresholds: Self.thresholds(specification.options))
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
  ///   - report: called after each snapshot with how many are done and how many there are.
  /// - Throws: what reading a snapshot, a metric or writing the table throws.
  public func run(
    snapshots: [SnapshotName], file: (String) throws -> String, writeTo path: String,
    report: (Int, Int) throws -> Void
  ) throws {
    for row in try HistoryRow.read(try file("history.csv")) {
      for (name, value) in row.quantities {
        add(step: row.step, epoch: row.epoch, layer: "", probe: "", metric: name, value: value)
      }
    }
    for (index, name) in snapshots.enumerated() {
      let snapshot = try Snapshot(contentsOf: try file("snapshots/" + name.fileName))
      try network.load(snapshot)
      for probe in probes { try measure(name, on: probe) }
      try report(index + 1, snapshots.count)
    }
    try Table(columns: Self.columns, rows: rows).write(path)
  }

  private func measure(_ name: SnapshotName, on probe: ProbeBatch) throws {
    // Units are looked at as the network is used: running statistics, no dropout.
    pass(probe, mode: .evaluation)
    for index in network.layers.indices {
      let sample = LayerSample(
        activations: activations.fill(network.output(of: index)),
        gradients: gradients.fill(network.outputGradient(of: index)), seed: specification.seed)
      for metric in metrics {
        if let value = try metric.value(for: sample) {
          add(name, layer: index, probe: probe, metric: metric.name, value: value)
        }
      }
      if let factor = cloneFactor(ofLayer: index) {
        add(
          name, layer: index, probe: probe, metric: "cloningR2",
          value: cloningR2(sample.activations, factor: factor))
        if let gradients = sample.gradients {
          add(
            name, layer: index, probe: probe, metric: "cloningR2Backward",
            value: cloningR2(gradients, factor: factor))
        }
      }
    }
    guard specification.clone > 1 else { return }
    // The released code's R² is taken with batch statistics and with dropout at work.
    pass(probe, mode: .probing)
    for index in network.layers.indices {
      guard let factor = cloneFactor(ofLayer: index) else { continue }
      add(
        name, layer: index, probe: probe, metric: "cloningR2Released",
        value: cloningR2Released(activations.fill(network.output(of: index)), factor: factor))
      add(
        name, layer: index, probe: probe, metric: "cloningR2ReleasedBackward",
        value: cloningR2Released(
          gradients.fill(network.outputGradient(of: index)), factor: factor))
    }
  }

  /// Forward and backward on a probe, leaving every output and its gradient in the network.
  private func pass(_ probe: ProbeBatch, mode: StepContext.Mode) {
    let logits = network.forward(
      probe.inputs, in: StepContext(mode: mode, seed: specification.seed))
    let gradient = lossGradient.prefix(rows: logits.rows)
    _ = CrossEntropy.evaluate(logits: logits, labels: probe.labels, gradient: gradient)
    network.backward(gradient)
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
      step: name.step, epoch: name.epoch, layer: network.layers[layer].name, probe: probe.name,
      metric: metric, value: value)
  }

  private func add(
    step: Int, epoch: Int, layer: String, probe: String, metric: String, value: Double
  ) {
    let model = specification.clone > 1 ? "clone" : "base"
    rows.append(["\(step)", "\(epoch)", "0", model, layer, probe, metric, "\(value)"])
  }
}
