import LinearAlgebra

/// The columns of a matrix that say something: without those of zeros (dead units), and each of several equal ones
/// (clones) once.
///
/// To singular values that is an orthogonal transformation if what is merged becomes longer by the square root of its
/// number, and what goes are singular values that are zero.
struct DistinctColumns {
  /// The first of each group of equal columns, ascending.
  let places: [Int]
  /// How many equal columns each stands for.
  let counts: [Int]
  /// Of all columns, those of zeros included.
  let total: Int
  /// Whether every element has a single-precision number's digits.
  let isSinglePrecision: Bool
  /// The roots of ``counts``.
  private let scales: [Double]

  /// Whether some columns went.
  var differs: Bool { places.count < total }

  init(of matrix: Matrix<Double>) {
    let (fingerprints, digits) = Self.fingerprints(of: matrix)
    var groups: [UInt64: [Int]] = [:]
    var places: [Int] = []
    var counts: [Int] = []
    for column in 0..<matrix.columns {
      guard let fingerprint = fingerprints[column] else { continue }
      let candidates = groups[fingerprint] ?? []
      if let group = candidates.first(where: { Self.areEqual(matrix, places[$0], column) }) {
        counts[group] += 1
      } else {
        groups[fingerprint, default: []].append(places.count)
        places.append(column)
        counts.append(1)
      }
    }
    self.places = places
    self.counts = counts
    total = matrix.columns
    // Of 52 binary digits of a double a single has 23.
    isSinglePrecision = digits & 0x1fff_ffff == 0
    scales = counts.map { Double($0).squareRoot() }
  }

  /// Of each column, one that depends on all its elements, nil for columns of zeros; and the bits that some element has.
  private static func fingerprints(of matrix: Matrix<Double>) -> (ofColumns: [UInt64?], bits: UInt64) {
    let columns = matrix.columns
    var marks = [UInt64](repeating: 0xcbf2_9ce4_8422_2325, count: columns)
    var any = [UInt64](repeating: 0, count: columns)
    marks.withUnsafeMutableBufferPointer { marks in
      any.withUnsafeMutableBufferPointer { any in
        for row in 0..<matrix.rows {
          let values = matrix.elements + row * columns
          for column in 0..<columns {
            // Adding zero makes −0 and 0 the same.
            let bits = (values[column] + 0).bitPattern
            any[column] |= bits
            marks[column] = (marks[column] ^ bits) &* 0x100_0000_01b3
          }
        }
      }
    }
    return ((0..<columns).map { any[$0] == 0 ? nil : marks[$0] }, any.reduce(0, |))
  }

  private static func areEqual(_ matrix: Matrix<Double>, _ first: Int, _ second: Int) -> Bool {
    (0..<matrix.rows).allSatisfy { matrix[$0, first] == matrix[$0, second] }
  }

  /// Writes the distinct columns of `matrix` (rows × columns) into `target` (rows × distinct columns), merged ones longer.
  func copy(_ matrix: Matrix<Double>, into target: Matrix<Double>) {
    for row in 0..<matrix.rows {
      let source = matrix.elements + row * matrix.columns
      let results = target.elements + row * target.columns
      for column in 0..<target.columns { results[column] = source[places[column]] * scales[column] }
    }
  }

  /// Writes the products of all pairs of what ``copy(_:into:)`` gives into the upper triangle of `target`, from those of all columns
  /// in that of `products`.
  func copyProducts(_ products: Matrix<Double>, into target: Matrix<Double>) {
    for row in 0..<target.rows {
      let source = products.elements + places[row] * products.columns
      let results = target.elements + row * target.columns
      for column in row..<target.columns {
        results[column] = source[places[column]] * scales[row] * scales[column]
      }
    }
  }
}
