/// Turns the series of a panel into paths, from back to front: bands, bars, lines, dots.
struct SeriesPainter {
  let painter: PanelPainter

  private var theme: Theme { painter.theme }
  private var frame: Box { painter.frame }

  /// - Returns: no paths when nothing has a place within the frame.
  func layers(occupancy: inout Occupancy) -> [Path] {
    var maps: [Path] = []
    var bands: [Path] = []
    var front: [Path] = []
    let bars = BarPainter(painter: painter).paths(occupancy: &occupancy)
    for series in painter.panel.series {
      switch series.kind {
      case .line(let points, let band):
        bands += bandPaths(points, band ?? [], of: series, occupancy: &occupancy)
        front += linePaths(points, of: series, occupancy: &occupancy)
      case .step(let points, let band):
        let stepped = Self.stepped(points, band)
        bands += bandPaths(stepped.points, stepped.band, of: series, occupancy: &occupancy)
        front += linePaths(stepped.points, of: series, occupancy: &occupancy)
      case .errorBars(let points, let intervals):
        front += whiskers(points, intervals, of: series, occupancy: &occupancy)
        front += linePaths(points, of: series, symbolsEverywhere: true, occupancy: &occupancy)
      case .scatter(let dots):
        front += dotPaths(dots, of: series, occupancy: &occupancy)
      case .heatMap(let map):
        maps += HeatMapPainter(painter: painter).paths(of: map, side: series.side)
        occupancy.mark(frame)
      case .bars: break
      }
    }
    return maps + bands + bars + front
  }

  private func color(of series: Series) -> Color {
    theme.palette.color(of: series.style, tint: theme.lightTint)
  }

  // MARK: Lines

  private func linePaths(
    _ points: [Point], of series: Series, symbolsEverywhere: Bool = false, occupancy: inout Occupancy
  ) -> [Path] {
    let color = color(of: series)
    let width = theme.lineWidth(of: series.weight)
    var steps: [Path.Step] = []
    var lonely: [Path] = []
    var visible: [Point] = []
    for run in Self.runs(points.map { painter.place($0, series.side) }) {
      for point in run where painter.clip.contains(point) { visible.append(point) }
      guard run.count > 1 else {
        // A point without neighbours would have no length to draw.
        if !symbolsEverywhere || series.style.symbol == nil, painter.clip.contains(run[0]) {
          lonely.append(
            Path(steps: [.circle(center: run[0], radius: width)], fill: Fill(color: color)))
          occupancy.mark(run[0])
        }
        continue
      }
      let line = LineSimplifier.simplify(run)
      steps.append(.move(line[0]))
      for (start, end) in zip(line, line.dropFirst()) {
        steps.append(.line(end))
        occupancy.markLine(start, end)
      }
    }
    var paths: [Path] = []
    let isVisible = !visible.isEmpty || Self.crosses(steps, painter.clip)
    if !steps.isEmpty, isVisible {
      let stroke = Stroke(color: color, width: width, dash: series.style.dash.pattern(width: width))
      paths.append(Path(steps: steps, stroke: stroke, clip: painter.clip))
    }
    paths += lonely
    if let symbol = series.style.symbol {
      let chosen = symbolsEverywhere ? visible : spread(visible, slot: series.style.color)
      paths += chosen.map {
        symbol.path(at: $0, size: 1.9, color: color, background: theme.background)
      }
      for point in chosen { occupancy.mark(Box(x: point.x - 2, y: point.y - 2, width: 4, height: 4)) }
    }
    return paths
  }

  /// The points nearest to a few even places along the axis, shifted a little from series to series.
  private func spread(_ points: [Point], slot: Int) -> [Point] {
    let count = 6
    guard points.count > count else { return points }
    let shift = Double(((slot % 4) + 4) % 4) / 4
    return (0..<count).compactMap { index in
      let target = frame.x + frame.width * (Double(index) + 0.2 + 0.6 * shift) / Double(count)
      return points.min { abs($0.x - target) < abs($1.x - target) }
    }.filter { $0.x <= frame.right }
  }

  // MARK: Bands and whiskers

  private func bandPaths(
    _ points: [Point], _ band: [Interval], of series: Series, occupancy: inout Occupancy
  ) -> [Path] {
    guard !band.isEmpty else { return [] }
    let edges = zip(points, band).map { ends(of: $1, at: $0.x, side: series.side) }
    return Self.runs(edges).filter { $0.count > 1 }.map { run in
      for (first, second) in zip(run, run.dropFirst()) {
        markBand(first, second, occupancy: &occupancy)
      }
      let low = LineSimplifier.simplify(run.map(\.0))
      let high = LineSimplifier.simplify(run.map(\.1))
      let outline = high + low.reversed()
      let steps = outline.enumerated().map { index, point -> Path.Step in
        index == 0 ? .move(point) : .line(point)
      }
      return Path(
        steps: steps + [.close],
        fill: Fill(color: color(of: series), opacity: theme.bandOpacity(of: series.weight)),
        clip: frame)
    }
  }

