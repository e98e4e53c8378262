/// The eigenvalues and eigenvectors of a small symmetric matrix, by Jacobi's rotations.
struct SymmetricDecomposition {
  /// In no order.
  let values: [Double]
  /// One for each value, of length 1 and at right angles to one another.
  let vectors: [[Double]]

  /// - Parameter matrix: rows of a symmetric matrix.
  init(_ matrix: [[Double]]) {
    var matrix = matrix
    let size = matrix.count
    // Columns are eigenvectors in the end.
    var turned = (0..<size).map { row in (0..<size).map { $0 == row ? 1.0 : 0.0 } }
    for _ in 0..<Self.mostSweeps {
      var isDiagonal = true
      for first in 0..<size {
        for second in first + 1..<max(size, first + 1) {
          let off = matrix[first][second]
          let (one, other) = (matrix[first][first], matrix[second][second])
          guard abs(off) > Double.ulpOfOne * (abs(one) * abs(other)).squareRoot(), off != 0 else { continue }
          isDiagonal = false
          let ratio = (other - one) / (2 * off)
          let tangent = (ratio < 0 ? -1 : 1) / (abs(ratio) + (ratio * ratio + 1).squareRoot())
          let cosine = 1 / (tangent * tangent + 1).squareRoot()
          let sine = tangent * cosine
          for place in 0..<size {
            let (left, right) = (matrix[place][first], matrix[place][second])
            matrix[place][first] = cosine * left - sine * right
            matrix[place][second] = sine * left + cosine * right
          }
          for place in 0..<size {
            let (upper, lower) = (matrix[first][place], matrix[second][place])
            matrix[first][place] = cosine * upper - sine * lower
            matrix[second][place] = sine * upper + cosine * lower
            let (left, right) = (turned[place][first], turned[place][second])
            turned[place][first] = cosine * left - sine * right
            turned[place][second] = sine * left + cosine * right
          }
        }
      }
      if isDiagonal { break }
    }
    values = (0..<size).map { matrix[$0][$0] }
    vectors = (0..<size).map { column in (0..<size).map { turned[$0][column] } }
  }

  /// Convergence is quadratic: a handful is enough.
  private static let mostSweeps = 50
}
