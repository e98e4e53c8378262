import Foundation
import LinearAlgebra

/// Every unit's activations, standardised and sorted: what all measures of Gaussian shape start from.
final class SortedUnits {
  /// Samples × units; column j holds the ascending (x − mean) / standard deviation (n − 1) of unit j. Columns
  /// of constant units hold zeros.
  let values: Matrix<Double>
  /// Which units are constant up to rounding and have no shape.
  let isConstant: [Bool]
  private let arena: Arena<Double>

  init(of matrix: Matrix<Double>) {
    let moments = UnitMoments(of: matrix)
    let columns = matrix.columns
    isConstant = (0..<columns).map(moments.isConstant)
    arena = Arena(capacity: 2 * Arena<Double>.footprint(rows: matrix.rows, columns: columns))
    values = arena.take(rows: matrix.rows, columns: columns)
    let scales = (0..<columns).map { isConstant[$0] ? 0 : 1 / moments.standardDeviation($0) }
    for row in 0..<matrix.rows {
      let source = matrix.elements + row * columns
      let target = values.elements + row * columns
      for column in 0..<columns { target[column] = (source[column] - moments.means[column]) * scales[column] }
    }
    SortingNetwork.sortColumns(of: values)
  }

  /// The smaller of Φ(z) and 1 − Φ(z) for each of ``values``: the tail beyond it under the normal distribution.
  private(set) lazy var tails: Matrix<Double> = {
    let result = arena.take(rows: values.rows, columns: values.columns)
    for index in 0..<values.count {
      result.elements[index] = 0.5 * erfc(values.elements[index].magnitude * 0.5.squareRoot())
    }
    return result
  }()

  /// The mean over units of `shape`, one number a unit; constant units, which are as far from Gaussian as can
  /// be, count as `worst`.
  func mean(of shape: [Double], worst: Double) -> Double {
    zip(shape, isConstant).reduce(0) { $0 + ($1.1 ? worst : $1.0) } / Double(shape.count)
  }
}
