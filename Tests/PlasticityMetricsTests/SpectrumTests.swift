import Foundation
import Testing

@testable import LinearAlgebra
@testable import PlasticityMetrics

/// Ranks by products of units or samples, against the singular values of the activations themselves.
@Suite struct SpectrumTests {
  /// What kind of activations, and whether products are accurate enough for their effective rank.
  enum Kind: CaseIterable {
    case wellConditioned, rectified, shifted, scaled, illConditioned, singlePrecision, deficient, clones, dead

    var isFast: Bool {
      switch self {
      case .wellConditioned, .rectified, .shifted, .scaled, .clones, .dead: true
      case .illConditioned, .singlePrecision, .deficient: false
      }
    }

    /// Samples × units.
    func values(rows: Int, columns: Int) -> [Double] {
      var values = normals(rows * columns, seed: 7)
      func change(_ body: (_ row: Int, _ column: Int, _ value: Double) -> Double) {
        for index in values.indices { values[index] = body(index / columns, index % columns, values[index]) }
      }
      switch self {
      case .wellConditioned: break
      case .rectified: change { max(0, $2 + 0.1 * Double($0 % 3)) }
      case .shifted: change { $2 + 3 }
      case .scaled: change { $2 * pow(10, -3 * Double($1) / Double(columns)) }
      case .illConditioned: change { $2 * pow(10, -9 * Double($1) / Double(columns)) }
      // Of low rank, but for the rounding of single precision: the outputs of a wide layer after a narrow one.
      case .singlePrecision, .deficient:
        let rank = max(1, min(rows, columns) / 4)
        let left = normals(rows * rank, seed: 8)
        let right = normals(rank * columns, seed: 9)
        for row in 0..<rows {
          for column in 0..<columns {
            let sum = (0..<rank).reduce(0) { $0 + left[row * rank + $1] * right[$1 * columns + column] }
            values[row * columns + column] = self == .deficient ? sum : Double(Float(sum))
          }
        }
      case .clones: change { row, column, _ in values[row * columns + column / 2 * 2] }
      case .dead: change { $1 % 3 == 0 ? 0 : $2 }
      }
      return values
    }
  }

  @Test(arguments: Kind.allCases, [9, 24, 40, 60])
  func ranksAreThoseOfTheActivations(kind: Kind, columns: Int) throws {
    let rows = 40
    try withMatrix(kind.values(rows: rows, columns: columns), columns: columns) { matrix in
      let effective = EffectiveRank.value(singularValues: try matrix.singularValues())
      let stable = StableRank.value(of: matrix)
      for products in [nil, Self.products(of: matrix)] where products == nil || columns <= rows {
        let spectrum = try withProducts(products, size: columns) {
          try Spectrum(of: matrix, distinct: DistinctColumns(of: matrix), products: $0)
        }
        #expect(abs(spectrum.effectiveRank / effective - 1) < 1e-6)
        #expect(abs(spectrum.stableRank / stable - 1) < 1e-6)
      }
    }
  }

  @Test(arguments: Kind.allCases)
  func productsAreTakenWhereTheyAreAccurate(kind: Kind) throws {
    try withMatrix(kind.values(rows: 60, columns: 24), columns: 24) { matrix in
      let distinct = DistinctColumns(of: matrix)
      let size = distinct.places.count
      try withScratch(rows: 60, columns: size) { rest in
        distinct.copy(matrix, into: rest)
        let fast = try withScratch(rows: size, columns: size) { gram in
          gram.addUpperProduct(ofColumnsOf: rest)
          return EffectiveRank.value(bounded: try gram.singularValuesOfFactor(terms: 60))
        }
        #expect((fast != nil) == kind.isFast)
      }
    }
  }

  /// The bound on the effective rank holds where the products themselves are much less accurate than it allows.
  @Test func theBoundCoversWhatSmallSingularValuesCount() throws {
    for exponent in 1...8 {
      let smallest = (0..<exponent).reduce(1.0) { value, _ in value / 10 }
      let singular = [1.0] + [Double](repeating: smallest, count: 99)
      // As if squares were known to 10⁻¹² of the largest.
      let bounded = BoundedSingularValues(
        values: singular, lower: singular.map { max($0 * $0 - 1e-12, 0).squareRoot() },
        upper: singular.map { ($0 * $0 + 1e-12).squareRoot() })
      guard let value = EffectiveRank.value(bounded: bounded) else { continue }
      for other in [bounded.lower, bounded.upper] {
        let changed = [1.0] + other.dropFirst()
        #expect(abs(EffectiveRank.value(singularValues: changed) / value - 1) <= Spectrum.tolerance)
      }
    }
  }

  @Test func unitsThatHardlyVaryAreCentredFirst() throws {
    let values = normals(50 * 8, seed: 3).map { 1e6 + $0 * 1e-3 }
    try withMatrix(values, columns: 8) { matrix in
      let products = withScratch(rows: 8, columns: 8) { gram in
        gram.addUpperProduct(ofColumnsOf: matrix)
        return StableRank.value(products: CentredProducts(gram, of: matrix, isTall: true))
      }
      #expect(products == nil)
      let spectrum = try Spectrum(of: matrix, distinct: DistinctColumns(of: matrix))
      #expect(spectrum.stableRank == StableRank.value(of: matrix))
    }
  }

  @Test func equalColumnsAreMergedAndZerosDropped() {
    withMatrix([1.0, 0, 1, -0.0, 2, 1, 3, 0, 3, 0, 4, 3], columns: 6) { matrix in
      let distinct = DistinctColumns(of: matrix)
      #expect(distinct.places == [0, 4])
      #expect(distinct.counts == [3, 1] && distinct.total == 6)
      #expect(distinct.differs)
    }
  }

  private static func products(of matrix: Matrix<Double>) -> [Double] {
    withScratch(rows: matrix.columns, columns: matrix.columns) { gram in
      gram.addUpperProduct(ofColumnsOf: matrix)
      return Array(gram.buffer)
    }
  }

  private func withProducts<Result>(
    _ values: [Double]?, size: Int, _ body: (Matrix<Double>?) throws -> Result
  ) rethrows -> Result {
    guard let values else { return try body(nil) }
    return try withMatrix(values, columns: size) { try body($0) }
  }
}
