/// Turns heat maps into paths: neighbours of a row that look alike are one rectangle, so that pictures stay small.
struct HeatMapPainter {
  let painter: PanelPainter

  /// Colours that are told apart.
  private static let shades = 96
  /// Neighbours overlap by this much, in points, or a seam would shine through between them.
  private static let overlap = 0.15

  func paths(of map: HeatMap, side: Series.Side) -> [Path] {
    guard let width = HeatMap.side(map.cells.map(\.x)), let height = HeatMap.side(map.cells.map(\.y)) else {
      return []
    }
    struct Run {
      var y: Double
      var start: Double
      var end: Double
      var shade: Int
    }
    var runs: [Run] = []
    for cell in map.cells.sorted(by: { ($0.y, $0.x) < ($1.y, $1.x) }) {
      guard let share = painter.share(ofColor: cell.value) else { continue }
      let shade = Int((min(max(share, 0), 1) * Double(Self.shades - 1)).rounded())
      if let last = runs.last, last.shade == shade, abs(last.y - cell.y) < height / 2,
        abs(last.end - (cell.x - width / 2)) < width / 2
      {
        runs[runs.count - 1].end = cell.x + width / 2
      } else {
        runs.append(Run(y: cell.y, start: cell.x - width / 2, end: cell.x + width / 2, shade: shade))
      }
    }
    // All of one colour is one path: a picture of thousands of cells stays small.
    var shapes: [Int: [Path.Step]] = [:]
    for run in runs {
      guard let low = painter.place(Point(run.start, run.y - height / 2), side),
        let high = painter.place(Point(run.end, run.y + height / 2), side)
      else { continue }
      let box = Box(x: low.x, y: high.y, width: high.x - low.x, height: low.y - high.y)
      shapes[run.shade, default: []] += Path(box: box.grown(by: Self.overlap)).steps
    }
    return shapes.sorted { $0.key < $1.key }.map { shade, steps in
      let color = painter.theme.colorMap.color(at: Double(shade) / Double(Self.shades - 1))
      return Path(steps: steps, fill: Fill(color: color), clip: painter.frame)
    }
  }
}

/// Draws the bar that tells which colour is which number.
struct ColorBarPainter {
  let painter: PanelPainter

  private static let steps = 48

  func paint(in scene: inout Scene) {
    guard painter.panel.colorAxis != nil else { return }
    let frame = painter.frame
    let theme = painter.theme
    let bar = Box(
      x: frame.right + theme.colorBarGap, y: frame.y, width: theme.colorBarWidth, height: frame.height)
    let height = bar.height / Double(Self.steps)
    for step in 0..<Self.steps {
      let share = (Double(step) + 0.5) / Double(Self.steps)
      let box = Box(
        x: bar.x, y: bar.bottom - Double(step + 1) * height - 0.1, width: bar.width, height: height + 0.2)
      scene.add(Path(box: box, fill: Fill(color: theme.colorMap.color(at: share)), clip: bar))
    }
    scene.add(Path(box: bar, stroke: Stroke(color: theme.ink, width: theme.frameWidth)))
  }
}
