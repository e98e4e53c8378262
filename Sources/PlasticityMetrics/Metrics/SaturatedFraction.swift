import LinearAlgebra

/// The share of units whose gradient, relative to the unit's mean absolute activation, is below
/// `saturatedRatio` in more than `saturatedShare` of the samples. The mean is taken as at least 1e-12.
///
/// What a gradient is compared with is known only after the last row. But more than so many gradients are below a
/// limit exactly if a certain one of the largest is, so it is enough to keep these few: with the paper's share one
/// in a hundred. (Memory grows with 1 − `saturatedShare`.)
struct SaturatedFraction: LayerMetric {
  let name = "saturatedFraction"
  let thresholds: MetricThresholds

  func makeReading(of sample: LayerSample) -> any LayerReading {
    SaturationReading(thresholds: thresholds, sample: sample)
  }
}

private final class SaturationReading: LayerReading {
  private let ratio: Double
  private var magnitudes: [Double]
  private let gradients: LargestMagnitudes

  init(thresholds: MetricThresholds, sample: LayerSample) {
    ratio = thresholds.saturatedRatio
    magnitudes = [Double](repeating: 0, count: sample.units)
    // The fewest vanishing gradients of a saturated unit; the largest of that many smallest decides.
    let rows = Double(sample.rows)
    let fewest = min(max((thresholds.saturatedShare * rows).rounded(.down) + 1, 0), rows + 1)
    gradients = LargestMagnitudes(units: sample.units, rows: sample.rows, kept: sample.rows + 1 - Int(fewest))
  }

  func add(_ rows: LayerRows) {
    guard let gradients = rows.gradients else { return }
    self.gradients.add(gradients)
    let activations = rows.activations
    magnitudes.withUnsafeMutableBufferPointer { magnitudes in
      for row in 0..<activations.rows {
        let values = activations.elements + row * activations.columns
        for unit in 0..<activations.columns { magnitudes[unit] += values[unit].magnitude }
      }
    }
  }

  func value(of sample: LayerSample) -> Double? {
    guard sample.hasFiniteGradients else { return nil }
    let saturated = magnitudes.indices.count { unit in
      let limit = ratio * max(magnitudes[unit] / Double(sample.rows), 1e-12)
      return gradients.smallestKept(unit) < limit
    }
    return Double(saturated) / Double(sample.units)
  }
}
