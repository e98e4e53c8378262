import Tables

/// Curves that were computed rather than measured: `curves.csv` with the columns `curve`, `x` and `y`.
public struct CurveTable: Sendable {
  /// The name of the file in a store entry.
  public static let fileName = "curves.csv"

  /// Points by curve, in the order of the file.
  public let curves: [String: [(x: Double, y: Double)]]

  init(curves: [String: [(x: Double, y: Double)]]) { self.curves = curves }

  /// Reads the table at `path`.
  ///
  /// - Throws: what reading throws, naming file, line and column.
  public init(contentsOf path: String) throws {
    let table = try CSVReader.read(path)
    let names = try table.column("curve")
    let x = try table.numbers("x")
    let y = try table.numbers("y")
    var curves: [String: [(x: Double, y: Double)]] = [:]
    for row in names.indices { curves[names[row], default: []].append((x[row], y[row])) }
    self.curves = curves
  }

  /// The points of a curve.
  ///
  /// - Throws: ``ClaimExpressionError`` naming the curves that there are.
  func points(of curve: String) throws -> [(x: Double, y: Double)] {
    guard let points = curves[curve] else {
      throw ClaimExpressionError(
        expression: curve,
        message: "is no curve of the table; there are " + curves.keys.sorted().joined(separator: ", "))
    }
    return points
  }
}
