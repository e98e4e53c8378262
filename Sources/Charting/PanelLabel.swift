/// A text in small type within a panel, at a place of its data.
public struct PanelLabel: Hashable, Sendable {
  /// Pango markup.
  public var text: String
  /// The text's middle, in units of the x and the left axis.
  public var x: Double
  public var y: Double

  public init(_ text: String, x: Double, y: Double) {
    self.text = text
    self.x = x
    self.y = y
  }
}

extension PanelPainter {
  /// The panel's labels that have a place within the frame.
  var placedLabels: [PlacedText] {
    panel.labels.compactMap { label in
      guard !label.text.isEmpty, let center = place(Point(label.x, label.y), .left), frame.contains(center)
      else { return nil }
      let words = text.note(label.text, limit: frame.width)
      return PlacedText(words, center: center, with: text, role: .label, panel: index)
    }
  }
}
