import COpenBLAS

/// Why LAPACK could not give singular values.
public enum SingularValueError: Error, Equatable, CustomStringConvertible {
  /// The matrix holds a NaN or an infinity.
  case notFinite(rows: Int, columns: Int)
  /// The iteration did not converge; `code` is LAPACK's `info`.
  case notConverged(rows: Int, columns: Int, code: Int)

  public var description: String {
    switch self {
    case .notFinite(let rows, let columns):
      "no singular values of a \(rows) × \(columns) matrix: it holds a NaN or an infinity; check for divergence"
    case .notConverged(let rows, let columns, let code):
      """
      no singular values of a \(rows) × \(columns) matrix: LAPACK dgesdd did not converge (info \(code)); \
      check the scale of its elements
      """
    }
  }
}

extension Matrix where Scalar == Double {
  /// All `min(rows, columns)` singular values, in descending order, by LAPACK's divide and conquer (`dgesdd`,
  /// which factors a matrix much taller than wide by QR first). The matrix stays as it is.
  ///
  /// - Throws: ``SingularValueError`` if an element is not finite or LAPACK does not converge.
  public func singularValues() throws(SingularValueError) -> [Double] {
    guard rows > 0, columns > 0 else { return [] }
    guard buffer.allSatisfy(\.isFinite) else { throw .notFinite(rows: rows, columns: columns) }
    // Whichever of the matrix and its transpose is tall, so that LAPACK starts with QR, which is faster here
    // than LQ. Row-major memory is the column-major transpose.
    var copy = rows < columns ? Array(buffer) : transposedElements()
    let m = [Int32(Swift.max(rows, columns))]
    let n = [Int32(Swift.min(rows, columns))]
    let one: [Int32] = [1]
    var values = [Double](repeating: 0, count: Swift.min(rows, columns))
    var integers = [Int32](repeating: 0, count: 8 * values.count)
    var code: Int32 = 0
    // A length of −1 asks for the best length of the work space.
    var work = [0.0]
    for length in [-1, nil] as [Int32?] {
      let length = length ?? Int32(work[0])
      if length > 0 { work = [Double](repeating: 0, count: Int(length)) }
      dgesdd_(
        "N", m, n, &copy, m, &values, nil, one, nil, one, &work, [length], &integers, &code)
      guard code == 0 else { throw .notConverged(rows: rows, columns: columns, code: Int(code)) }
    }
    return values
  }

  /// The elements in column-major order, copied by square tiles that stay in the cache.
  private func transposedElements() -> [Double] {
    Array(unsafeUninitializedCapacity: count) { target, initialized in
      for first in stride(from: 0, to: columns, by: 16) {
        for row in 0..<rows {
          for column in first..<Swift.min(first + 16, columns) {
            target.initializeElement(at: column * rows + row, to: self[row, column])
          }
        }
      }
      initialized = count
    }
  }
}
