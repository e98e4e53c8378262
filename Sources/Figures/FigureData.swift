import Tables

/// Exactly what a figure draws: for every curve the values of each seed and their summary.
public struct FigureData: Sendable {
  /// A curve's value at one x, over seeds; or a gap, at which one line of a curve ends and the next begins.
  public struct Point: Hashable, Sendable {
    public let x: Double
    /// The mean over seeds.
    public let y: Double
    /// The ends of the 95 % confidence interval of the mean (Student's t); with two seeds, which say next to nothing
    /// about their spread, both values; both `y` with a single seed.
    public let low: Double
    public let high: Double
    /// How many seeds; 0 for a gap.
    public let count: Int
    /// Of a dot that stands for a task of one seed; nil elsewhere.
    public var task: TaskDot?
    /// The third number of a dot or a cell of a map, which its colour shows; nil elsewhere.
    public var tone: Double?

    /// Not a number: charts do not draw it, and statistics pass over it.
    static let gap = Point(x: .nan, y: .nan, low: .nan, high: .nan, count: 0)
  }

  /// What a dot tells of a task besides its place.
  public struct TaskDot: Hashable, Sendable {
    public let seed: UInt64
    /// Counted from 1.
    public let number: Int
    /// Its share of all tasks, in (0, 1].
    public let progress: Double
    /// The metric that the dot's area shows, in [0, 1]; nil if it shows none.
    public let size: Double?
  }

  public struct Curve: Sendable {
    public let panel: String
    public let series: SeriesSpecification
    public let points: [Point]
    /// The same for each seed alone, in the order of x.
    public let perSeed: [UInt64: [(x: Double, y: Double)]]

    /// `panel.series`, as claims say it.
    public var name: String { "\(panel).\(series.id)" }

    /// Whether nothing to see is an answer: a computed table may name a curve of which there is nothing. However it is
    /// drawn: claims are judged without that.
    var mayBeEmpty: Bool { !series.tableNames.isEmpty }

    /// How the confidence interval is drawn.
    public enum Spread: Sendable { case band, errorBars }

    /// Nil if it is not: for dots, and where no point has several seeds.
    public var spread: Spread? {
      guard series.style.dots != true, points.contains(where: { $0.count > 1 }) else { return nil }
      return series.style.bars == true || series.style.errorBars == true || isSparse ? .errorBars : .band
    }

    /// Whether it has a point for fewer than half of the tasks that it spans: its run trains only some of them, and a line
    /// would tell of tasks that nobody saw.
    public var isSparse: Bool {
      guard series.averagedOver == .task, series.against == nil, let first = points.first?.x,
        let last = points.last?.x
      else { return false }
      return 2 * Double(points.count) < last - first
    }
  }

  public let curves: [Curve]
  public let seeds: [UInt64]

  /// Whether curves are those of each seed too, and not of their mean alone, as in records of before that was kept.
  public let tellsSeeds: Bool

  /// Curves that no panel draws but claims speak of, `table.curve`.
  let undrawn: [String: UndrawnCurve]

  /// Gathers the curves of `panels` from the measurements of each run and seed and from computed tables.
  ///
  /// - Parameters:
  ///   - tables: the computed tables by name; those of single seeds as `name/seed`.
  ///   - measurements: the rows of the run (by name) with a seed.
  public init(
    panels: [PanelSpecification], seeds: [UInt64], tables: [String: CurveTable] = [:],
    measurements: (_ run: String, _ seed: UInt64) throws -> [MetricRow]
  ) throws {
    self.seeds = seeds
    var curves: [Curve] = []
    for panel in panels {
      for series in panel.series {
        guard series.tableNames.isEmpty else {
          curves.append(try Self.curve(of: series, in: panel, tables: tables, seeds: seeds))
          continue
        }
        curves.append(try Self.curve(of: series, in: panel, seeds: seeds, measurements: measurements))
      }
    }
    if let empty = curves.first(where: { $0.points.isEmpty && !$0.mayBeEmpty }) {
      throw EmptyCurve(name: empty.name)
    }
    self.curves = curves
    tellsSeeds = true
    undrawn = Self.undrawn(tables, seeds: seeds)
  }

  /// The mean curve `panel.series`, or that of one seed.
  ///
  /// - Throws: ``UnknownCurve`` if there is no such curve.
  public func points(of name: String, seed: UInt64? = nil) throws -> [(x: Double, y: Double)] {
    guard let curve = curves.first(where: { $0.name == name }) else {
      if let curve = undrawn[name] { return seed.flatMap { curve.perSeed[$0] } ?? curve.points }
      throw UnknownCurve(name: name, place: "this figure", known: curves.map(\.name))
    }
    if let seed, !curve.perSeed.isEmpty { return curve.perSeed[seed] ?? [] }
    return curve.points.filter { $0.count > 0 }.map { ($0.x, $0.y) }
  }

