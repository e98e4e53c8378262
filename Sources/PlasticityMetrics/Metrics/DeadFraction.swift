import LinearAlgebra

/// The share of units whose magnitude is below `deadMagnitude` in more than `deadShare` of the samples.
struct DeadFraction: LayerMetric {
  let name = "deadFraction"
  let thresholds: MetricThresholds

  func makeReading(of sample: LayerSample) -> any LayerReading {
    SilenceReading(thresholds: thresholds, units: sample.units)
  }
}

/// Counts how often each unit is silent.
private final class SilenceReading: LayerReading {
  private let thresholds: MetricThresholds
  private var silent: [Double]

  init(thresholds: MetricThresholds, units: Int) {
    self.thresholds = thresholds
    silent = [Double](repeating: 0, count: units)
  }

  func add(_ rows: LayerRows) {
    let limit = thresholds.deadMagnitude
    rows.activations.count(into: &silent) { activations, index, _ in activations[index].magnitude < limit }
  }

  func value(of sample: LayerSample) -> Double? {
    let needed = thresholds.deadShare * Double(sample.rows)
    return Double(silent.count { $0 > needed }) / Double(sample.units)
  }
}
