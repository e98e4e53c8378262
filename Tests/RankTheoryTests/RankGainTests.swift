import Activations
import LinearAlgebra
import Testing

@testable import RankTheory

@Suite struct RankGainTests {
  @Test func ranksOfTheExtremes() throws {
    var stream = RandomStream(seed: 1, purpose: "ranks")
    let identity = CorrelationMatrix.random(size: 9, dimension: 3, stream: &stream).blendedWithIdentity(0)
    #expect(identity.renyiRank == 9)
    #expect(identity.decorrelationPotential == 0)
    let line = CorrelationMatrix.random(size: 9, dimension: 1, stream: &stream)
    #expect(line.elements.allSatisfy { abs($0) == 1 })
    #expect(line.renyiRank == 1)
    #expect(line.decorrelationPotential == 0)
  }

  @Test func randomMatricesAreCorrelationsOfTheirRank() throws {
    var stream = RandomStream(seed: 2, purpose: "correlations")
    let matrix = CorrelationMatrix.random(size: 12, dimension: 3, stream: &stream)
    let arena = Arena<Double>(capacity: Arena<Double>.footprint(rows: 12, columns: 12))
    let copy = arena.take(rows: 12, columns: 12)
    for index in 0..<144 { copy.elements[index] = matrix.elements[index] }
    #expect(try CorrelationMatrix(copying: copy) == matrix)
    #expect(try renyiRank(of: copy) == matrix.renyiRank)
    let values = try copy.singularValues()
    #expect(values[2] > 0.1)
    #expect(values[3] < 1e-12)
    #expect(abs(values.reduce(0, +) - 12) < 1e-12)
    // Σ λ² = ‖C‖².
    #expect(abs(144 / values.reduce(0) { $0 + $1 * $1 } - matrix.renyiRank) < 1e-12)
  }

  @Test func whatIsNoCorrelationMatrixIsAnError() throws {
    let arena = Arena<Double>(capacity: 64)
    let matrix = arena.take(rows: 2, columns: 2)
    for (index, value) in [1, 0.5, 0.5, 1].enumerated() { matrix.elements[index] = value }
    #expect(try renyiRank(of: matrix) == 1.6)
    matrix[1, 0] = 0.25
    #expect(throws: RankTheoryError.notCorrelation(row: 0, column: 1, value: 0.5)) {
      try renyiRank(of: matrix)
    }
    matrix[1, 0] = 0.5
    matrix[1, 1] = 2
    #expect(throws: RankTheoryError.notCorrelation(row: 1, column: 1, value: 2)) {
      try renyiRank(of: matrix)
    }
    let empty = arena.take(rows: 0, columns: 0)
    #expect(throws: RankTheoryError.notSquare(rows: 0, columns: 0)) { try renyiRank(of: empty) }
    let wide = arena.take(rows: 2, columns: 3)
    #expect(throws: RankTheoryError.notSquare(rows: 2, columns: 3)) { try renyiRank(of: wide) }
  }

  @Test func gainOfAPairInClosedForm() throws {
    var stream = RandomStream(seed: 4, purpose: "pair")
    let pair = CorrelationMatrix.random(size: 2, dimension: 3, stream: &stream)
    let square = pair[0, 1] * pair[0, 1]
    let cube = { (x: Double) in x * x * x }
    // K(ρ) = ρ³ has no linear part: δ = 1.
    let gain = RankGain(of: pair, decorrelationStrength: 1, kernel: cube)
    #expect(abs(gain.rank - 2 / (1 + square)) < 1e-14)
    #expect(abs(gain.ratio - (1 + square) / (1 + cube(square))) < 1e-14)
    #expect(abs(gain.bound - (1 + square * (1 - square) / (1 + square))) < 1e-14)
  }

  @Test func theGainIsAtLeastItsBound() throws {
    let kernels = try ["linear", "relu", "leakyReLU", "sine", "sign", "erf", "sigmoid", "gelu"].map {
      try #require(InterpolatedKernels.all[$0])
    }
    var stream = RandomStream(seed: 6, purpose: "rank gains")
    var smallestExcess = Double.infinity
    var smallestStrictExcess = Double.infinity
    for index in 0..<2000 {
      let kernel = kernels[index % kernels.count]
      let matrix = CorrelationMatrix.random(
        size: 2 + index % 11, dimension: 1 + index % 5, stream: &stream
      ).blendedWithIdentity(Double(index % 21) / 20)
      let gain = RankGain(of: matrix, kernel: kernel)
      smallestExcess = min(smallestExcess, gain.ratio - gain.bound)
      // Where there is a potential, a nonlinear activation gains strictly.
      if index % kernels.count != 0, matrix.decorrelationPotential > 1e-2 {
        smallestStrictExcess = min(smallestStrictExcess, gain.ratio - 1)
      }
    }
    #expect(smallestExcess > -1e-9)
    #expect(smallestStrictExcess > 1e-6)
  }

  @Test func blendingMovesFromTheIdentityToTheMatrix() {
    var stream = RandomStream(seed: 8, purpose: "blend")
    let matrix = CorrelationMatrix.random(size: 16, dimension: 4, stream: &stream)
    let ranks = (0...10).map { matrix.blendedWithIdentity(Double($0) / 10).renyiRank }
    #expect(ranks[0] == 16)
    #expect(ranks[10] == matrix.renyiRank)
    #expect(zip(ranks, ranks.dropFirst()).allSatisfy { $0 > $1 })
  }
}
