/// Draws one panel within its frame.
struct PanelPainter {
  let plan: PanelPlan
  let frame: Box
  let index: Int
  let theme: Theme
  let text: Typesetter

  var panel: Panel { plan.panel }
  /// Lines along the frame's edge keep their whole width.
  var clip: Box { frame.grown(by: theme.lineWidth) }

  /// Farther out than this, only the direction of a line matters.
  private static let farthest = 20_000.0

  func x(_ value: Double) -> Double? {
    plan.ranges.x.position(of: value).map { bounded(frame.x + $0 * frame.width) }
  }

  func y(_ value: Double, _ side: Series.Side) -> Double? {
    let range = side == .left ? plan.ranges.left : plan.ranges.right ?? plan.ranges.left
    return range.position(of: value).map { bounded(frame.bottom - $0 * frame.height) }
  }

  /// The place of a number along the bar of colours or, without one, along the right axis.
  func outerY(_ value: Double) -> Double? {
    guard let range = plan.ranges.color else { return y(value, .right) }
    return range.position(of: value).map { bounded(frame.bottom - $0 * frame.height) }
  }

  /// The share of the colours, 0 at the first, at which a number lies; nil if it has none.
  func share(ofColor value: Double) -> Double? { plan.ranges.color?.position(of: value) }

  func place(_ point: Point, _ side: Series.Side) -> Point? {
    guard let x = x(point.x), let y = y(point.y, side) else { return nil }
    return Point(x, y)
  }

  private func bounded(_ coordinate: Double) -> Double {
    min(max(coordinate, -Self.farthest), Self.farthest)
  }

  /// Draws grid, data, frame and reference lines, and records what they cover.
  func paintData(in scene: inout Scene) {
    if !panel.isBare { paintGrid(in: &scene) }
    var occupancy = Occupancy(area: frame)
    let layers = SeriesPainter(painter: self).layers(occupancy: &occupancy)
    let frameStroke = Stroke(color: theme.ink, width: theme.frameWidth)
    for path in layers { scene.add(path) }
    for marker in panel.markers {
      guard let (start, end) = ends(of: marker) else { continue }
      let stroke = Stroke(
        color: theme.mutedInk, width: 0.7, dash: marker.dash.pattern(width: 0.8))
      scene.addLine(start, end, stroke: stroke)
      occupancy.markLine(start, end)
    }
    if !panel.isBare {
      scene.add(Path(box: frame, stroke: frameStroke))
      ColorBarPainter(painter: self).paint(in: &scene)
      paintTicks(in: &scene)
    }
    for label in placedLabels { occupancy.mark(label.box) }
    scene.frames.append(frame)
    scene.occupancies.append(occupancy)
    if layers.isEmpty {
      let empty = Text(markup: panel.emptyNote, size: theme.labelSize, isItalic: true, color: theme.mutedInk)
      scene.add(PlacedText(empty, center: frame.center, with: text, role: .empty, panel: index))
    }
  }

  /// The ends of a reference line, if it lies within the frame.
  func ends(of marker: Marker) -> (Point, Point)? {
    switch marker.orientation {
    case .vertical:
      guard let x = x(marker.value), x >= frame.x, x <= frame.right else { return nil }
      return (Point(x, frame.y), Point(x, frame.bottom))
    case .horizontal:
      guard let y = y(marker.value, .left), y >= frame.y, y <= frame.bottom else { return nil }
      return (Point(frame.x, y), Point(frame.right, y))
    }
  }

  // MARK: Axes

  private func paintGrid(in scene: inout Scene) {
    let stroke = Stroke(color: theme.gridColor, width: theme.gridWidth, dash: [2, 1.6])
    if !panel.xAxis.isCategorical {
      for tick in plan.xTicks {
        guard let x = x(tick.value), x > frame.x + 0.5, x < frame.right - 0.5 else { continue }
        scene.addLine(Point(x, frame.bottom), Point(x, frame.y), stroke: stroke)
      }
    }
    for tick in plan.leftTicks.major {
      guard let y = y(tick.value, .left), y > frame.y + 0.5, y < frame.bottom - 0.5 else { continue }
      scene.addLine(Point(frame.x, y), Point(frame.right, y), stroke: stroke)
    }
  }

  private func paintTicks(in scene: inout Scene) {
    let stroke = Stroke(color: theme.ink, width: theme.frameWidth)
    func tick(_ start: Point, _ dx: Double, _ dy: Double) {
      scene.addLine(start, Point(start.x + dx, start.y + dy), stroke: stroke)
    }
    let (long, short) = (theme.tickLength, theme.tickLength * 0.6)
    for value in plan.xTicks.map(\.value) { if let x = x(value) { tick(Point(x, frame.bottom), 0, long) } }
    for value in plan.xMinor { if let x = x(value) { tick(Point(x, frame.bottom), 0, short) } }
    for value in plan.leftTicks.major.map(\.value) {
      if let y = y(value, .left) { tick(Point(frame.x, y), -long, 0) }
    }
    for value in plan.leftTicks.minor { if let y = y(value, .left) { tick(Point(frame.x, y), -short, 0) } }
    guard let right = plan.rightTicks else { return }
    let edge = frame.right + plan.colorBarRoom
    for value in right.major.map(\.value) {
      if let y = outerY(value) { tick(Point(edge, y), long, 0) }
    }
    for value in right.minor { if let y = outerY(value) { tick(Point(edge, y), short, 0) } }
  }
}

extension Style.Dash {
  /// Strokes and gaps for a line of `width` points.
  func pattern(width: Double) -> [Double] {
    let unit = max(0.5, width)
    let multiples: [Double] =
      switch self {
      case .solid: []
      case .dashed: [3.6, 1.6]
      case .dotted: [1.1, 1.2]
      case .dashDotted: [4.4, 1.4, 1.1, 1.4]
      case .longDashed: [7, 1.8]
      case .dashDotDotted: [4.4, 1.3, 1.1, 1.3, 1.1, 1.3]
      }
    return multiples.map { $0 * unit }
  }
}
