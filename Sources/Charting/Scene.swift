/// A figure after layout: its size and, in drawing order, everything on it, in points. Nothing here depends on a
/// format, so the three formats cannot differ, and tests can measure it.
struct Scene: Hashable, Sendable {
  var width: Double
  var height: Double
  var items: [Item] = []
  /// The axes of each panel.
  var frames: [Box] = []
  /// The legend with its padding.
  var legend: Box?
  /// What must stay visible, panel by panel.
  var occupancies: [Occupancy] = []

  enum Item: Hashable, Sendable {
    case path(Path)
    case text(PlacedText)
  }

  var texts: [PlacedText] {
    items.compactMap { item in
      if case .text(let text) = item { return text }
      return nil
    }
  }

  mutating func add(_ path: Path) { items.append(.path(path)) }
  mutating func add(_ text: PlacedText) { items.append(.text(text)) }

  mutating func addLine(_ start: Point, _ end: Point, stroke: Stroke, clip: Box? = nil) {
    add(Path(steps: [.move(start), .line(end)], stroke: stroke, clip: clip))
  }
}

/// A line's ink.
struct Stroke: Hashable, Sendable {
  var color: Color
  var width: Double
  /// Lengths of strokes and gaps, in points; empty for solid.
  var dash: [Double] = []
  var opacity = 1.0
}

struct Fill: Hashable, Sendable {
  var color: Color
  var opacity = 1.0
}

struct Path: Hashable, Sendable {
  enum Step: Hashable, Sendable {
    case move(Point)
    case line(Point)
    case close
    case circle(center: Point, radius: Double)
  }

  var steps: [Step]
  var stroke: Stroke?
  var fill: Fill?
  var clip: Box?

  init(steps: [Step], stroke: Stroke? = nil, fill: Fill? = nil, clip: Box? = nil) {
    self.steps = steps
    self.stroke = stroke
    self.fill = fill
    self.clip = clip
  }

  init(box: Box, stroke: Stroke? = nil, fill: Fill? = nil, clip: Box? = nil) {
    self.init(
      steps: [
        .move(Point(box.x, box.y)), .line(Point(box.right, box.y)), .line(Point(box.right, box.bottom)),
        .line(Point(box.x, box.bottom)), .close,
      ], stroke: stroke, fill: fill, clip: clip)
  }
}

/// What a text is for; tests and collision rules go by it.
enum TextRole: Hashable, Sendable {
  case title, panelTitle, xTick, yTick, rightTick, axisLabel, legend, marker, note, label, footer, cornerNote,
    empty
}

/// A text with its measured place: `box` is where its ink goes, after rotation.
struct PlacedText: Hashable, Sendable {
  var text: Text
  var box: Box
  var rotation: Rotation = .none
  var role: TextRole
  /// Index of its panel, if it belongs to one.
  var panel: Int?

  enum Rotation: Hashable, Sendable {
    case none
    /// Read from below to above.
    case quarterLeft
  }
}
