/// The bars of a panel, side by side within each category.
struct BarPainter {
  let painter: PanelPainter

  /// Share of a category's width that its bars fill.
  static let fill = 0.78

  func paths(occupancy: inout Occupancy) -> [Path] {
    let groups = painter.panel.series.compactMap { series -> (Series, [Series.Bar])? in
      if case .bars(let bars) = series.kind { return (series, bars) }
      return nil
    }
    guard !groups.isEmpty else { return [] }
    var result: [Path] = []
    var whiskers: [Path.Step] = []
    var marks: [Path.Step] = []
    let width = Self.fill / Double(groups.count)
    for (index, group) in groups.enumerated() {
      let (series, bars) = group
      let offset = (Double(index) - Double(groups.count - 1) / 2) * width
      for bar in bars {
        let middle = Double(bar.group) + offset
        guard let left = painter.x(middle - width * 0.46), let right = painter.x(middle + width * 0.46),
          let end = painter.y(bar.value, series.side)
        else { continue }
        let base = base(series.side)
        let box = Box(x: left, y: min(base, end), width: right - left, height: abs(end - base))
        result += BarShape.paths(box, style: series.style, theme: painter.theme, clip: painter.clip)
        occupancy.mark(box)
        if let mark = bar.mark, let y = painter.y(mark, series.side) {
          marks += [.move(Point(left, y)), .line(Point(right, y))]
          occupancy.markLine(Point(left, y), Point(right, y))
        }
        guard let error = bar.error, let low = painter.y(error.low, series.side),
          let high = painter.y(error.high, series.side)
        else { continue }
        let x = (left + right) / 2
        let halfWidth = min(2, (right - left) * 0.28)
        whiskers += Whisker.steps(from: Point(x, low), to: Point(x, high), halfWidth: halfWidth)
        occupancy.markLine(Point(x, low), Point(x, high))
      }
    }
    if !marks.isEmpty {
      // White beneath, so that a stroke can be seen on any bar.
      for (color, width) in [(painter.theme.background, 2.2), (painter.theme.ink, 1.1)] {
        result.append(
          Path(steps: marks, stroke: Stroke(color: color, width: width), clip: painter.clip))
      }
    }
    if !whiskers.isEmpty {
      result.append(
        Path(
          steps: whiskers, stroke: Stroke(color: painter.theme.ink, width: 0.6), clip: painter.clip))
    }
    return result
  }

  /// Where bars begin: zero, or the axis' end when zero is not on it.
  private func base(_ side: Series.Side) -> Double {
    let zero = painter.y(0, side) ?? painter.frame.bottom
    return min(max(zero, painter.frame.y), painter.frame.bottom)
  }
}

/// A bar's fill, hatched where lines would be dashed, so that bars too differ in grey print.
enum BarShape {
  static func paths(_ box: Box, style: Style, theme: Theme, clip: Box) -> [Path] {
    let full = theme.palette[style.color]
    let color = theme.palette.color(of: style, tint: theme.lightTint)
    var paths = [Path(box: box, fill: Fill(color: color), clip: clip)]
    if let slant = slant(of: style.dash), box.height > 0.5 {
      let hatch = style.shade == .light ? full : color.tinted(by: 0.62)
      paths.append(
        Path(
          steps: hatching(box, slant: slant), stroke: Stroke(color: hatch, width: 0.6),
          clip: Self.common(box, clip)))
    }
    paths.append(Path(box: box, stroke: Stroke(color: full, width: 0.5), clip: clip))
    return paths
  }

  /// Rise of a hatching's lines over their run, and their distance in points.
  private static func slant(of dash: Style.Dash) -> (rise: Double, distance: Double)? {
    switch dash {
    case .solid: nil
    case .dashed: (1, 3)
    case .dotted: (-1, 3)
    case .dashDotted: (0, 2.4)
    case .longDashed: (1, 5)
    case .dashDotDotted: (-1, 5)
    }
  }

  private static func hatching(_ box: Box, slant: (rise: Double, distance: Double)) -> [Path.Step] {
    var steps: [Path.Step] = []
    let reach = slant.rise == 0 ? 0 : box.width
    for y in stride(from: box.y - reach, through: box.bottom + reach, by: slant.distance) {
      steps.append(.move(Point(box.x, y)))
      steps.append(.line(Point(box.right, y - slant.rise * box.width)))
    }
    return steps
  }

  private static func common(_ first: Box, _ second: Box) -> Box {
    let (x, y) = (max(first.x, second.x), max(first.y, second.y))
    return Box(
      x: x, y: y, width: max(0, min(first.right, second.right) - x),
      height: max(0, min(first.bottom, second.bottom) - y))
  }
}

/// An error bar: a line with a cap at either end.
enum Whisker {
  static func steps(from low: Point, to high: Point, halfWidth: Double) -> [Path.Step] {
    var steps: [Path.Step] = [.move(low), .line(high)]
    for end in [low, high] {
      steps.append(.move(Point(end.x - halfWidth, end.y)))
      steps.append(.line(Point(end.x + halfWidth, end.y)))
    }
    return steps
  }
}
