/// How many columns of a terminal a text takes.
public enum TextWidth {
  /// The columns of a text: two for East Asian wide characters and emoji, none for combining marks.
  public static func columns(_ text: String) -> Int {
    // Plain ASCII is by far the most frequent.
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text.utf8.count }
    return text.reduce(0) { $0 + columns($1) }
  }

  /// The text with blanks after it (or before it) up to a width; wider texts stay as they are.
  public static func pad(_ text: String, to width: Int, atLeft: Bool = false) -> String {
    let blanks = String(repeating: " ", count: max(0, width - columns(text)))
    return atLeft ? blanks + text : text + blanks
  }

  /// The text cut to a width, with an ellipsis where something is lost.
  public static func fit(_ text: String, to width: Int) -> String {
    guard columns(text) > width else { return text }
    guard width > 0 else { return "" }
    var result = ""
    var used = 0
    for character in text {
      used += columns(character)
      if used > width - 1 { break }
      result.append(character)
    }
    return result + "…"
  }

  private static func columns(_ character: Character) -> Int {
    var width = 0
    for scalar in character.unicodeScalars {
      if scalar.properties.isEmojiPresentation || isWide(scalar) || scalar.value == 0xFE0F { return 2 }
      switch scalar.properties.generalCategory {
      case .nonspacingMark, .enclosingMark, .format, .control: continue
      default: width = max(width, 1)
      }
    }
    return width
  }

  /// The blocks of East Asian Width W and F (Unicode Standard Annex 11).
  private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
      0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
      0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
      true
    default: false
    }
  }
}
