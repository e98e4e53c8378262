import LinearAlgebra

/// The share of units j for which some later unit k > j has a cosine above `duplicateCosine` to it.
///
/// The cosine is between the units' activations over the samples, not centred. Of a group of equal units all
/// but the last count, so the complement is the share of distinct units. A unit of norm below 1e-12 has no
/// direction and duplicates none.
struct DuplicateFraction: LayerMetric {
  let name = "duplicateFraction"
  let thresholds: MetricThresholds

  /// The products of all pairs of units take less memory than the rows themselves unless the layer is wider than
  /// the sample is tall.
  func makeReading(of sample: LayerSample) -> any LayerReading {
    let cosine = thresholds.duplicateCosine
    return sample.units > sample.rows
      ? WideDuplicates(cosine: cosine, sample: sample) : TallDuplicates(cosine: cosine, sample: sample)
  }

  /// What a unit's activations are multiplied by to have unit length.
  fileprivate static func scale(squaredNorm: Double) -> Double { 1 / max(squaredNorm.squareRoot(), 1e-12) }
}

/// Duplicates of a layer with at least as many rows as units: looks at the products of all pairs of units.
private final class TallDuplicates: LayerReading {
  private let cosine: Double

  init(cosine: Double, sample: LayerSample) {
    self.cosine = cosine
    sample.gatherProducts()
  }

  func add(_ rows: LayerRows) {}

  func value(of sample: LayerSample) -> Double? {
    let units = sample.units
    let products = sample.unitProducts
    let scales = (0..<units).map { DuplicateFraction.scale(squaredNorm: products[$0, $0]) }
    let duplicates = (0..<units).count { unit in
      (unit + 1..<units).contains { products[unit, $0] * scales[unit] * scales[$0] > cosine }
    }
    return Double(duplicates) / Double(units)
  }
}

/// Duplicates of a layer with more units than rows: keeps the rows.
private final class WideDuplicates: LayerReading {
  private let cosine: Double

  /// Units a product, which bounds its memory: this many rows of the matrix of cosines.
  private static let block = 512

  init(cosine: Double, sample: LayerSample) {
    self.cosine = cosine
    sample.keepRows(limit: sample.rows)
  }

  func add(_ rows: LayerRows) {}

  func value(of sample: LayerSample) -> Double? {
    let units = sample.units
    let duplicates = sample.withRows(limit: sample.rows) { activations in
      withScratch(rows: activations.rows, columns: units) { normalized in
        Self.normalizeColumns(of: activations, into: normalized)
        return countDuplicates(normalized)
      }
    }
    return Double(duplicates) / Double(units)
  }

  private func countDuplicates(_ normalized: Matrix<Double>) -> Int {
    let units = normalized.columns
    let block = min(Self.block, units)
    var duplicates = 0
    withScratch(rows: block, columns: units) { cosines in
      for first in stride(from: 0, to: units, by: block) {
        let height = min(block, units - first)
        let width = units - first
        Double.gemm(
          transposeA: true, transposeB: false, m: height, n: width, k: normalized.rows, alpha: 1,
          a: normalized.elements + first, strideA: units, b: normalized.elements + first, strideB: units,
          beta: 0, c: cosines.elements, strideC: width)
        for unit in 0..<height {
          let row = UnsafeBufferPointer(start: cosines.elements + unit * width, count: width)
          if row[(unit + 1)...].contains(where: { $0 > cosine }) { duplicates += 1 }
        }
      }
    }
    return duplicates
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
      for unit in 0..<units { scales[unit] = DuplicateFraction.scale(squaredNorm: scales[unit]) }
      for row in 0..<source.rows {
        let values = source.elements + row * units
        let results = target.elements + row * units
        for unit in 0..<units { results[unit] = values[unit] * scales[unit] }
      }
    }
  }
}
