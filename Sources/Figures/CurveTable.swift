import Tables

/// Curves that were computed rather than measured: `curves.csv` with the columns `curve`, `x` and `y`.
public struct CurveTable: Sendable {
  /// The name of the file in a store entry.
  public static let fileName = "curves.csv"

  /// Points by curve, in the order of the file.
  public let curves: [String: [(x: Double, y: Double)]]

  package init(curves: [String: [(x: Double, y: Double)]]) { self.curves = curves }

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

  /// The curves whose name is `pattern`, in which `*` stands for any text, in the order of their names.
  ///
  /// - Parameter table: the table's name, for errors.
  /// - Throws: ``UnknownCurve`` naming the curves that there are, if none matches.
  func lines(matching pattern: String, table: String) throws -> [[(x: Double, y: Double)]] {
    let lines = curves.filter { FigureData.matches($0.key, pattern: pattern) }
      .sorted { $0.key < $1.key }.map(\.value)
    guard !lines.isEmpty else {
      throw UnknownCurve(name: pattern, place: "the table '\(table)'", known: curves.keys.sorted())
    }
    return lines
  }
}
