import LinearAlgebra

/// The mean over units of 1 − W, where W is the Shapiro–Wilk statistic (Royston's AS R94) of the unit's
/// activations, from at most `shapeRows` rows. A constant unit counts as 1. Not defined below three samples.
struct NonGaussianity: GatheredMetric {
  let name = "nonGaussianity"
  let thresholds: MetricThresholds

  func prepare(_ sample: LayerSample) { sample.keepRows(limit: thresholds.shapeRows) }

  func value(of sample: LayerSample) -> Double? {
    guard sample.rows >= ShapiroWilk.sizes.lowerBound else { return nil }
    let units = sample.sortedUnits(limit: thresholds.shapeRows)
    let values = units.values
    var sums = [Double](repeating: 0, count: values.columns)
    for (row, weight) in ShapiroWilk.weights(count: values.rows).enumerated() {
      let sorted = values.elements + row * values.columns
      for column in 0..<values.columns { sums[column] += weight * sorted[column] }
    }
    // Standardised by n − 1, the squares of every unit add up to n − 1.
    let squares = Double(values.rows - 1)
    return units.mean(of: sums.map { max(0, 1 - $0 * $0 / squares) }, worst: 1)
  }
}
