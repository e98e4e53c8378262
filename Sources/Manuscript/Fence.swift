/// A line that opens or closes a fenced block of Markdown.
public struct Fence {
  /// Three or more backquotes, or as many tildes.
  let marks: Substring
  /// What follows them.
  let words: [Substring]

  /// The line without blanks around it; nil where it is no such line.
  public init?(_ line: some StringProtocol) {
    let line = Substring(line)
    guard let first = line.first, first == "`" || first == "~" else { return nil }
    marks = line.prefix { $0 == first }
    guard marks.count >= 3 else { return nil }
    words = line.dropFirst(marks.count).split(whereSeparator: \.isWhitespace)
  }

  /// Whether the line ends the block that another one opened.
  public func closes(_ other: Fence) -> Bool { words.isEmpty && marks.hasPrefix(other.marks) }

  /// The kind of block that the line was meant to declare, however it is spelled: `Artifact`, `{.artifact}`.
  var meant: Chapter.Kind? {
    guard let word = words.first else { return nil }
    return Chapter.Kind(rawValue: word.filter { !"{}.:=".contains($0) }.lowercased())
  }

  /// The artifact that the line names, whatever it calls it.
  var artifact: Substring? {
    words.dropFirst().map { $0.drop { "{#.\"'".contains($0) } }
      .first { $0.hasPrefix("fig-") || $0.hasPrefix("table-") }
  }

  /// What a line would be without marks of quotations and lists, and without characters that nobody sees.
  static func behindMarks(_ line: some StringProtocol) -> Fence? {
    Fence(line.drop { ">-*+.) \t\u{200B}\u{2060}\u{FEFF}".contains($0) || ($0.isASCII && $0.isNumber) })
  }
}
