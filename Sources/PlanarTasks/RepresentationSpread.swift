import Foundation
import LinearAlgebra

/// How many directions a representation fills, and how many of its units do nothing.
package struct RepresentationSpread: Hashable {
  /// The exponential of the entropy of the normalised singular values (Roy and Vetterli, 2007); 0 of nothing.
  package let effectiveRank: Double
  /// The share of units that are zero everywhere.
  package let deadUnits: Double

  /// - Parameter representation: a row for each sample.
  /// - Throws: `SingularValueError` if the network diverged.
  package init(of representation: Matrix<Float>) throws {
    let memory = Arena<Double>(
      capacity: Arena<Double>.footprint(rows: representation.rows, columns: representation.columns))
    let copy = memory.take(rows: representation.rows, columns: representation.columns)
    var alive = [Bool](repeating: false, count: representation.columns)
    for row in 0..<copy.rows {
      for unit in 0..<copy.columns {
        copy[row, unit] = Double(representation[row, unit])
        if representation[row, unit] != 0 { alive[unit] = true }
      }
    }
    deadUnits = Double(alive.filter { !$0 }.count) / Double(alive.count)
    let values = try copy.singularValues()
    let sum = values.reduce(0, +)
    var entropy = 0.0
    for value in values where value > 0 { entropy -= value / sum * log(value / sum) }
    effectiveRank = sum >= 1e-9 ? exp(entropy) : 0
  }
}
