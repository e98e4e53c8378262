/// Curves that come from what `measure` found in runs.
extension FigureData {
  /// The curve of a series that comes from runs: of each run and seed the rows, gathered as the series says.
  static func curve(
    of series: SeriesSpecification, in panel: PanelSpecification, seeds: [UInt64],
    measurements: (_ run: String, _ seed: UInt64) throws -> [MetricRow]
  ) throws -> Curve {
    if series.against != nil {
      return try dots(of: series, in: panel, seeds: seeds, measurements: measurements)
    }
    var perSeed: [UInt64: [(x: Double, y: Double)]] = [:]
    for seed in seeds {
      let runs = try (series.runs ?? []).map { try measurements($0, seed) }
      let others = try series.minus.map { try $0.map { try measurements($0, seed) } }
      switch series.averagedOver {
      case .run:
        perSeed[seed] = runs.enumerated().map { place, rows in
          let other = others.map { $0[$0.count == 1 ? 0 : place] }
          return (Double(place), meanOverTasks(series, in: rows, minus: other))
        }
      case .fifth:
        perSeed[seed] = fifths(series, in: runs.flatMap { $0 }, minus: others.map { $0.flatMap { $0 } })
      case let average:
        let (rows, other) = (runs.flatMap { $0 }, others.map { $0.flatMap { $0 } })
        let isByTask = average == .task
        perSeed[seed] = difference(
          gathered(series, in: rows, byTask: isByTask),
          other.map { gathered(series, in: $0, byTask: isByTask) })
      }
    }
    return Curve(
      panel: panel.id, series: series, points: summary(of: perSeed, seeds: seeds), perSeed: perSeed)
  }

  private static func gathered(
    _ series: SeriesSpecification, in rows: [MetricRow], byTask isByTask: Bool
  ) -> [(x: Double, y: Double)] {
    isByTask ? byTask(series, in: rows).map { (Double($0), $1) } : byStep(series, in: rows)
  }

  /// What is left of a curve when another one is taken from it, at the places of both; itself if there is none.
  private static func difference(
    _ curve: [(x: Double, y: Double)], _ other: [(x: Double, y: Double)]?
  ) -> [(x: Double, y: Double)] {
    guard let other else { return curve }
    let values = Dictionary(other.map { ($0.x, $0.y) }, uniquingKeysWith: { $1 })
    return curve.compactMap { point in values[point.x].map { (point.x, point.y - $0) } }
  }

  /// A dot for each task of each seed.
  private static func dots(
    of series: SeriesSpecification, in panel: PanelSpecification, seeds: [UInt64],
    measurements: (_ run: String, _ seed: UInt64) throws -> [MetricRow]
  ) throws -> Curve {
    var perSeed: [UInt64: [(x: Double, y: Double)]] = [:]
    var points: [Point] = []
    for seed in seeds {
      let rows = try (series.runs ?? []).flatMap { try measurements($0, seed) }
      func values(_ metric: String?) -> [Int: Double] {
        var other = series
        other.metric = metric
        return Dictionary(uniqueKeysWithValues: byTask(other, in: rows))
      }
      let (x, sizes) = (values(series.against), values(series.sizedBy))
      let tasks = byTask(series, in: rows).filter { $0.task > 0 }
      let last = tasks.last?.task ?? 1
      for (task, y) in tasks {
        guard let x = x[task] else { continue }
        let dot = TaskDot(
          seed: seed, number: task, progress: Double(task) / Double(last), size: sizes[task])
        points.append(Point(x: x, y: y, low: y, high: y, count: 1, task: dot))
        perSeed[seed, default: []].append((x, y))
      }
    }
    return Curve(panel: panel.id, series: series, points: points, perSeed: perSeed)
  }

  /// One value per step: the plain mean over the layers that match. Where two runs meet in a step, the later
  /// run's value stands.
  private static func byStep(
    _ series: SeriesSpecification, in rows: [MetricRow]
  ) -> [(x: Double, y: Double)] {
    var values: [Int: [String: Double]] = [:]
    for row in rows where matches(row, series) {
      values[row.step, default: [:]][row.layer] = row.value
    }
    return values.sorted { $0.key < $1.key }.map { step, layers in
      (Double(step), mean(layers.sorted { $0.key < $1.key }.map(\.value)))
    }
  }

  /// One value per task: the plain mean over all that was recorded in it. Tasks count from 1; what was recorded of the
  /// network before its first step is task 0's.
  private static func byTask(
    _ series: SeriesSpecification, in rows: [MetricRow]
  ) -> [(task: Int, value: Double)] {
    var values: [Int: [Double]] = [:]
    for row in rows where matches(row, series) {
      values[row.step == 0 ? 0 : row.task + 1, default: []].append(row.value)
    }
    return values.sorted { $0.key < $1.key }.map { ($0.key, mean($0.value)) }
  }

  /// The means over the fifths of a run's tasks that there is something to say of, at 0 to 4.
  private static func fifths(
    _ series: SeriesSpecification, in rows: [MetricRow], minus other: [MetricRow]?
  ) -> [(x: Double, y: Double)] {
    let own = gathered(series, in: rows, byTask: true).filter { $0.x > 0 }
    let last = own.last?.x ?? 1
    let left = difference(own, other.map { gathered(series, in: $0, byTask: true) })
    let places = Dictionary(grouping: left) { Int(($0.x - 1) * 5 / last) }
    return places.sorted { $0.key < $1.key }.map { (Double($0.key), mean($0.value.map(\.y))) }
  }

  private static func meanOverTasks(
    _ series: SeriesSpecification, in rows: [MetricRow], minus other: [MetricRow]?
  ) -> Double {
    let tasks = difference(
      gathered(series, in: rows, byTask: true), other.map { gathered(series, in: $0, byTask: true) })
    return mean(tasks.filter { $0.x > 0 }.map(\.y))
  }

  private static func matches(_ row: MetricRow, _ series: SeriesSpecification) -> Bool {
    guard row.metric == series.metric else { return false }
    // Quantities of the whole network have no layer, whatever layers the series' other metrics are of.
    guard let pattern = series.layers, !row.layer.isEmpty else { return row.layer.isEmpty }
    return row.probe == series.probe ?? "training" && matches(row.layer, pattern: pattern)
  }

  private static func mean(_ values: [Double]) -> Double {
    values.reduce(0, +) / Double(values.count)
  }
}
