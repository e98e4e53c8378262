import LinearAlgebra

/// The share of units whose gradient, relative to the unit's mean absolute activation, is below
/// `saturatedRatio` in more than `saturatedShare` of the samples. The mean is taken as at least 1e-12.
struct SaturatedFraction: LayerMetric {
  let name = "saturatedFraction"
  let thresholds: MetricThresholds

  func value(for sample: LayerSample) -> Double? {
    guard sample.isMeasurable, let gradients = sample.gradients, gradients.isFinite else { return nil }
    let activations = sample.activations
    var limits = [Double](repeating: 0, count: activations.columns)
    for row in 0..<activations.rows {
      let values = activations.elements + row * activations.columns
      for column in limits.indices { limits[column] += values[column].magnitude }
    }
    for column in limits.indices {
      limits[column] = thresholds.saturatedRatio * max(limits[column] / Double(activations.rows), 1e-12)
    }
    let vanishing = limits.withUnsafeBufferPointer { limits in
      gradients.countPerColumn { gradients, index, column in gradients[index].magnitude < limits[column] }
    }
    let needed = thresholds.saturatedShare * Double(activations.rows)
    return Double(vanishing.count { $0 > needed }) / Double(activations.columns)
  }
}
