import LinearAlgebra

/// The ranks of some activations: what their singular values say, and those of the same centred by unit.
///
/// Both come from the products of all pairs of units or of samples, whichever are fewer, as long as a bound on what
/// rounding and squaring may have changed says that they are as good as from the activations themselves.
struct Spectrum {
  /// See ``EffectiveRank``.
  let effectiveRank: Double
  /// See ``StableRank``.
  let stableRank: Double

  /// The largest relative error that a bound may leave open.
  static let tolerance = 5e-7

  /// - Parameters:
  ///   - matrix: samples × units.
  ///   - distinct: its columns.
  ///   - products: units × units, the products of all pairs of units on and above the diagonal, if they are known.
  /// - Throws: `SingularValueError` if a decomposition does not converge.
  init(of matrix: Matrix<Double>, distinct: DistinctColumns, products: Matrix<Double>? = nil) throws {
    let units = distinct.places.count
    let isTall = units <= matrix.rows
    let size = min(units, matrix.rows)
    guard distinct.differs else {
      self = try withScratch(rows: size, columns: size) { gram in
        if isTall, let products { gram.copy(from: products) } else { Self.multiply(matrix, isTall, gram) }
        return try Spectrum(of: matrix, gram: gram, isTall: isTall)
      }
      return
    }
    self = try withScratch(rows: matrix.rows, columns: units) { rest in
      distinct.copy(matrix, into: rest)
      return try withScratch(rows: size, columns: size) { gram in
        if isTall, let products {
          distinct.copyProducts(products, into: gram)
        } else {
          Self.multiply(rest, isTall, gram)
        }
        return try Spectrum(of: rest, gram: gram, isTall: isTall)
      }
    }
  }

  private static func multiply(_ matrix: Matrix<Double>, _ isTall: Bool, _ gram: Matrix<Double>) {
    if isTall {
      gram.addUpperProduct(ofColumnsOf: matrix)
    } else {
      gram.addUpperProduct(ofRowsOf: matrix)
    }
  }

  /// - Parameters:
  ///   - gram: the products of the columns of `matrix`, or of its rows if it is not tall.
  private init(of matrix: Matrix<Double>, gram: Matrix<Double>, isTall: Bool) throws {
    let terms = max(matrix.rows, matrix.columns)
    let fast = (try? gram.singularValuesOfFactor(terms: terms)).flatMap(EffectiveRank.value(bounded:))
    effectiveRank = try fast ?? EffectiveRank.value(singularValues: matrix.singularValues())
    stableRank =
      StableRank.value(products: CentredProducts(gram, of: matrix, isTall: isTall))
      ?? StableRank.value(of: matrix)
  }
}

/// Two sums over the products of all pairs of centred units, H̃ᵀH̃, or of samples, H̃H̃ᵀ, which have the same non-zero
/// spectrum: taken from the products of units that are not centred.
struct CentredProducts {
  /// The trace, ‖H̃‖_F².
  private(set) var trace = 0.0
  /// The sum of all squares, tr((H̃ᵀH̃)²).
  private(set) var squares = 0.0
  /// How far ``trace`` and the root of ``squares`` may be off.
  let error: Double

  /// - Parameters:
  ///   - gram: products of the columns of `matrix`, or of its rows if it is not tall; its upper triangle.
  init(_ gram: Matrix<Double>, of matrix: Matrix<Double>, isTall: Bool) {
    let size = gram.rows
    let total = (0..<size).reduce(0) { $0 + gram[$1, $1] }
    let rounding = Double(matrix.rows + matrix.columns) * Double.ulpOfOne
    error = 4 * rounding * total
    if isTall {
      let means = UnitMoments.means(of: matrix)
      let rows = Double(matrix.rows)
      sum(gram) { means[$0] * means[$1] * rows }
    } else {
      var offsets = [Double](repeating: 0, count: size)
      for row in 0..<size {
        offsets[row] += gram[row, row]
        for column in row + 1..<size {
          offsets[row] += gram[row, column]
          offsets[column] += gram[row, column]
        }
      }
      let scale = 1 / Double(size)
      let mean = offsets.reduce(0, +) * scale * scale
      offsets = offsets.map { $0 * scale - mean / 2 }
      sum(gram) { offsets[$0] + offsets[$1] }
    }
  }

  @inline(__always)
  private mutating func sum(_ gram: Matrix<Double>, less common: (Int, Int) -> Double) {
    var beside = 0.0
    for row in 0..<gram.rows {
      let values = gram.elements + row * gram.columns
      let own = values[row] - common(row, row)
      trace += own
      squares += own * own
      for column in row + 1..<gram.columns {
        let value = values[column] - common(row, column)
        beside += value * value
      }
    }
    squares += 2 * beside
  }
}
