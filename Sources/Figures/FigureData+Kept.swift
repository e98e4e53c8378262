import Tables

/// Curves that were drawn before and kept, without the tables that they came from.
extension FigureData {
  /// Reads what ``table`` wrote, for the panels' series that are in it: others, which a chapter has had since, are left
  /// out. Curves that claims speak of without their being drawn are not kept, nor, in records of before that, those of
  /// single seeds.
  ///
  /// - Throws: what reading throws, naming file, line and column; ``EmptyCurve`` where none of the series is there.
  public init(panels: [PanelSpecification], seeds: [UInt64], kept path: String) throws {
    let table = try CSVReader.read(path)
    let names = zip(try table.column("panel"), try table.column("series")).map { "\($0).\($1)" }
    let numbers = try ["x", "y", "y_low", "y_high"].map { try table.numbers($0) }
    let counts = try table.integers("n")
    for (row, x) in numbers[0].enumerated() where counts[row] != 0 && !(abs(x) <= Self.greatestPlace) {
      throw TableError.notNumber(path: path, place: "row \(row + 1)", column: "x", text: "\(x)")
    }
    let dots = try Self.tasks(in: table)
    let tones = table.columns.contains("tone") ? try table.optionalNumbers("tone") : []
    // A task's share is of all tasks of its seed.
    var last: [String: Int] = [:]
    for (row, dot) in dots.enumerated() {
      if let dot {
        last["\(names[row])/\(dot.seed)"] = max(last["\(names[row])/\(dot.seed)"] ?? 1, dot.number)
      }
    }
    let bySeed = try Self.seedValues(in: table, of: seeds)
    var points: [String: [Point]] = [:]
    var perSeed: [String: [UInt64: [(x: Double, y: Double)]]] = [:]
    for (row, name) in names.enumerated() {
      let isGap = counts[row] == 0
      let task = dots[row].map { dot in
        TaskDot(
          seed: dot.seed, number: dot.number,
          progress: Double(dot.number) / Double(last["\(name)/\(dot.seed)"] ?? 1), size: dot.size)
      }
      points[name, default: []].append(
        isGap
          ? .gap
          : Point(
            x: numbers[0][row], y: numbers[1][row], low: numbers[2][row], high: numbers[3][row],
            count: counts[row], task: task, tone: tones.isEmpty ? nil : tones[row]))
      for (seed, values) in bySeed ?? [:] {
        if let y = values[row] {
          perSeed[name, default: [:]][seed, default: []].append((numbers[0][row], y))
        }
      }
    }
    self.seeds = seeds
    tellsSeeds = bySeed != nil
    undrawn = [:]
    curves = panels.flatMap { panel in
      panel.series.compactMap { series in
        points["\(panel.id).\(series.id)"].map {
          Curve(
            panel: panel.id, series: series, points: $0, perSeed: perSeed["\(panel.id).\(series.id)"] ?? [:])
        }
      }
    }
    if curves.isEmpty {
      throw EmptyCurve(name: panels.first.map { "\($0.id).\($0.series.first?.id ?? "")" } ?? "")
    }
  }

  /// More steps or examples than any curve has, and few enough to be counted.
  private static let greatestPlace = 1e15

  private static func tasks(
    in table: Table
  ) throws -> [(seed: UInt64, number: Int, size: Double?)?] {
    guard table.columns.contains("task") else { return Array(repeating: nil, count: table.rows.count) }
    let sizes = try table.optionalNumbers("size")
    return zip(zip(try table.column("seed"), try table.column("task")), sizes).map { texts, size in
      guard let seed = UInt64(texts.0), let number = Int(texts.1), number > 0 else { return nil }
      return (seed, number, size)
    }
  }
}
