/// Curves that come from computed tables: of the whole artifact, named `name`, or of single seeds,
/// `name/seed`.
extension FigureData {
  /// A curve of a table that claims speak of without its being drawn.
  struct UndrawnCurve: Sendable {
    /// The mean over seeds.
    let points: [(x: Double, y: Double)]
    /// Empty for a table of the whole artifact.
    let perSeed: [UInt64: [(x: Double, y: Double)]]
  }

  /// What one table adds to a curve.
  private struct Part {
    var points: [Point]
    /// Empty for a table of the whole artifact.
    var perSeed: [UInt64: [(x: Double, y: Double)]] = [:]

    func points(of seed: UInt64) -> [(x: Double, y: Double)] {
      perSeed.isEmpty ? points.filter { $0.count > 0 }.map { ($0.x, $0.y) } : perSeed[seed] ?? []
    }
  }

  /// The curve of a series, the points of its tables one after the other. On a categorical axis, the n-th
  /// table's only point stands at x = n, counted from 0.
  ///
  /// - Throws: ``UnknownCurve`` where a table has no such curve, ``CategoryError`` where it has
  ///   not one point for a place of a categorical axis.
  static func curve(
    of series: SeriesSpecification, in panel: PanelSpecification, tables: [String: CurveTable],
    seeds: [UInt64]
  ) throws -> Curve {
    let isCategorical = panel.x.categories != nil
    // What one seed or one table has, another may have nothing to say of; but every place of a categorical axis is taken.
    let pattern = series.curve ?? ""
    let mayLack =
      !isCategorical
      && seeds.contains { seed in
        series.tableNames.contains { has(pattern, tables["\($0)/\(seed)"]) }
      }
    let parts = try series.tableNames.enumerated().map { place, table in
      try part(
        of: series, table: table, place: isCategorical ? place : nil, mayLack: mayLack, in: tables,
        seeds: seeds)
    }
    let hasSeeds = parts.contains { !$0.perSeed.isEmpty }
    return Curve(
      panel: panel.id, series: series, points: parts.flatMap(\.points),
      perSeed: hasSeeds
        ? Dictionary(
          uniqueKeysWithValues: seeds.map { seed in (seed, parts.flatMap { $0.points(of: seed) }) })
        : [:])
  }

  /// - Parameters:
  ///   - place: where the table's point stands on a categorical axis; nil if x is the table's.
  ///   - mayLack: whether a seed's table may have no such curve.
  private static func part(
    of series: SeriesSpecification, table: String, place: Int?, mayLack: Bool,
    in tables: [String: CurveTable], seeds: [UInt64]
  ) throws -> Part {
    func lines(_ name: String) throws -> [[(x: Double, y: Double)]] {
      let lines = try tables[name]?.lines(matching: series.curve ?? "", table: name) ?? []
      guard let place else { return lines }
      let points = lines.joined()
      guard let point = points.first, points.count == 1 else {
        throw CategoryError(series: series.id, table: name, curve: series.curve ?? "", points: points.count)
      }
      return [[(Double(place), point.y)]]
    }
    if let found = tables[table] {
      let tones = try found.names(matching: series.curve ?? "", table: table).map { found.tones[$0] }
      let points = try zip(lines(table), tones).map { line, tones in
        line.enumerated().map { place, point in
          Point(
            x: point.x, y: point.y, low: point.y, high: point.y, count: 1, task: nil, tone: tones?[place])
        }
      }
      if series.style.map == true, points.joined().contains(where: { $0.tone == nil }) {
        throw MissingTones(table: table, curve: series.curve ?? "")
      }
      return Part(points: Array(points.joined(separator: [.gap])))
    }
    var perSeed: [UInt64: [(x: Double, y: Double)]] = [:]
    for seed in seeds {
      let name = "\(table)/\(seed)"
      perSeed[seed] =
        mayLack && !has(series.curve ?? "", tables[name]) ? [] : try lines(name).first ?? []
    }
    return Part(points: summary(of: perSeed, seeds: seeds), perSeed: perSeed)
  }

  /// Whether a table has a curve of that pattern.
  private static func has(_ pattern: String, _ table: CurveTable?) -> Bool {
    table?.curves.keys.contains { matches($0, pattern: pattern) } == true
  }

  /// All curves of the tables, those of single seeds averaged.
  static func undrawn(_ tables: [String: CurveTable], seeds: [UInt64]) -> [String: UndrawnCurve] {
    var result: [String: UndrawnCurve] = [:]
    for (name, table) in tables {
      guard let slash = name.firstIndex(of: "/") else {
        for (curve, points) in table.curves {
          result["\(name).\(curve)"] = UndrawnCurve(points: points, perSeed: [:])
        }
        continue
      }
      let run = name[..<slash]
      for curve in table.curves.keys where result["\(run).\(curve)"] == nil {
        let perSeed = Dictionary(
          uniqueKeysWithValues: seeds.map { ($0, tables["\(run)/\($0)"]?.curves[curve] ?? []) })
        result["\(run).\(curve)"] = UndrawnCurve(
          points: summary(of: perSeed, seeds: seeds).map { ($0.x, $0.y) }, perSeed: perSeed)
      }
    }
    return result
  }
}

/// A map was to be drawn of points without a third number.
struct MissingTones: Error, Equatable, CustomStringConvertible {
  let table: String
  let curve: String
  var description: String {
    "the curve '\(curve)' of the table '\(table)' has no third number for each point, which a map shows"
  }
}

/// A place of a categorical axis takes one point, and a table has none or several.
struct CategoryError: Error, Equatable, CustomStringConvertible {
  let series: String
  let table: String
  let curve: String
  let points: Int
  var description: String {
    "the series '\(series)' needs one point of each table for a categorical axis; "
      + "the table '\(table)' has \(points) in its curve '\(curve)'"
  }
}
