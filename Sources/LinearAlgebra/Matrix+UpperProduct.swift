import COpenBLAS

extension Matrix where Scalar == Double {
  /// `self ← self + aᵀ·a` on and above the diagonal, what lies below it staying as it is: the products of all pairs
  /// of columns of `a`, each once.
  ///
  /// Precondition: `self` is square, with a row for each column of `a`, and does not overlap it.
  public func addUpperProduct(ofColumnsOf a: Matrix) {
    // a: rows × n, self: n × n, both row-major.
    // self[i, j] += Σ over rows of a[r, i] · a[r, j] for i ≤ j
    enforce(rows == a.columns && columns == a.columns, "a row and a column for each column")
    guard a.count > 0 else { return }
    cblas_dsyrk(
      CblasRowMajor, CblasUpper, CblasTrans, blasint(rows), blasint(a.rows), 1, a.elements,
      blasint(a.columns), 1, elements, blasint(columns))
  }

  /// `self ← self + a·aᵀ` on and above the diagonal, what lies below it staying as it is: the products of all pairs of
  /// rows of `a`, each once.
  ///
  /// Precondition: `self` is square, with a row for each row of `a`, and does not overlap it.
  public func addUpperProduct(ofRowsOf a: Matrix) {
    // a: m × columns, self: m × m, both row-major.
    // self[i, j] += Σ over columns of a[i, c] · a[j, c] for i ≤ j
    enforce(rows == a.rows && columns == a.rows, "a row and a column for each row")
    guard a.count > 0 else { return }
    cblas_dsyrk(
      CblasRowMajor, CblasUpper, CblasNoTrans, blasint(rows), blasint(a.columns), 1, a.elements,
      blasint(a.columns), 1, elements, blasint(columns))
  }
}
