/// The texts of a panel: numbers and captions around the frame, labels of reference lines and the note within.
extension PanelPainter {
  func paintLabels(in scene: inout Scene) {
    if !panel.isBare { paintNumbers(in: &scene) }
    paintCaptions(in: &scene)
    var taken = scene.legend.map { [$0.grown(by: 2)] } ?? []
    let occupancy = scene.occupancies[index]
    for text in MarkerLabels(painter: self).place(occupancy: occupancy, taken: &taken) {
      if occupancy.coverage(of: text.box) > 0 || taken.filter({ $0.intersects(text.box) }).count > 1 {
        // No free place: a veil keeps the label readable over what lies below it.
        scene.add(Path(box: text.box.grown(by: 1), fill: Fill(color: theme.background, opacity: 0.8)))
      }
      scene.add(text)
    }
    for label in placedLabels { scene.add(label) }
    paintNote(in: &scene, occupancy: occupancy, taken: taken)
  }

  private func paintNumbers(in scene: inout Scene) {
    let gap = theme.tickLength + theme.tickLabelGap
    if plan.labels.showsX {
      for tick in plan.xTicks {
        guard let x = x(tick.value) else { continue }
        let number = plan.xTickText(tick)
        let extent = text.measure(number)
        scene.add(
          PlacedText(
            number, x: x - extent.width / 2, y: frame.bottom + gap, with: text, role: .xTick, panel: index))
      }
    }
    for tick in plan.leftTicks.major {
      guard let y = y(tick.value, .left) else { continue }
      add(tick, atRightEdge: frame.x - gap, nil, y: y, role: .yTick, to: &scene)
    }
    for tick in plan.rightTicks?.major ?? [] {
      guard let y = outerY(tick.value) else { continue }
      add(tick, atRightEdge: nil, frame.right + plan.colorBarRoom + gap, y: y, role: .rightTick, to: &scene)
    }
  }

  /// Sets a number beside its tick so that its digits, not its superscripts, stand in the middle.
  private func add(
    _ tick: Tick, atRightEdge right: Double?, _ left: Double?, y: Double, role: TextRole,
    to scene: inout Scene
  ) {
    let number = text.tick(tick.label)
    let extent = text.measure(number)
    let x = left ?? (right ?? 0) - extent.width
    let digitHeight = 0.66 * number.size
    scene.add(
      PlacedText(
        number, x: x, y: y + digitHeight / 2 - extent.baseline, with: text, role: role, panel: index))
  }

  private func paintCaptions(in scene: inout Scene) {
    if let title = plan.title {
      let height = text.measure(title).height
      scene.add(
        PlacedText(
          title, center: Point(frame.center.x, frame.y - theme.labelGap - height / 2), with: text,
          role: .panelTitle, panel: index))
    }
    if let caption = plan.xCaption {
      let y = frame.bottom + plan.xTickHeight + theme.labelGap + text.measure(caption).height / 2
      scene.add(
        PlacedText(caption, center: Point(frame.center.x, y), with: text, role: .axisLabel, panel: index))
    }
    if let caption = plan.leftCaption {
      let distance = plan.tickRoom(plan.leftTicks.major) + theme.labelGap + text.measure(caption).height / 2
      scene.add(
        PlacedText(
          caption, center: Point(frame.x - distance, frame.center.y), with: text, rotation: .quarterLeft,
          role: .axisLabel, panel: index))
    }
    if let caption = plan.rightCaption, let ticks = plan.rightTicks {
      let distance =
        plan.colorBarRoom + plan.tickRoom(ticks.major) + theme.labelGap + text.measure(caption).height / 2
      scene.add(
        PlacedText(
          caption, center: Point(frame.right + distance, frame.center.y), with: text, rotation: .quarterLeft,
          role: .axisLabel, panel: index))
    }
  }

  private func paintNote(in scene: inout Scene, occupancy: Occupancy, taken: [Box]) {
    guard let note = panel.note, !note.isEmpty else { return }
    let words = text.note(note, limit: frame.width - 8, isItalic: true)
    let extent = text.measure(words)
    let corner = Corner.emptiest(
      width: extent.width, height: extent.height, in: frame, occupancy: occupancy, taken: taken)
    scene.add(
      PlacedText(words, x: corner.box.x, y: corner.box.y, with: text, role: .note, panel: index))
  }
}

/// The corners of a frame as places for a box.
struct Corner {
  var box: Box
  /// Cells of data under the box.
  var coverage: Int
  /// Points of free space around the box, when it covers nothing.
  var clearance: Double

  static let inset = 4.0

  /// The corner that covers least, and among free ones the one farthest from data.
  static func emptiest(
    width: Double, height: Double, in frame: Box, occupancy: Occupancy, taken: [Box]
  ) -> Corner {
    let right = frame.right - inset - width
    let bottom = frame.bottom - inset - height
    let places = [
      Point(right, frame.y + inset), Point(frame.x + inset, frame.y + inset), Point(right, bottom),
      Point(frame.x + inset, bottom),
    ]
    let corners = places.map { place in
      let box = Box(x: place.x, y: place.y, width: width, height: height)
      var coverage = occupancy.coverage(of: box)
      if taken.contains(where: { $0.intersects(box) }) { coverage += 100_000 }
      return Corner(
        box: box, coverage: coverage, clearance: clearance(around: box, in: frame, occupancy: occupancy))
    }
    var best = corners[0]
    for corner in corners.dropFirst()
    where (corner.coverage, -corner.clearance) < (best.coverage, -best.clearance) {
      best = corner
    }
    return best
  }

  private static func clearance(around box: Box, in frame: Box, occupancy: Occupancy) -> Double {
    var distance = 0.0
    while distance < max(frame.width, frame.height), occupancy.coverage(of: box.grown(by: distance + 1)) == 0
    {
      distance += 1
    }
    return distance
  }
}
