/// Draws a legend's entries: what a series looks like, then its label.
struct LegendPainter {
  let theme: Theme
  let text: Typesetter

  func paint(_ legend: LegendLayout, x: Double, y: Double, in scene: inout Scene) {
    for cell in legend.cells {
      let sample = Box(
        x: x + cell.sample.x, y: y + cell.sample.y, width: cell.sample.width, height: cell.sample.height)
      paintSample(cell.entry, in: sample, of: &scene)
      scene.add(
        PlacedText(cell.text, x: x + cell.textX, y: y + cell.textY, with: text, role: .legend))
    }
  }

  private func paintSample(_ entry: LegendEntry, in box: Box, of scene: inout Scene) {
    let color = theme.palette.color(of: entry.style, tint: theme.lightTint)
    // Half a capital above the baseline, where the eye expects a line.
    let middle = Point(box.center.x, box.center.y)
    switch entry.sample {
    case .line(let weight), .errorBar(let weight):
      if entry.hasBand {
        let band = Box(x: box.x, y: middle.y - 2.6, width: box.width, height: 5.2)
        scene.add(Path(box: band, fill: Fill(color: color, opacity: theme.bandOpacity(of: weight))))
      }
      let width = theme.lineWidth(of: weight)
      if case .errorBar = entry.sample {
        let stroke = Stroke(color: color, width: 0.7)
        scene.addLine(Point(middle.x, middle.y - 3.2), Point(middle.x, middle.y + 3.2), stroke: stroke)
      }
      let stroke = Stroke(color: color, width: width, dash: entry.style.dash.pattern(width: width))
      scene.addLine(Point(box.x, middle.y), Point(box.right, middle.y), stroke: stroke)
      if let symbol = entry.style.symbol {
        scene.add(symbol.path(at: middle, size: 1.9, color: color, background: theme.background))
      }
    case .dot(let radius, let isToned):
      let symbol = entry.style.symbol ?? .circle
      // Somewhat larger than in the panel, where there are many.
      let size = radius.map { min(max(1.6 * $0, 1.2), 3) } ?? 2
      scene.add(
        symbol.path(
          at: middle, size: size, color: isToned ? theme.colorMap.color(at: 0.5) : color,
          background: theme.background))
    case .bar:
      let swatch = Box(x: box.x + 3, y: middle.y - 3, width: box.width - 6, height: 6)
      for path in BarShape.paths(swatch, style: entry.style, theme: theme, clip: swatch) { scene.add(path) }
    }
  }
}

extension Style.Symbol {
  /// The symbol with its middle at `center`, about 2 × `size` points across.
  func path(at center: Point, size: Double, color: Color, background: Color) -> Path {
    func polygon(_ corners: [(Double, Double)]) -> [Path.Step] {
      corners.enumerated().map { index, corner in
        let point = Point(center.x + corner.0 * size, center.y + corner.1 * size)
        return index == 0 ? .move(point) : .line(point)
      } + [.close]
    }
    let rim = Stroke(color: background, width: 0.4)
    switch self {
    case .circle:
      return Path(steps: [.circle(center: center, radius: size)], stroke: rim, fill: Fill(color: color))
    case .square:
      return Path(
        steps: polygon([(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)]), stroke: rim,
        fill: Fill(color: color))
    case .triangle:
      return Path(
        steps: polygon([(0, -1.15), (1.1, 0.85), (-1.1, 0.85)]), stroke: rim, fill: Fill(color: color))
    case .invertedTriangle:
      return Path(
        steps: polygon([(0, 1.15), (1.1, -0.85), (-1.1, -0.85)]), stroke: rim, fill: Fill(color: color))
    case .diamond:
      return Path(
        steps: polygon([(0, -1.3), (1.1, 0), (0, 1.3), (-1.1, 0)]), stroke: rim, fill: Fill(color: color))
    case .cross:
      let arm = 0.9 * size
      return Path(
        steps: [
          .move(Point(center.x - arm, center.y - arm)), .line(Point(center.x + arm, center.y + arm)),
          .move(Point(center.x - arm, center.y + arm)), .line(Point(center.x + arm, center.y - arm)),
        ], stroke: Stroke(color: color, width: 0.9))
    }
  }
}
