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
