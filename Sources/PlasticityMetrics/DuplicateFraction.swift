import LinearAlgebra

/// The share of units j for which some later unit k > j has a cosine above `duplicateCosine` to it.
///
/// The cosine is between the units' activations over the samples, not centred. Of a group of equal units all
/// but the last count, so the complement is the share of distinct units. A unit of norm below 1e-12 has no
/// direction and duplicates none.
struct DuplicateFraction: LayerMetric {
  let name = "duplicateFraction"
  let thresholds: MetricThresholds

  /// Units a product, which bounds the memory of wide layers: this many rows of the matrix of cosines.
  private static let block = 512

  func value(for sample: LayerSample) -> Double? {
    guard sample.isMeasurable else { return nil }
    let activations = sample.activations
    let units = activations.columns
    var duplicates = 0
    withScratch(rows: activations.rows, columns: units) { normalized in
      Self.normalizeColumns(of: activations, into: normalized)
      let block = min(Self.block, units)
      withScratch(rows: block, columns: units) { cosines in
        for first in stride(from: 0, to: units, by: block) {
          let height = min(block, units - first)
          let width = units - first
          Double.gemm(
            transposeA: true, transposeB: false, m: height, n: width, k: activations.rows, alpha: 1,
            a: normalized.elements + first, strideA: units, b: normalized.elements + first, strideB: units,
            beta: 0, c: cosines.elements, strideC: width)
          for unit in 0..<height {
            let row = UnsafeBufferPointer(start: cosines.elements + unit * width, count: width)
            if row[(unit + 1)...].contains(where: { $0 > thresholds.duplicateCosine }) { duplicates += 1 }
          }
        }
      }
    }
    return Double(duplicates) / Double(units)
  }

  /// Columns divided by their Euclidean norms.
  private static func normalizeColumns(of source: Matrix<Double>, into target: Matrix<Double>) {
    let units = source.columns
    var scales = [Double](repeating: 0, count: units)
    scales.withUnsafeMutableBufferPointer { scales in
      for row in 0..<source.rows {
        let values = source.elements + row * units
        for unit in 0..<units { scales[unit] += values[unit] * values[unit] }
      }
      for unit in 0..<units { scales[unit] = 1 / max(scales[unit].squareRoot(), 1e-12) }
      for row in 0..<source.rows {
        let values = source.elements + row * units
        let results = target.elements + row * units
        for unit in 0..<units { results[unit] = values[unit] * scales[unit] }
      }
    }
  }
}
