import COpenBLAS

/// Why LAPACK could not give the eigenvalues of a symmetric matrix.
public enum SymmetricEigenvalueError: Error, Equatable, CustomStringConvertible {
  /// The matrix holds a NaN or an infinity.
  case notFinite(size: Int)
  /// The iteration did not converge; `code` is LAPACK's `info`.
  case notConverged(size: Int, code: Int)

  public var description: String {
    switch self {
    case .notFinite(let size):
      "no eigenvalues of a \(size) × \(size) matrix: it holds a NaN or an infinity; check for divergence"
    case .notConverged(let size, let code):
      """
      no eigenvalues of a \(size) × \(size) matrix: LAPACK did not converge (info \(code)); check the scale of \
      its elements
      """
    }
  }
}

extension Matrix where Scalar == Double {
  /// All eigenvalues of a symmetric matrix, in ascending order, by LAPACK's `dsyevd`. The matrix stays as it is.
  ///
  /// Precondition: the matrix is square. Only its upper triangle is read.
  ///
  /// - Throws: ``SymmetricEigenvalueError`` if an element is not finite or LAPACK does not converge.
  public func symmetricEigenvalues() throws(SymmetricEigenvalueError) -> [Double] {
    // self: n × n, row-major; the result: n eigenvalues, the smallest first.
    enforce(rows == columns, "eigenvalues of a square matrix")
    guard rows > 0 else { return [] }
    guard buffer.allSatisfy(\.isFinite) else { throw .notFinite(size: rows) }
    var copy = Array(buffer)
    let size = [Int32(rows)]
    var values = [Double](repeating: 0, count: rows)
    // Without eigenvectors the work spaces are small enough not to ask for the best length.
    let lengths = [Int32(2 * rows + 1)]
    var work = [Double](repeating: 0, count: 2 * rows + 1)
    var integers: [Int32] = [0]
    var code: Int32 = 0
    // Row-major memory is the column-major transpose, so its upper triangle is LAPACK's lower one.
    dsyevd_("N", "L", size, &copy, size, &values, &work, lengths, &integers, [1], &code)
    guard code == 0 else { throw .notConverged(size: rows, code: Int(code)) }
    return values
  }
}
