import COpenBLAS

/// A symmetric tridiagonal matrix, as the Lanczos iteration makes it.
public struct SymmetricTridiagonal: Hashable, Sendable {
  /// The diagonal, as many entries as rows.
  public var diagonal: [Double]
  /// The entries beside the diagonal, one fewer.
  public var offDiagonal: [Double]

  /// Eigenvalues with what an error bound needs of their eigenvectors.
  public struct EigenSystem: Hashable, Sendable {
    /// In ascending order.
    public let values: [Double]
    /// The last component of each value's normalised eigenvector.
    public let lastComponents: [Double]
  }

  /// Precondition: `offDiagonal` is one shorter than `diagonal`, or both are empty.
  public init(diagonal: [Double], offDiagonal: [Double]) {
    enforce(offDiagonal.count == max(diagonal.count - 1, 0), "one entry fewer beside the diagonal")
    self.diagonal = diagonal
    self.offDiagonal = offDiagonal
  }

  /// All eigenvalues, by LAPACK's `dstev` (implicit QL).
  ///
  /// - Throws: ``SymmetricEigenvalueError`` if an entry is not finite or LAPACK does not converge.
  public func eigenSystem() throws(SymmetricEigenvalueError) -> EigenSystem {
    let size = diagonal.count
    guard size > 0 else { return EigenSystem(values: [], lastComponents: []) }
    guard diagonal.allSatisfy(\.isFinite), offDiagonal.allSatisfy(\.isFinite) else {
      throw .notFinite(size: size)
    }
    var values = diagonal
    var beside = offDiagonal
    var vectors = [Double](repeating: 0, count: size * size)
    var work = [Double](repeating: 0, count: max(2 * size - 2, 1))
    var code: Int32 = 0
    dstev_("V", [Int32(size)], &values, &beside, &vectors, [Int32(size)], &work, &code)
    guard code == 0 else { throw .notConverged(size: size, code: Int(code)) }
    // Eigenvectors are columns, which column-major memory keeps together.
    return EigenSystem(
      values: values, lastComponents: (0..<size).map { vectors[$0 * size + size - 1] })
  }
}
