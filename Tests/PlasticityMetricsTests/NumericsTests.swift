import Foundation
import LinearAlgebra
import Testing

@testable import PlasticityMetrics

@Suite("Numerics below the metrics")
struct NumericsTests {
  @Test("The network sorts lanes of any height", arguments: [1, 2, 3, 5, 8, 31, 64, 100, 513])
  func sorting(rows: Int) {
    let values = normals(rows * 8, seed: UInt64(rows))
    var vectors = (0..<rows).map { row in SIMD8((0..<8).map { values[row * 8 + $0] }) }
    vectors.withUnsafeMutableBufferPointer { SortingNetwork.sort($0) }
    var singles = (0..<rows).map { row in SIMD16<Float>((0..<16).map { Float(values[row * 8 + $0 % 8]) }) }
    singles.withUnsafeMutableBufferPointer { SortingNetwork.sort($0) }
    for lane in 0..<8 {
      let sorted = (0..<rows).map { values[$0 * 8 + lane] }.sorted()
      #expect(vectors.map { $0[lane] } == sorted)
      #expect(singles.map { $0[lane] } == sorted.map { Float($0) })
      #expect(singles.map { $0.doubles(1)[lane] } == sorted.map { Double(Float($0)) })
    }
  }

  @Test("Shapes of single-precision numbers are those of the same numbers in double precision")
  func shapesOfSingles() {
    let singles = normals(50 * 21, seed: 6).map { Double(Float($0)) }
    // One digit more in one place changes nothing but the way.
    var doubles = singles
    doubles[0] = doubles[0].nextUp
    func shapes(_ values: [Double]) -> UnitShapes {
      withMatrix(values, columns: 21) { UnitShapes(of: $0, distinct: DistinctColumns(of: $0)) }
    }
    let (first, second) = (shapes(singles), shapes(doubles))
    for (some, others) in [
      (first.weightedSums, second.weightedSums), (first.fourthPowers, second.fourthPowers),
      (first.distances, second.distances), (first.logarithms, second.logarithms),
    ] {
      #expect(zip(some, others).allSatisfy { abs($0 - $1) <= 1e-12 * abs($1) })
      #expect(some.count == 21)
    }
  }

  @Test("Tails of the normal distribution and their logarithms are the C library's")
  func tails() {
    for step in 0..<4000 {
      let z = step < 3000 ? Double(step) * 0.01 : 1e-9 * Double(step)
      let tails = NormalTails(beyond: SIMD8(repeating: z))
      let expected = 0.5 * erfc(z * 0.5.squareRoot())
      #expect(abs(tails.tail[3] / expected - 1) < 1e-12, "\(z)")
      #expect(abs(tails.logTail[5] - log(expected)) < 2e-15 * max(1, z * z), "\(z)")
      // 1 − tail is rounded before its logarithm is taken.
      #expect(abs(tails.logRest[7] - log1p(-expected)) < 1e-15, "\(z)")
    }
    // Where the tail is no number any more, its logarithm still is: −z²/2 − log(z √(2π)) + 1/z² − …
    let far = NormalTails(beyond: SIMD8(repeating: 70))
    #expect(far.tail[0] == 0 && abs(far.logTail[0] + 2455.16748) < 1e-3)
  }

  @Test("The normal quantile inverts the distribution", arguments: [1e-12, 1e-4, 0.01, 0.2, 0.4999, 0.5])
  func quantile(probability: Double) {
    let point = NormalDistribution.quantile(probability)
    #expect(abs(0.5 * erfc(-point / 2.0.squareRoot()) / probability - 1) < 1e-12)
  }

  @Test(
    "Shapiro–Wilk weights are antisymmetric, of unit norm, and ascending", arguments: [3, 4, 5, 6, 50, 1000])
  func weights(count: Int) {
    let weights = ShapiroWilk.weights(count: count)
    #expect(weights.count == count)
    #expect(abs(weights.reduce(0) { $0 + $1 * $1 } - 1) < 1e-12)
    #expect(zip(weights, weights.reversed()).allSatisfy { $0 == -$1 })
    #expect(zip(weights, weights.dropFirst()).allSatisfy { $0 < $1 })
  }

  @Test("Singular values of a known matrix, tall and wide, and of one with dead columns")
  func singularValues() throws {
    // Orthogonal columns of norms 5, 2 and 0.
    let values = [3.0, 0, 0, 4, 0, 0, 0, 2, 0, 0, 0, 0]
    let tall = try withMatrix(values, columns: 3) { try $0.singularValues() }
    #expect(zip(tall, [5.0, 2, 0]).allSatisfy { abs($0 - $1) < 1e-14 })
    let wide = try withMatrix([3.0, 4, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0], columns: 4) { try $0.singularValues() }
    #expect(zip(wide, [5.0, 2, 0]).allSatisfy { abs($0 - $1) < 1e-14 })
  }

  @Test("Singular values are those of the transpose, and their squares add up to the squared norm")
  func singularValuesOfTheTranspose() throws {
    let values = normals(70 * 37, seed: 4)
    let flipped = (0..<37).flatMap { column in (0..<70).map { values[$0 * 37 + column] } }
    let tall = try withMatrix(values, columns: 37) { try $0.singularValues() }
    let wide = try withMatrix(flipped, columns: 70) { try $0.singularValues() }
    #expect(tall.count == 37)
    #expect(zip(tall, wide).allSatisfy { abs($0 - $1) < 1e-12 })
    #expect(zip(tall, tall.dropFirst()).allSatisfy { $0 >= $1 })
    let squares = values.reduce(0) { $0 + $1 * $1 }
    #expect(abs(tall.reduce(0) { $0 + $1 * $1 } / squares - 1) < 1e-12)
  }

  @Test("Singular values of a matrix with a NaN are an error")
  func notFinite() {
    #expect(throws: SingularValueError.notFinite(rows: 2, columns: 2)) {
      try withMatrix([1, .nan, 2, 3], columns: 2) { try $0.singularValues() }
    }
  }

  @Test("Effective rank without its dead columns is that of the whole matrix")
  func deadColumns() throws {
    var values = normals(40 * 9, seed: 2)
    for row in 0..<40 { for column in [0, 4, 8] { values[row * 9 + column] = 0 } }
    let whole = try withMatrix(values, columns: 9) {
      EffectiveRank.value(singularValues: try $0.singularValues())
    }
    let measured = try #require(try allMetrics(values, units: 9)["effectiveRank"])
    #expect(abs(measured / whole - 1) < 1e-10)
  }
}
