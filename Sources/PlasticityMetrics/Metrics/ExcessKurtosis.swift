import LinearAlgebra

/// The mean over units of |m₄ / m₂² − 3| with biased central moments, capped at 10, from at most `shapeRows`
/// rows. A constant unit counts as 10. Not defined below three samples.
struct ExcessKurtosis: GatheredMetric {
  let name = "excessKurtosis"
  let thresholds: MetricThresholds

  /// The largest value of a unit.
  static let cap = 10.0

  func prepare(_ sample: LayerSample) { sample.keepRows(limit: thresholds.shapeRows) }

  func value(of sample: LayerSample) -> Double? {
    guard sample.rows >= 3 else { return nil }
    let units = sample.shapes(limit: thresholds.shapeRows)
    // Standardised by n − 1: m₂ is (n − 1) / n.
    let size = Double(units.count)
    let second = (size - 1) / size
    return units.mean(
      of: units.fourthPowers.map { min(Self.cap, ($0 / size / (second * second) - 3).magnitude) },
      worst: Self.cap)
  }
}
