import Foundation
import LinearAlgebra
import Testing

@Suite("Eigenvalues of symmetric matrices")
struct SymmetricEigenvaluesTests {
  /// The matrix with 2 on the diagonal and −1 beside it has the eigenvalues 2 − 2 cos(πk / (n + 1)).
  private func expected(_ size: Int) -> [Double] {
    (1...size).map { 2 - 2 * cos(Double.pi * Double($0) / Double(size + 1)) }
  }

  private func difference(_ first: [Double], _ second: [Double]) -> Double {
    guard first.count == second.count else { return .infinity }
    return zip(first, second).reduce(0) { max($0, abs($1.0 - $1.1)) }
  }

  @Test("are those of a known matrix, which stays as it is", arguments: [1, 2, 5, 60])
  func dense(size: Int) throws {
    let vectors = Vectors()
    #expect(try vectors.zeros(0, 0).symmetricEigenvalues().isEmpty)
    let known = vectors.zeros(size, size)
    for row in 0..<size {
      known[row, row] = 2
      if row > 0 { known[row - 1, row] = -1 }
    }
    // The lower triangle is not read.
    if size > 1 { known[1, 0] = 77 }
    let before = Array(known.buffer)
    #expect(difference(try known.symmetricEigenvalues(), expected(size)) < 1e-12)
    #expect(Array(known.buffer) == before)
  }

  @Test("of a tridiagonal matrix come with the last components of their vectors", arguments: [1, 2, 5, 60])
  func tridiagonal(size: Int) throws {
    let system = try SymmetricTridiagonal(
      diagonal: Array(repeating: 2, count: size), offDiagonal: Array(repeating: -1, count: size - 1)
    ).eigenSystem()
    #expect(difference(system.values, expected(size)) < 1e-12)
    // The k-th eigenvector is √(2 / (n + 1)) · sin(πki / (n + 1)).
    let components = (1...size).map { k in
      abs(sin(Double.pi * Double(k * size) / Double(size + 1))) * (2 / Double(size + 1)).squareRoot()
    }
    #expect(difference(system.lastComponents.map(abs), components) < 1e-12)
  }

  @Test("need finite elements")
  func notFinite() throws {
    let vectors = Vectors()
    let matrix = vectors.zeros(2, 2)
    matrix[0, 1] = .nan
    #expect(throws: SymmetricEigenvalueError.notFinite(size: 2)) { try matrix.symmetricEigenvalues() }
    #expect(throws: SymmetricEigenvalueError.notFinite(size: 1)) {
      try SymmetricTridiagonal(diagonal: [.infinity], offDiagonal: []).eigenSystem()
    }
  }
}
