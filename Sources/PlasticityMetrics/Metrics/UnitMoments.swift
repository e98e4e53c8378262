import LinearAlgebra

/// Mean and standard deviation of every unit over the samples, which may come in parts.
struct UnitMoments {
  /// The mean of each unit.
  private(set) var means: [Double]
  /// The sum of squared deviations from the mean of each unit.
  private(set) var squaredDeviations: [Double]
  private(set) var rows = 0
  private var partMeans: [Double]
  private var partSquares: [Double]

  /// Of no samples yet.
  init(units: Int) {
    means = [Double](repeating: 0, count: units)
    squaredDeviations = means
    partMeans = means
    partSquares = means
  }

  init(of matrix: Matrix<Double>) {
    self.init(units: matrix.columns)
    add(matrix)
  }

  /// Takes in more samples: two passes over them, because a unit that is nearly constant would lose its deviation to
  /// E[x²] − E[x]², then the merge of Chan, Golub and LeVeque (1979).
  mutating func add(_ part: Matrix<Double>) {
    guard part.rows > 0 else { return }
    Self.measure(part, &partMeans, &partSquares)
    let share = Double(part.rows) / Double(rows + part.rows)
    let weight = Double(rows) * share
    for unit in means.indices {
      let difference = partMeans[unit] - means[unit]
      means[unit] += difference * share
      squaredDeviations[unit] += partSquares[unit] + difference * difference * weight
    }
    rows += part.rows
  }

  /// The unbiased standard deviation of a unit; zero for a single sample.
  func standardDeviation(_ unit: Int) -> Double {
    rows > 1 ? (squaredDeviations[unit] / Double(rows - 1)).squareRoot() : 0
  }

  /// Whether the unit's values are equal up to rounding.
  func isConstant(_ unit: Int) -> Bool {
    standardDeviation(unit) <= 1e-12 * max(1, means[unit].magnitude)
  }

  /// The mean of each unit over all samples.
  static func means(of matrix: Matrix<Double>) -> [Double] {
    var means = [Double](repeating: 0, count: matrix.columns)
    let scale = 1 / Double(max(matrix.rows, 1))
    means.withUnsafeMutableBufferPointer { means in
      for row in 0..<matrix.rows {
        let values = matrix.elements + row * matrix.columns
        for column in 0..<matrix.columns { means[column] += values[column] }
      }
      for column in 0..<matrix.columns { means[column] *= scale }
    }
    return means
  }

  private static func measure(_ matrix: Matrix<Double>, _ means: inout [Double], _ squares: inout [Double]) {
    let columns = matrix.columns
    let scale = 1 / Double(matrix.rows)
    means.withUnsafeMutableBufferPointer { means in
      for column in 0..<columns { means[column] = 0 }
      for row in 0..<matrix.rows {
        let values = matrix.elements + row * columns
        for column in 0..<columns { means[column] += values[column] }
      }
      for column in 0..<columns { means[column] *= scale }
      squares.withUnsafeMutableBufferPointer { squares in
        for column in 0..<columns { squares[column] = 0 }
        for row in 0..<matrix.rows {
          let values = matrix.elements + row * columns
          for column in 0..<columns {
            let deviation = values[column] - means[column]
            squares[column] += deviation * deviation
          }
        }
      }
    }
  }
}

/// The mean over units of each unit's mean over samples.
struct UnitMean: GatheredMetric {
  let name = "unitMean"

  func prepare(_ sample: LayerSample) { sample.gatherMoments() }

  func value(of sample: LayerSample) -> Double? {
    sample.moments.means.reduce(0, +) / Double(sample.units)
  }
}

/// The mean over units of each unit's unbiased standard deviation over samples (n − 1 in the denominator);
/// not defined for a single sample.
struct UnitStandardDeviation: GatheredMetric {
  let name = "unitStandardDeviation"

  func prepare(_ sample: LayerSample) { sample.gatherMoments() }

  func value(of sample: LayerSample) -> Double? {
    guard sample.rows > 1 else { return nil }
    return (0..<sample.units).map(sample.moments.standardDeviation).reduce(0, +) / Double(sample.units)
  }
}
