import LinearAlgebra

/// The mean over units of 1 − W, where W is the Shapiro–Wilk statistic (Royston's AS R94) of the unit's
/// activations, from at most `shapeRows` rows. A constant unit counts as 1. Not defined below three samples.
struct NonGaussianity: GatheredMetric {
  let name = "nonGaussianity"
  let thresholds: MetricThresholds

  func prepare(_ sample: LayerSample) { sample.keepRows(limit: thresholds.shapeRows) }

  func value(of sample: LayerSample) -> Double? {
    guard sample.rows >= ShapiroWilk.sizes.lowerBound else { return nil }
    let units = sample.shapes(limit: thresholds.shapeRows)
    // Standardised by n − 1, the squares of every unit add up to n − 1.
    let squares = Double(units.count - 1)
    return units.mean(of: units.weightedSums.map { max(0, 1 - $0 * $0 / squares) }, worst: 1)
  }
}
