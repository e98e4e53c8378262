/// A piece of markup with its type.
struct Text: Hashable, Sendable {
  enum Alignment: Hashable, Sendable { case left, center }

  var markup: String
  /// In points.
  var size: Double
  var isBold = false
  var isItalic = false
  var color: Color
  /// Where lines break, in points; `nil` for one line.
  var wrapWidth: Double?
  var alignment = Alignment.left

  /// Text with the characters that mean something in Pango markup made plain.
  static func escape(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      default: result.append(character)
      }
    }
    return result
  }
}

/// The measured extent of a text: its ink, and at least a line's usual height, so that labels with and without
/// descenders line up.
struct TextExtent: Hashable, Sendable {
  var width: Double
  var height: Double
  /// From the top to the first line's baseline.
  var baseline: Double
  /// From the origin that Pango draws at to the left top corner.
  var originX: Double
  var originY: Double
}

/// Pango markup helpers for those who write labels.
public enum PangoMarkup {
  /// Plain text made safe for use as a label.
  public static func escape(_ text: String) -> String { Text.escape(text) }
}
