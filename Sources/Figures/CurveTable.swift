import Tables

/// Curves that were computed rather than measured: `curves.csv` with the columns `curve`, `x` and `y`, and
/// `z` where points have a third number. A curve of which there is nothing to see is a row of its name alone.
public struct CurveTable: Sendable {
  /// The name of the file in a store entry.
  public static let fileName = "curves.csv"

  /// Points by curve, in the order of the file.
  public let curves: [String: [(x: Double, y: Double)]]

  /// The third numbers of the points of those curves that have them.
  let tones: [String: [Double]]

  package init(curves: [String: [(x: Double, y: Double)]], tones: [String: [Double]] = [:]) {
    self.curves = curves
    self.tones = tones
  }

  /// Reads the table at `path`.
  ///
  /// - Throws: what reading throws, naming file, line and column.
  public init(contentsOf path: String) throws {
    let table = try CSVReader.read(path)
    let names = try table.column("curve")
    let x = try table.optionalNumbers("x")
    let y = try table.optionalNumbers("y")
    var curves: [String: [(x: Double, y: Double)]] = [:]
    for row in names.indices {
      guard let x = x[row], let y = y[row] else {
        guard x[row] == nil, y[row] == nil, curves.updateValue([], forKey: names[row]) == nil else {
          throw HalfPoint(path: path, curve: names[row])
        }
        continue
      }
      curves[names[row], default: []].append((x, y))
    }
    self.curves = curves
    guard table.columns.contains("z") else {
      tones = [:]
      return
    }
    let z = try table.optionalNumbers("z")
    var tones: [String: [Double]] = [:]
    for row in names.indices { if let tone = z[row] { tones[names[row], default: []].append(tone) } }
    // All points of a curve have one, or it has none.
    self.tones = tones.filter { $0.value.count == curves[$0.key]?.count }
  }

  /// The names of the curves that are `pattern`, in which `*` stands for any text, in their order.
  ///
  /// - Parameter table: the table's name, for errors.
  /// - Throws: ``UnknownCurve`` naming the curves that there are, if none matches.
  func names(matching pattern: String, table: String) throws -> [String] {
    let names = curves.keys.filter { FigureData.matches($0, pattern: pattern) }.sorted()
    guard !names.isEmpty else {
      throw UnknownCurve(name: pattern, place: "the table '\(table)'", known: curves.keys.sorted())
    }
    return names
  }

  /// The points of those curves.
  func lines(matching pattern: String, table: String) throws -> [[(x: Double, y: Double)]] {
    try names(matching: pattern, table: table).map { curves[$0] ?? [] }
  }
}

/// A row of a table has one number of a point but not the other, or a curve with points has one without.
struct HalfPoint: Error, Equatable, CustomStringConvertible {
  let path: String
  let curve: String
  var description: String { "\(path): the curve '\(curve)' has a point without x or y" }
}
