import LinearAlgebra

/// The mean over units of the Kolmogorov–Smirnov distance D between the unit's standardised activations (mean
/// and n − 1 deviation from the sample) and the standard normal distribution, from at most `shapeRows` rows. A
/// constant unit counts as 1. Not defined below three samples.
struct KolmogorovSmirnov: GatheredMetric {
  let name = "kolmogorovSmirnov"
  let thresholds: MetricThresholds

  func prepare(_ sample: LayerSample) { sample.keepRows(limit: thresholds.shapeRows) }

  func value(of sample: LayerSample) -> Double? {
    guard sample.rows >= 3 else { return nil }
    let units = sample.shapes(limit: thresholds.shapeRows)
    return units.mean(of: units.distances, worst: 1)
  }
}
