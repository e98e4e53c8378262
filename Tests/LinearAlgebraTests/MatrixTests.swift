import LinearAlgebra
import Testing

@Suite struct MatrixTests {
  @Test func productsAgreeWithTheDefinition() {
    checkProducts(Float.self, tolerance: 1e-5)
    checkProducts(Double.self, tolerance: 1e-13)
  }

  private func checkProducts<Scalar: Real>(_ type: Scalar.Type, tolerance: Scalar) {
    let (m, n, k) = (5, 7, 19)
    let arena = Arena<Scalar>(capacity: 4096)
    var stream = RandomStream(seed: 1, purpose: "matrices")
    for (transposeA, transposeB) in [(false, false), (true, false), (false, true), (true, true)] {
      let a = transposeA ? arena.take(rows: k, columns: m) : arena.take(rows: m, columns: k)
      let b = transposeB ? arena.take(rows: n, columns: k) : arena.take(rows: k, columns: n)
      let c = arena.take(rows: m, columns: n)
      for matrix in [a, b, c] { Scalar.fillUniform(matrix.buffer, from: -1, to: 1, drawing: &stream) }
      let before = Array(c.buffer)
      c.setProduct(of: a, transposed: transposeA, and: b, transposed: transposeB, alpha: 2, beta: 3)
      for row in 0..<m {
        for column in 0..<n {
          var sum: Scalar = 0
          for inner in 0..<k {
            sum +=
              (transposeA ? a[inner, row] : a[row, inner])
              * (transposeB ? b[column, inner] : b[inner, column])
          }
          let expected = 2 * sum + 3 * before[row * n + column]
          #expect(abs(c[row, column] - expected) < tolerance)
        }
      }
    }
  }

  @Test(arguments: [(0, 3), (1, 1), (40, 7), (5, 33)])
  func productsOfColumnsAddUpAboveTheDiagonal(rows: Int, columns: Int) {
    let arena = Arena<Double>(capacity: 4096)
    var stream = RandomStream(seed: 2, purpose: "matrices")
    let a = arena.take(rows: rows, columns: columns)
    let sums = arena.take(rows: columns, columns: columns)
    for matrix in [a, sums] { Double.fillUniform(matrix.buffer, from: -1, to: 1, drawing: &stream) }
    let before = Array(sums.buffer)
    sums.addUpperProduct(ofColumnsOf: a)
    for row in 0..<columns {
      for column in 0..<columns {
        let added = column < row ? 0 : (0..<rows).reduce(0) { $0 + a[$1, row] * a[$1, column] }
        #expect(abs(sums[row, column] - before[row * columns + column] - added) < 1e-13)
      }
    }
  }

  @Test(arguments: [(1, 1), (3, 16), (4, 37), (7, 48)])
  func columnsAndRows(rows: Int, columns: Int) {
    let arena = Arena<Double>(capacity: 1024)
    let matrix = arena.take(rows: rows, columns: columns)
    let sums = arena.take(rows: 1, columns: columns)
    for index in 0..<matrix.count { matrix.elements[index] = Double(index) }
    sums.setColumnSums(of: matrix)
    for column in 0..<columns {
      #expect(sums[0, column] == (0..<rows).map { matrix[$0, column] }.reduce(0, +))
    }
    matrix.setRows(to: sums)
    for row in 0..<rows { #expect(matrix[row, columns - 1] == sums[0, columns - 1]) }
    matrix.fill(with: 3)
    #expect(matrix.buffer.allSatisfy { $0 == 3 })
  }
}
