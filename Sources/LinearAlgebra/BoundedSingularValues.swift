/// Singular values from the eigenvalues of products, which is faster than from the matrix itself and less accurate:
/// squaring loses what is smaller than √ε times the largest. So each comes with bounds.
public struct BoundedSingularValues: Hashable, Sendable {
  /// In ascending order.
  public let values: [Double]
  /// No true value is smaller than its entry here.
  public let lower: [Double]
  /// No true value is larger than its entry here.
  public let upper: [Double]
}

extension Matrix where Scalar == Double {
  /// The singular values of the matrix A of which this is Aᵀ·A or A·Aᵀ (n × n, its upper triangle alone is read).
  ///
  /// The bounds are those of Weyl for the rounding errors of the products, at most `terms` · u · tr(AᵀA) with unit
  /// roundoff u in any order of addition (Higham, Accuracy and Stability of Numerical Algorithms, 3.5), and of the
  /// eigenvalues, for which LAPACK's guide takes u · λ₁ and we ten times n as much.
  ///
  /// - Parameter terms: how many numbers were added up in each product.
  /// - Throws: ``SymmetricEigenvalueError`` if a product is not finite or LAPACK does not converge.
  public func singularValuesOfFactor(
    terms: Int
  ) throws(SymmetricEigenvalueError) -> BoundedSingularValues {
    let squares = try symmetricEigenvalues()
    let trace = (0..<rows).reduce(0) { $0 + self[$1, $1] }
    let largest = squares.last ?? 0
    let error = Double.ulpOfOne / 2 * (Double(terms) * trace + 10 * Double(rows) * largest)
    func root(_ square: Double) -> Double { Swift.max(square, 0).squareRoot() }
    return BoundedSingularValues(
      values: squares.map(root), lower: squares.map { root($0 - error) },
      upper: squares.map { root(Swift.max($0, 0) + error) })
  }
}
