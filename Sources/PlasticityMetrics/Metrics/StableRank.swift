import LinearAlgebra

/// ‖H̃‖_F⁴ / tr((H̃ᵀH̃)²) of the activations H̃, centred by unit, from at most `spectrumRows` rows: the Rényi-2
/// effective rank of their covariance. It is 0 when ‖H̃‖_F < 1e-9 (all units constant).
struct StableRank: GatheredMetric {
  let name = "stableRank"
  let thresholds: MetricThresholds

  func prepare(_ sample: LayerSample) { sample.keepRows(limit: thresholds.spectrumRows) }

  func value(of sample: LayerSample) throws -> Double? {
    try sample.spectrum(limit: thresholds.spectrumRows).stableRank
  }

  /// The stable rank by sums over products, or nil if these are too inaccurate: where units hardly vary about their
  /// means.
  static func value(products: CentredProducts) -> Double? {
    let relative = products.error / products.trace + products.error / products.squares.squareRoot()
    guard products.trace >= 1e-18, 2 * relative <= Spectrum.tolerance else { return nil }
    return products.trace * products.trace / products.squares
  }

  /// The stable rank of samples × units.
  static func value(of matrix: Matrix<Double>) -> Double {
    let moments = UnitMoments(of: matrix)
    let total = moments.squaredDeviations.reduce(0, +)
    guard total >= 1e-18 else { return 0 }
    let columns = matrix.columns
    // H̃H̃ᵀ has the same non-zero spectrum as H̃ᵀH̃: take the smaller of the two.
    let tall = matrix.rows >= columns
    let size = min(matrix.rows, columns)
    return withScratch(rows: matrix.rows, columns: columns) { centred in
      for row in 0..<matrix.rows {
        let values = matrix.elements + row * columns
        let results = centred.elements + row * columns
        for column in 0..<columns { results[column] = values[column] - moments.means[column] }
      }
      return withScratch(rows: size, columns: size) { products in
        products.setProduct(of: centred, transposed: tall, and: centred, transposed: !tall)
        return total * total / products.buffer.reduce(0) { $0 + $1 * $1 }
      }
    }
  }
}
