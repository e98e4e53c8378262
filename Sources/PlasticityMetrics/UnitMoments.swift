import LinearAlgebra

/// Mean and standard deviation of every unit over the samples.
struct UnitMoments {
  /// The mean of each unit.
  let means: [Double]
  /// The sum of squared deviations from the mean of each unit.
  let squaredDeviations: [Double]
  let rows: Int

  init(of matrix: Matrix<Double>) {
    let columns = matrix.columns
    let scale = 1 / Double(matrix.rows)
    var means = [Double](repeating: 0, count: columns)
    var squares = means
    means.withUnsafeMutableBufferPointer { means in
      for row in 0..<matrix.rows {
        let values = matrix.elements + row * columns
        for column in 0..<columns { means[column] += values[column] }
      }
      for column in 0..<columns { means[column] *= scale }
      // Two passes: a unit that is nearly constant would lose its deviation to E[x²] − E[x]².
      squares.withUnsafeMutableBufferPointer { squares in
        for row in 0..<matrix.rows {
          let values = matrix.elements + row * columns
          for column in 0..<columns {
            let deviation = values[column] - means[column]
            squares[column] += deviation * deviation
          }
        }
      }
    }
    self.means = means
    squaredDeviations = squares
    rows = matrix.rows
  }

  /// The unbiased standard deviation of a unit; zero for a single sample.
  func standardDeviation(_ unit: Int) -> Double {
    rows > 1 ? (squaredDeviations[unit] / Double(rows - 1)).squareRoot() : 0
  }

  /// Whether the unit's values are equal up to rounding.
  func isConstant(_ unit: Int) -> Bool {
    standardDeviation(unit) <= 1e-12 * max(1, means[unit].magnitude)
  }
}

/// The mean over units of each unit's mean over samples.
struct UnitMean: LayerMetric {
  let name = "unitMean"

  func value(for sample: LayerSample) -> Double? {
    guard sample.isMeasurable else { return nil }
    return sample.moments.means.reduce(0, +) / Double(sample.activations.columns)
  }
}

/// The mean over units of each unit's unbiased standard deviation over samples (n − 1 in the denominator);
/// not defined for a single sample.
struct UnitStandardDeviation: LayerMetric {
  let name = "unitStandardDeviation"

  func value(for sample: LayerSample) -> Double? {
    guard sample.isMeasurable, sample.activations.rows > 1 else { return nil }
    let units = sample.activations.columns
    return (0..<units).map(sample.moments.standardDeviation).reduce(0, +) / Double(units)
  }
}
