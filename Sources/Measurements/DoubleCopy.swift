import LinearAlgebra

/// A place for a layer's values in double precision, which the metrics compute with, used again for every
/// layer.
final class DoubleCopy {
  private var arena = Arena<Double>(capacity: 0)
  private var capacity = 0
  private var start: Matrix<Double>?

  /// The values of `source`; they stay until the next call.
  func fill(_ source: Matrix<Float>) -> Matrix<Double> {
    if start == nil || source.count > capacity {
      capacity = source.count
      arena = Arena(capacity: Arena<Double>.footprint(rows: 1, columns: capacity))
      start = arena.take(rows: 1, columns: capacity)
    }
    guard let start else { preconditionFailure("memory was just taken") }
    for index in 0..<source.count { start.elements[index] = Double(source.elements[index]) }
    return Matrix(elements: start.elements, rows: source.rows, columns: source.columns)
  }
}
