import Tables

/// The columns of a figure's numbers that tell seeds apart, `seed_40` and so on: what its claims, and others that come
/// later, can be judged on without the measurements.
extension FigureData {
  static func column(of seed: UInt64) -> String { "seed_\(seed)" }

  /// The fields of those columns for each row of ``table``, in the order of ``seeds``; nil where there are no seeds, or
  /// where a curve's rows cannot tell all of a seed's values.
  ///
  /// Rows of what was computed for the whole artifact, and gaps, have empty fields.
  var seedFields: [[String]]? {
    guard curves.contains(where: { !$0.perSeed.isEmpty }) else { return nil }
    var rows: [[String]] = []
    for curve in curves {
      var fields = curve.points.map { _ in [String](repeating: "", count: seeds.count) }
      for (column, seed) in seeds.enumerated() {
        var values = (curve.perSeed[seed] ?? [])[...]
        for (row, point) in curve.points.enumerated() where point.count > 0 {
          guard point.task == nil || point.task?.seed == seed, let next = values.first, next.x == point.x
          else {
            continue
          }
          fields[row][column] = "\(next.y)"
          values.removeFirst()
        }
        guard values.isEmpty else { return nil }
      }
      rows += fields
    }
    return rows
  }

  /// Each row's values of the seeds, read from what ``table`` wrote; nil where it does not tell all of them apart.
  static func seedValues(in table: Table, of seeds: [UInt64]) throws -> [UInt64: [Double?]]? {
    var values: [UInt64: [Double?]] = [:]
    for seed in seeds {
      guard table.columns.contains(column(of: seed)) else { return nil }
      values[seed] = try table.optionalNumbers(column(of: seed))
    }
    return values
  }
}