  /// The places of an interval's lower and upper end. A lower end that has none, on a logarithmic axis, lies beneath the frame.
  private func ends(of interval: Interval, at x: Double, side: Series.Side) -> (Point, Point)? {
    guard let high = painter.place(Point(x, max(interval.low, interval.high)), side) else { return nil }
    let least = min(interval.low, interval.high)
    if let low = painter.place(Point(x, least), side) { return (low, high) }
    return least.isFinite ? (Point(high.x, frame.bottom + 10), high) : nil
  }

  private func markBand(
    _ first: (Point, Point), _ second: (Point, Point), occupancy: inout Occupancy
  ) {
    let start = max(min(first.0.x, second.0.x), frame.x)
    let end = min(max(first.0.x, second.0.x), frame.right)
    guard start <= end else { return }
    let width = second.0.x - first.0.x
    for x in stride(from: start, through: end, by: Occupancy.cell / 2) {
      let share = width == 0 ? 0 : (x - first.0.x) / width
      let low = first.0.y + (second.0.y - first.0.y) * share
      let high = first.1.y + (second.1.y - first.1.y) * share
      occupancy.mark(Box(x: x, y: high, width: 0.01, height: max(0.01, low - high)))
    }
  }

  private func whiskers(
    _ points: [Point], _ intervals: [Interval], of series: Series, occupancy: inout Occupancy
  ) -> [Path] {
    var steps: [Path.Step] = []
    for (point, interval) in zip(points, intervals) {
      guard let (low, high) = ends(of: interval, at: point.x, side: series.side), low.x >= frame.x - 1,
        low.x <= frame.right + 1, low != high
      else { continue }
      steps += Whisker.steps(from: low, to: high, halfWidth: 1.6)
      occupancy.markLine(low, high)
    }
    guard !steps.isEmpty else { return [] }
    return [Path(steps: steps, stroke: Stroke(color: color(of: series), width: 0.7), clip: painter.clip)]
  }

  // MARK: Dots

  private func dotPaths(
    _ dots: [Series.Dot], of series: Series, occupancy: inout Occupancy
  ) -> [Path] {
    let full = color(of: series)
    // A rim tells neighbours apart; in a dense cloud, or around dots no larger than itself, it would hide them.
    let hasRim = dots.count <= 400 && (series.dotRadius ?? 1) >= 1
    return dots.compactMap { dot in
      guard let place = painter.place(Point(dot.x, dot.y), series.side),
        frame.grown(by: 0.01).contains(place)
      else { return nil }
      let area = 0.8 + 7 * min(max(dot.size.isFinite ? dot.size : 0, 0), 1)
      let radius = series.dotRadius ?? area.squareRoot()
      let depth = min(max(dot.depth.isFinite ? dot.depth : 0, 0), 1)
      occupancy.mark(
        Box(x: place.x - radius, y: place.y - radius, width: 2 * radius, height: 2 * radius))
      let symbol = series.style.symbol ?? .circle
      var path = symbol.path(
        at: place, size: radius, color: tone(of: dot) ?? full.tinted(by: 0.82 * (1 - depth)),
        background: theme.background)
      if !hasRim { path.stroke = nil }
      return path
    }
  }

  private func tone(of dot: Series.Dot) -> Color? {
    dot.tone.flatMap { painter.share(ofColor: $0) }.map { theme.colorMap.color(at: $0) }
  }

  // MARK: Sequences

  /// The stretches between gaps.
  static func runs<Element>(_ elements: [Element?]) -> [[Element]] {
    var result: [[Element]] = []
    var current: [Element] = []
    for element in elements {
      if let element {
        current.append(element)
      } else if !current.isEmpty {
        result.append(current)
        current = []
      }
    }
    return current.isEmpty ? result : result + [current]
  }

  /// Corners of a staircase in which each value holds until the next point.
  static func stepped(_ points: [Point], _ band: [Interval]?) -> (points: [Point], band: [Interval]) {
    var corners: [Point] = []
    var intervals: [Interval] = []
    for (index, point) in points.enumerated() {
      if index > 0 {
        corners.append(Point(point.x, points[index - 1].y))
        if let band { intervals.append(band[index - 1]) }
      }
      corners.append(point)
      if let band { intervals.append(band[index]) }
    }
    return (corners, intervals)
  }

  private static func crosses(_ steps: [Path.Step], _ box: Box) -> Bool {
    var last: Point?
    for step in steps {
      switch step {
      case .move(let point): last = point
      case .line(let point):
        if let start = last, Occupancy.clip(start, point, to: box) != nil { return true }
        last = point
      case .close, .circle: break
      }
    }
    return false
  }
}

extension Box {
  func contains(_ point: Point) -> Bool {
    point.x >= x && point.x <= right && point.y >= y && point.y <= bottom
  }
}
