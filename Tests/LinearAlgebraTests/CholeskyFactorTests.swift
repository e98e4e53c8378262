import Testing

@testable import LinearAlgebra

@Suite struct CholeskyFactorTests {
  @Test func factorTimesItsTransposeIsTheMatrix() throws {
    let size = 7
    let arena = Arena<Double>(capacity: 4 * Arena<Double>.footprint(rows: 9, columns: 9))
    let points = arena.take(rows: 9, columns: size)
    var stream = RandomStream(seed: 1, purpose: "test")
    stream.fillNormal(points.buffer)
    let matrix = arena.take(rows: size, columns: size)
    matrix.setProduct(of: points, transposed: true, and: points)
    let factor = arena.take(rows: size, columns: size)
    factor.elements.update(from: matrix.elements, count: size * size)
    try factor.setCholeskyFactor()
    let product = arena.take(rows: size, columns: size)
    product.setProduct(of: factor, transposed: false, and: factor, transposed: true)
    for row in 0..<size {
      for column in 0..<size {
        #expect(abs(product[row, column] - matrix[row, column]) < 1e-12)
        if column > row { #expect(factor[row, column] == 0) }
      }
    }
  }

  @Test func aMatrixOfDeficientRankIsRefused() {
    let arena = Arena<Double>(capacity: Arena<Double>.footprint(rows: 3, columns: 3))
    let matrix = arena.take(rows: 3, columns: 3)
    for (index, value) in [4.0, 2, 0, 2, 1, 0, 0, 0, 1].enumerated() { matrix.elements[index] = value }
    #expect(throws: CholeskyError.notPositiveDefinite(size: 3, minor: 2)) { try matrix.setCholeskyFactor() }
  }
}
