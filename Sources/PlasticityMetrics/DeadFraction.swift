import LinearAlgebra

/// The share of units whose magnitude is below `deadMagnitude` in more than `deadShare` of the samples.
struct DeadFraction: LayerMetric {
  let name = "deadFraction"
  let thresholds: MetricThresholds

  func value(for sample: LayerSample) -> Double? {
    guard sample.isMeasurable else { return nil }
    let activations = sample.activations
    let limit = thresholds.deadMagnitude
    let silent = activations.countPerColumn { activations, index, _ in
      activations[index].magnitude < limit
    }
    let needed = thresholds.deadShare * Double(activations.rows)
    return Double(silent.count { $0 > needed }) / Double(activations.columns)
  }
}

extension Matrix<Double> {
  /// For each column the number of rows for which `holds(elements, index, column)` is true.
  @inline(__always)
  func countPerColumn(_ holds: (UnsafeMutablePointer<Double>, Int, Int) -> Bool) -> [Double] {
    var counts = [Double](repeating: 0, count: columns)
    counts.withUnsafeMutableBufferPointer { counts in
      for row in 0..<rows {
        let start = row * columns
        for column in 0..<columns {
          counts[column] += holds(elements, start + column, column) ? 1 : 0
        }
      }
    }
    return counts
  }
}
