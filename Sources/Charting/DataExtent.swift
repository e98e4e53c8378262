extension Panel {
  /// Those of some lines that find a place beside what the panel shows: all of an axis, or none where it would become more
  /// than `factor` times as long for them. Lines that are not seen are left out.
  public func fitting(_ lines: [Series], growingTo factor: Double) -> [Series] {
    lines.filter { line in
      var grown = self
      grown.series += lines.filter { $0.side == line.side }
      let range = grown.yRange(on: line.side)
      guard isEmpty || range.length <= factor * yRange(on: line.side).length else { return false }
      guard case .line(let points, _) = line.kind else { return true }
      return points.contains { range.position(of: $0.y).map((0...1).contains) == true }
    }
  }
}

/// Every value that automatic limits have to take in.
extension Panel {
  var xValues: [Double] {
    series.flatMap { series -> [Double] in
      switch series.kind {
      case .line(let points, _), .step(let points, _), .errorBars(let points, _): points.map(\.x)
      case .scatter(let dots): dots.map(\.x)
      case .heatMap(let map): HeatMap.extent(map.cells.map(\.x))
      case .bars: []
      }
    } + markers.filter { $0.orientation == .vertical }.map(\.value)
  }

  func yValues(on side: Series.Side) -> [Double] {
    let own = series.filter { $0.side == side }.flatMap { series -> [Double] in
      switch series.kind {
      case .line(let points, let band), .step(let points, let band):
        points.map(\.y) + (band ?? []).flatMap { [$0.low, $0.high] }
      case .errorBars(let points, let intervals):
        points.map(\.y) + intervals.flatMap { [$0.low, $0.high] }
      case .scatter(let dots): dots.map(\.y)
      case .heatMap(let map): HeatMap.extent(map.cells.map(\.y))
      case .bars(let bars):
        bars.map(\.value) + bars.compactMap(\.mark) + bars.compactMap(\.error).flatMap { [$0.low, $0.high] }
      }
    }
    guard side == .left else { return own }
    return own + markers.filter { $0.orientation == .horizontal }.map(\.value)
  }

  /// Whether nothing that is drawn has a value.
  var isEmpty: Bool { !(yValues(on: .left) + yValues(on: .right)).contains(where: \.isFinite) }

  /// What the colours stand for.
  var tones: [Double] {
    series.flatMap { series -> [Double] in
      switch series.kind {
      case .scatter(let dots): dots.compactMap(\.tone)
      case .heatMap(let map): map.cells.map(\.value)
      case .line, .step, .errorBars, .bars: []
      }
    }
  }

  /// A heat map fills its frame.
  private var hasHeatMap: Bool {
    series.contains { series in
      if case .heatMap = series.kind { return true }
      return false
    }
  }

  private func hasDots(on side: Series.Side) -> Bool {
    series.contains { series in
      if case .scatter = series.kind { return series.side == side }
      return false
    }
  }

  /// From the first colour to the last.
  func colorRange(_ axis: Axis) -> AxisRange {
    AxisRange(for: axis, values: tones.filter(\.isFinite), padding: 0, isAnchoredAtZero: false)
  }

  func xRange() -> AxisRange {
    // Curves run from edge to edge; symbols and whiskers need room at the ends.
    let needsRoom = series.contains { series in
      switch series.kind {
      case .scatter, .errorBars: true
      case .line, .step, .bars, .heatMap: false
      }
    }
    return AxisRange(
      for: xAxis, values: xValues, padding: needsRoom && !hasHeatMap ? 0.05 : 0, isAnchoredAtZero: false,
      isOfDots: hasDots(on: .left) || hasDots(on: .right))
  }

  /// A right side without its axis goes by the left one.
  func yRange(on side: Series.Side) -> AxisRange {
    let axis = side == .left ? yAxis : rightAxis ?? yAxis
    let hasBars = series.contains { series in
      if case .bars = series.kind { return series.side == side }
      return false
    }
    return AxisRange(
      for: axis, values: yValues(on: side), padding: hasHeatMap ? 0 : 0.06, isAnchoredAtZero: hasBars,
      isOfDots: hasDots(on: side))
  }
}