  /// From the least to the largest x of a panel's curves; nil if it has none.
  public func range(ofPanel panel: String) -> ClosedRange<Double>? {
    let places = curves.filter { $0.panel == panel }.flatMap(\.points).map(\.x).filter(\.isFinite)
    guard let low = places.min(), let high = places.max() else { return nil }
    return low...high
  }

  /// Mean and interval over the seeds, for every x that occurs, in its order.
  static func summary(
    of perSeed: [UInt64: [(x: Double, y: Double)]], seeds: [UInt64]
  ) -> [Point] {
    var values: [Double: [Double]] = [:]
    for seed in seeds {
      for point in perSeed[seed] ?? [] { values[point.x, default: []].append(point.y) }
    }
    return values.sorted { $0.key < $1.key }.map { x, y in
      let count = Double(y.count)
      let mean = y.reduce(0, +) / count
      guard y.count > 1 else { return Point(x: x, y: mean, low: mean, high: mean, count: 1) }
      guard y.count > 2 else {
        return Point(x: x, y: mean, low: min(y[0], y[1]), high: max(y[0], y[1]), count: 2)
      }
      let half = StudentT.halfWidth95(of: y, mean: mean)
      return Point(x: x, y: mean, low: mean - half, high: mean + half, count: y.count)
    }
  }

  /// Whether `name` is `pattern`, in which `*` stands for any text.
  package static func matches(_ name: String, pattern: String) -> Bool {
    let alternatives = pattern.split(separator: "|")
    guard alternatives.count < 2 else { return alternatives.contains { matches(name, pattern: String($0)) } }
    let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
    guard parts.count > 1 else { return name == pattern }
    var rest = Substring(name)
    guard rest.hasPrefix(parts[0]) else { return false }
    rest = rest.dropFirst(parts[0].count)
    for part in parts.dropFirst().dropLast() where !part.isEmpty {
      guard let range = rest.firstRange(of: part) else { return false }
      rest = rest[range.upperBound...]
    }
    return rest.hasSuffix(parts[parts.count - 1])
  }
}

/// A series found nothing in the tables that it names.
public struct EmptyCurve: Error, Equatable, CustomStringConvertible {
  /// `panel.series`.
  public let name: String
  public var description: String {
    "the curve '\(name)' has no points: nothing was measured under its metric, layers and probe"
  }
}

/// A curve was asked for that is not there.
public struct UnknownCurve: Error, Equatable, CustomStringConvertible {
  public let name: String
  /// Where it was looked for: `this figure`, `the table 'sgd-5'`.
  public let place: String
  /// The curves that are there.
  public let known: [String]
  public var description: String {
    "'\(name)' is no curve of \(place); there are \(known.joined(separator: ", "))"
  }
}

extension FigureData {
  /// The table beside the figure: exactly what is drawn, and what each seed adds to it. A row of `nan` with n = 0 is a
  /// gap in a line. Where dots stand for tasks, three columns more say which, and what their areas show; where colours
  /// show a third number, one column more has it. The last columns are those of ``seeds``, by name; the fields of what has
  /// no seeds are empty.
  public var table: Table {
    let hasTasks = curves.contains { $0.points.contains { $0.task != nil } }
    let hasTones = curves.contains { $0.points.contains { $0.tone != nil } }
    let seedFields = seedFields
    let rows = curves.flatMap { curve in
      curve.points.map { point in
        [
          curve.panel, curve.series.id, "\(point.x)", "\(point.y)", "\(point.low)", "\(point.high)",
          "\(point.count)",
        ] + (hasTasks ? Self.fields(of: point.task) : [])
          + (hasTones ? [point.tone.map { "\($0)" } ?? ""] : [])
      }
    }
    return Table(
      columns: ["panel", "series", "x", "y", "y_low", "y_high", "n"]
        + (hasTasks ? ["seed", "task", "size"] : []) + (hasTones ? ["tone"] : [])
        + (seedFields == nil ? [] : seeds.map(Self.column)),
      rows: seedFields.map { zip(rows, $0).map(+) } ?? rows)
  }

  private static func fields(of task: TaskDot?) -> [String] {
    guard let task else { return ["", "", ""] }
    return ["\(task.seed)", "\(task.number)", task.size.map { "\($0)" } ?? ""]
  }
}
