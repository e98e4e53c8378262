import Testing

@testable import LinearAlgebra

/// Singular values by products, against those of the matrix.
@Suite struct BoundedSingularValuesTests {
  /// A matrix whose columns shrink by `ratio` from one to the next.
  private func withSample<Result>(
    rows: Int, columns: Int, ratio: Double, _ body: (Matrix<Double>) throws -> Result
  ) rethrows -> Result {
    let arena = Arena<Double>(capacity: Arena<Double>.footprint(rows: rows, columns: columns))
    let matrix = arena.take(rows: rows, columns: columns)
    var stream = RandomStream(seed: 1, purpose: "singular values")
    for row in 0..<rows {
      var scale = 1.0
      for column in 0..<columns {
        matrix[row, column] = (Double(stream.nextWord()) / 0x1p31 - 1) * scale
        scale *= ratio
      }
    }
    return try withExtendedLifetime(arena) { try body(matrix) }
  }

  @Test(arguments: [1, 0.8, 0.4, 0.1], [12, 20, 50])
  func boundsHoldTheTrueValues(ratio: Double, columns: Int) throws {
    let rows = 20
    try withSample(rows: rows, columns: columns, ratio: ratio) { matrix in
      let size = min(rows, columns)
      let arena = Arena<Double>(capacity: Arena<Double>.footprint(rows: size, columns: size))
      let products = arena.take(rows: size, columns: size)
      if size == columns {
        products.addUpperProduct(ofColumnsOf: matrix)
      } else {
        products.addUpperProduct(ofRowsOf: matrix)
      }
      let bounded = try products.singularValuesOfFactor(terms: max(rows, columns))
      let exact = Array(try matrix.singularValues().reversed())
      let rounding = 1e-14 * (exact.last ?? 0)
      #expect(bounded.values.count == size)
      for (index, value) in exact.enumerated() {
        #expect(bounded.lower[index] - rounding <= value && value <= bounded.upper[index] + rounding)
        #expect(
          bounded.lower[index] <= bounded.values[index] && bounded.values[index] <= bounded.upper[index])
      }
      // A tight bound where nothing was lost.
      if ratio == 1 {
        for index in 0..<size { #expect(bounded.upper[index] / bounded.lower[index] - 1 < 1e-10) }
      }
    }
  }

  @Test func productsOfRowsAreTheUpperTriangle() {
    withSample(rows: 3, columns: 5, ratio: 0.9) { matrix in
      let arena = Arena<Double>(capacity: Arena<Double>.footprint(rows: 3, columns: 3))
      let products = arena.take(rows: 3, columns: 3)
      products.addUpperProduct(ofRowsOf: matrix)
      for row in 0..<3 {
        for column in 0..<3 {
          let sum = (0..<5).reduce(0.0) { $0 + matrix[row, $1] * matrix[column, $1] }
          #expect(abs(products[row, column] - (column < row ? 0 : sum)) < 1e-14)
        }
      }
    }
  }

  @Test func whatIsNotFiniteIsAnError() {
    withSample(rows: 2, columns: 2, ratio: 1) { matrix in
      matrix[0, 1] = .nan
      #expect(throws: SymmetricEigenvalueError.notFinite(size: 2)) {
        try matrix.singularValuesOfFactor(terms: 2)
      }
    }
  }
}
