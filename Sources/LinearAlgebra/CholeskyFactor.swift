import COpenBLAS

/// Why LAPACK could not factor a matrix by Cholesky's method.
public enum CholeskyError: Error, Equatable, CustomStringConvertible {
  /// The leading minor of this order is not positive (or not a number).
  case notPositiveDefinite(size: Int, minor: Int)

  public var description: String {
    switch self {
    case .notPositiveDefinite(let size, let minor):
      "no Cholesky factor of a \(size) × \(size) matrix: its leading minor of order \(minor) is not positive"
    }
  }
}

extension Matrix where Scalar == Double {
  /// Overwrites a symmetric matrix A with the lower triangle L of A = L Lᵀ, zeros above it (LAPACK's `dpotrf`).
  ///
  /// Precondition: the matrix is square. Only its lower triangle is read.
  ///
  /// - Throws: ``CholeskyError`` if A is not positive definite; the elements are then of no use.
  public func setCholeskyFactor() throws(CholeskyError) {
    // self: n × n, row-major, A on and below the diagonal; then L.
    // A = L Lᵀ
    enforce(rows == columns, "a factor of a square matrix")
    guard rows > 0 else { return }
    let size = [Int32(rows)]
    var code: Int32 = 0
    // Row-major memory is the column-major transpose, so its lower triangle is LAPACK's upper one.
    dpotrf_("U", size, elements, size, &code)
    guard code == 0 else { throw .notPositiveDefinite(size: rows, minor: Int(code)) }
    for row in 0..<rows {
      for column in row + 1..<Swift.max(columns, row + 1) { self[row, column] = 0 }
    }
  }
}
