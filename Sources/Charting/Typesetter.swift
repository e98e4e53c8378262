/// Texts in the theme's sizes, and their measures.
struct Typesetter {
  let theme: Theme
  let engine: TextEngine

  func measure(_ text: Text) -> TextExtent { engine.measure(text) }

  func tick(_ label: String) -> Text { Text(markup: label, size: theme.tickSize, color: theme.ink) }

  /// An axis label; `nil` when there is nothing to write.
  func caption(_ label: String, limit: Double) -> Text? {
    guard !label.isEmpty else { return nil }
    return wrapped(Text(markup: label, size: theme.labelSize, color: theme.ink, alignment: .center), limit)
  }

  func panelTitle(_ title: String, limit: Double) -> Text {
    wrapped(Text(markup: title, size: theme.labelSize, color: theme.ink, alignment: .center), limit)
  }

  func figureTitle(_ title: String, limit: Double) -> Text {
    wrapped(
      Text(markup: title, size: theme.titleSize, isBold: true, color: theme.ink, alignment: .center), limit)
  }

  func legend(_ label: String, limit: Double) -> Text {
    wrapped(Text(markup: label, size: theme.tickSize + 0.5, color: theme.ink), limit)
  }

  func note(_ note: String, limit: Double, isItalic: Bool = false) -> Text {
    wrapped(
      Text(markup: note, size: theme.noteSize, isItalic: isItalic, color: theme.mutedInk), limit)
  }

  /// Lines break only in a text that would be wider than `limit`.
  private func wrapped(_ text: Text, _ limit: Double) -> Text {
    guard measure(text).width > limit else { return text }
    var result = text
    result.wrapWidth = limit
    return result
  }
}

extension PlacedText {
  /// Places a text by the left top corner of its ink.
  init(
    _ text: Text, x: Double, y: Double, with typesetter: Typesetter, rotation: Rotation = .none,
    role: TextRole, panel: Int? = nil
  ) {
    let extent = typesetter.measure(text)
    let isUpright = rotation == .none
    self.init(
      text: text,
      box: Box(
        x: x, y: y, width: isUpright ? extent.width : extent.height,
        height: isUpright ? extent.height : extent.width), rotation: rotation, role: role, panel: panel)
  }

  /// Places a text by the middle of its ink.
  init(
    _ text: Text, center: Point, with typesetter: Typesetter, rotation: Rotation = .none, role: TextRole,
    panel: Int? = nil
  ) {
    self.init(text, x: 0, y: 0, with: typesetter, rotation: rotation, role: role, panel: panel)
    box.x = center.x - box.width / 2
    box.y = center.y - box.height / 2
  }
}
