/// Finds places for the labels of reference lines: beside their line, clear of data, legend and one another.
struct MarkerLabels {
  let painter: PanelPainter

  private static let gap = 2.0

  /// - Parameter taken: boxes that are no longer free; the chosen places are added.
  func place(occupancy: Occupancy, taken: inout [Box]) -> [PlacedText] {
    var result: [PlacedText] = []
    for marker in painter.panel.markers {
      guard let label = marker.label, !label.isEmpty, let (start, end) = painter.ends(of: marker) else {
        continue
      }
      let words = painter.text.note(label, limit: painter.frame.width - 2 * Self.gap)
      let candidates =
        marker.orientation == .vertical
        ? besideUpright(words, x: start.x) : besideLevel(words, from: start, to: end)
      var best: (text: PlacedText, cost: Int)?
      for candidate in candidates where painter.frame.contains(candidate.box, tolerance: 0.01) {
        var cost = occupancy.coverage(of: candidate.box.grown(by: 0.5))
        cost += 1_000 * taken.filter { $0.intersects(candidate.box.grown(by: 1)) }.count
        if cost < best?.cost ?? Int.max { best = (candidate, cost) }
        if cost == 0 { break }
      }
      guard let best else { continue }
      taken.append(best.text.box)
      result.append(best.text)
    }
    return result
  }

  /// Right of the line, then left of it, from above to below; last along it.
  private func besideUpright(_ words: Text, x: Double) -> [PlacedText] {
    let frame = painter.frame
    func candidates(_ rotation: PlacedText.Rotation) -> [PlacedText] {
      var sample = PlacedText(
        words, x: 0, y: 0, with: painter.text, rotation: rotation, role: .marker, panel: painter.index)
      var places: [PlacedText] = []
      for left in [x + Self.gap + 0.5, x - Self.gap - 0.5 - sample.box.width] {
        for y in stride(from: frame.y + 3, through: frame.bottom - 3 - sample.box.height, by: 2) {
          sample.box.x = left
          sample.box.y = y
          places.append(sample)
        }
      }
      return places
    }
    return candidates(.none) + candidates(.quarterLeft)
  }

  /// Above the line, then below it, from right to left.
  private func besideLevel(_ words: Text, from start: Point, to end: Point) -> [PlacedText] {
    var sample = PlacedText(words, x: 0, y: 0, with: painter.text, role: .marker, panel: painter.index)
    var places: [PlacedText] = []
    for y in [start.y - Self.gap - sample.box.height, start.y + Self.gap] {
      for x in stride(from: end.x - 3 - sample.box.width, through: start.x + 3, by: -3) {
        sample.box.x = x
        sample.box.y = y
        places.append(sample)
      }
    }
    return places
  }
}
