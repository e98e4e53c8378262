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
    let units = sample.sortedUnits(limit: thresholds.shapeRows)
    let columns = units.values.columns
    let tails = units.tails
    let step = 1 / Double(units.values.rows)
    var distances = [Double](repeating: 0, count: columns)
    for row in 0..<units.values.rows {
      let before = Double(row) * step
      for column in 0..<columns {
        let tail = tails[row, column]
        let probability = units.values[row, column] < 0 ? tail : 1 - tail
        distances[column] = max(distances[column], probability - before, before + step - probability)
      }
    }
    return units.mean(of: distances, worst: 1)
  }
}
