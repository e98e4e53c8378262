import ContentStore
import Foundation
import Tables
import Training

/// A repeated result beside the published one.
struct ResultComparison {
  /// The mean distance of two curves that should be equal, in shares of the curve's own range: of half of the curves, and of
  /// the worst. Training is chaotic, so that other rounding leads to other networks, but to curves like these.
  static let tolerance = (median: 0.05, greatest: 0.5)

  /// Files whose digests were compared, and those that differ.
  private(set) var files = 0
  /// Rows of tables that were compared as they are written.
  private(set) var rows = 0
  private(set) var different: [String] = []
  /// Of each curve the distance; empty where only digests were compared.
  private(set) var distances: [Double] = []

  /// Compares digests, of what was dropped since as well: manifests go on to tell them.
  mutating func addDigests(_ ours: Manifest, _ theirs: Manifest) {
    func all(_ manifest: Manifest) -> [String: Manifest.File] {
      manifest.files.merging(manifest.released ?? [:]) { first, _ in first }
    }
    let (here, there) = (all(ours), all(theirs))
    files += there.count
    for name in Set(here.keys).union(there.keys).sorted() where here[name] != there[name] {
      different.append("\(theirs.job.stage): \(name)")
    }
  }

  /// Compares files that are part of a result with those of the whole.
  mutating func addDigests(of files: [String: Manifest.File], _ theirs: Manifest) {
    let all = theirs.files.merging(theirs.released ?? [:]) { first, _ in first }
    for (name, facts) in files.sorted(by: { $0.key < $1.key }) {
      self.files += 1
      if all[name] != facts { different.append("\(theirs.job.stage): \(name)") }
    }
  }

  /// Compares the rows of two tables at some steps, as they are written or curve by curve.
  ///
  /// - Throws: what reading throws.
  mutating func addRows(
    _ ours: String, _ theirs: String, steps: ClosedRange<Int>, isExact: Bool, name: String
  ) throws {
    let tables = try [ours, theirs].map { path in
      let table = try CSVReader.read(path)
      let rows = zip(try table.integers("step"), table.rows).filter { steps.contains($0.0) }.map(\.1)
      return Table(columns: table.columns, rows: rows)
    }
    if isExact {
      rows += tables[1].rows.count
      if tables[0].columns != tables[1].columns || tables[0].rows != tables[1].rows { different.append(name) }
    } else {
      try addTables(tables[0], tables[1], name: name)
    }
  }

  /// Compares two tables curve by curve.
  ///
  /// - Throws: what reading throws.
  mutating func addTables(_ ours: String, _ theirs: String, name: String) throws {
    try addTables(CSVReader.read(ours), CSVReader.read(theirs), name: name)
  }

  private mutating func addTables(_ ours: Table, _ theirs: Table, name: String) throws {
    let (here, there) = (try Self.curves(ours), try Self.curves(theirs))
    files += 1
    guard Set(here.keys) == Set(there.keys) else {
      different.append("\(name): other curves")
      return
    }
    for (curve, values) in there.sorted(by: { $0.key < $1.key }) {
      let found = here[curve] ?? []
      guard found.count == values.count else {
        different.append("\(name): \(curve) has \(found.count) points, not \(values.count)")
        continue
      }
      distances.append(Self.distance(found, values))
    }
  }

  /// The number columns `value` or `y`, by all columns that are no numbers; of a history, each of its quantities.
  private static func curves(_ table: Table) throws -> [String: [Double]] {
    guard table.columns.contains("value") || table.columns.contains("y") else {
      return try Dictionary(
        uniqueKeysWithValues: HistoryRow.quantityNames.map { name in
          (name, try table.optionalNumbers(name).map { $0 ?? .nan })
        })
    }
    let number = table.columns.contains("value") ? "value" : "y"
    let values = try table.optionalNumbers(number)
    let names = try ["curve", "model", "layer", "probe", "metric"].filter(table.columns.contains).map(
      table.column)
    var curves: [String: [Double]] = [:]
    for (row, value) in values.enumerated() {
      curves[names.map { $0[row] }.joined(separator: " "), default: []].append(value ?? .nan)
    }
    return curves
  }

  /// The mean distance of two curves, on the scale of their range or, if that is nothing, of their values.
  static func distance(_ left: [Double], _ right: [Double]) -> Double {
    let all = (left + right).filter(\.isFinite)
    guard let low = all.min(), let high = all.max() else { return 0 }
    let scale = max(high - low, 1e-3 * max(abs(high), abs(low)))
    guard scale > 0 else { return 0 }
    let distances = zip(left, right).map { a, b in
      a.isFinite && b.isFinite ? abs(a - b) / scale : a.isFinite == b.isFinite ? 0 : 1
    }
    return distances.reduce(0, +) / Double(max(distances.count, 1))
  }

  var median: Double { distances.isEmpty ? 0 : distances.sorted()[distances.count / 2] }
  var greatest: Double { distances.max() ?? 0 }
  var isWithin: Bool {
    different.isEmpty && median <= Self.tolerance.median && greatest <= Self.tolerance.greatest
  }
}
