/// Why a quantity of the rank theory does not exist for what was given.
public enum RankTheoryError: Error, Equatable, CustomStringConvertible {
  /// The activation does not vary (to the precision of `Double`) under a standard normal input.
  case constantActivation(name: String)
  /// A mean or a variance is a NaN or an infinity.
  case notFinite(name: String)
  case unknownActivation(name: String, known: [String])
  case notSquare(rows: Int, columns: Int)
  /// The diagonal is not one, the matrix not symmetric or an element outside [−1, 1].
  case notCorrelation(row: Int, column: Int, value: Double)

  public var description: String {
    switch self {
    case .constantActivation(let name):
      "activation \"\(name)\" does not vary under a standard normal input; choose a smaller bias or a scale ≠ 0"
    case .notFinite(let name):
      "activation \"\(name)\" has no finite mean and variance under a standard normal input; choose another"
    case .unknownActivation(let name, let known):
      "no activation is named \"\(name)\"; there are \(known.joined(separator: ", "))"
    case .notSquare(let rows, let columns):
      "a correlation matrix is square and not empty, this one is \(rows) × \(columns); give the matrix of all pairs"
    case .notCorrelation(let row, let column, let value):
      """
      element (\(row), \(column)) = \(value) cannot be in a correlation matrix; normalise the matrix so that \
      its diagonal is one, and make it symmetric
      """
    }
  }
}
