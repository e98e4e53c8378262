import Foundation
import LinearAlgebra

/// The exponential of the entropy of the normalised singular values, exp(−Σ p log p) with p = σ / Σσ
/// (Roy and Vetterli 2007), of the activations as they are, not centred, from at most `spectrumRows` rows.
///
/// As in the paper's released code 1e-12 is added inside the logarithm and the rank is 0 when Σσ < 1e-9.
struct EffectiveRank: GatheredMetric {
  let name = "effectiveRank"
  let thresholds: MetricThresholds

  func prepare(_ sample: LayerSample) { sample.keepRows(limit: thresholds.spectrumRows) }

  func value(of sample: LayerSample) throws -> Double? {
    try sample.withRows(limit: thresholds.spectrumRows) { rows in
      try Self.withoutSilentColumns(rows) { try Self.value(singularValues: $0.singularValues()) }
    }
  }

  /// The effective rank of a matrix with these singular values.
  static func value(singularValues: [Double]) -> Double {
    let sum = singularValues.reduce(0, +)
    guard sum >= 1e-9 else { return 0 }
    let entropy = singularValues.reduce(0) { $0 - $1 / sum * log($1 / sum + 1e-12) }
    return exp(entropy)
  }

  /// Columns of zeros (dead units) only add singular values that are zero, and those add nothing to the
  /// entropy: the decomposition is cheaper without them.
  private static func withoutSilentColumns<Result>(
    _ matrix: Matrix<Double>, _ body: (Matrix<Double>) throws -> Result
  ) rethrows -> Result {
    var silent = [Double](repeating: 0, count: matrix.columns)
    matrix.count(into: &silent) { elements, index, _ in elements[index] == 0 }
    let kept = silent.indices.filter { silent[$0] < Double(matrix.rows) }
    guard kept.count < matrix.columns else { return try body(matrix) }
    return try withScratch(rows: matrix.rows, columns: kept.count) { rest in
      for row in 0..<matrix.rows {
        for (target, source) in kept.enumerated() { rest[row, target] = matrix[row, source] }
      }
      return try body(rest)
    }
  }
}
