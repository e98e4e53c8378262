/// Swift source cut into tokens, as far as telling code from comments, white space and literals needs it.
///
/// Regular-expression literals without number signs are cut like code.
struct SwiftTokens {
  enum Kind {
    /// An identifier, keyword, number, attribute or literal.
    case word
    /// Brackets, comma, semicolon, colon, single dot, backslash.
    case punctuation
    case `operator`
  }

  struct Token {
    let kind: Kind
    let text: [UInt8]
    /// White space or a comment stands before it.
    let followsSpace: Bool
    /// That white space has a line break.
    let followsLineBreak: Bool

    func `is`(_ text: StaticString) -> Bool {
      text.withUTF8Buffer { self.text.elementsEqual($0) }
    }
  }

  private let source: [UInt8]
  private(set) var tokens: [Token] = []

  init(_ source: [UInt8]) {
    self.source = source
    var index = source.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    if source.starts(with: "#!".utf8) { index = endOfLine(index) }
    while true {
      let start = index
      index = endOfSpace(index)
      guard index < source.count else { return }
      let gap = source[start..<index]
      let (kind, end) = token(at: index)
      var text = Array(source[index..<end])
      if kind == .word { text = Self.dedented(text) }
      tokens.append(
        Token(
          kind: kind, text: text, followsSpace: !gap.isEmpty,
          followsLineBreak: gap.contains(UInt8(ascii: "\n"))))
      index = end
    }
  }

  private func byte(_ index: Int) -> UInt8 { index < source.count ? source[index] : 0 }

  private func matches(_ text: StaticString, at index: Int) -> Bool {
    text.withUTF8Buffer {
      index + $0.count <= source.count && source[index..<(index + $0.count)].elementsEqual($0)
    }
  }

  private func endOfLine(_ start: Int) -> Int {
    source[start...].firstIndex(of: UInt8(ascii: "\n")) ?? source.count
  }

  /// The end of white space and comments; block comments nest.
  private func endOfSpace(_ start: Int) -> Int {
    var index = start
    while index < source.count {
      if isSpace(source[index]) {
        index += 1
      } else if matches("//", at: index) {
        index = endOfLine(index)
      } else if matches("/*", at: index) {
        index = endOfBlockComment(index)
      } else {
        break
      }
    }
    return index
  }

  private func endOfBlockComment(_ start: Int) -> Int {
    var depth = 0
    var index = start
    while index < source.count {
      if matches("/*", at: index) {
        depth += 1
        index += 2
      } else if matches("*/", at: index) {
        depth -= 1
        index += 2
        if depth == 0 { return index }
      } else {
        index += 1
      }
    }
    return index
  }

  private func token(at start: Int) -> (Kind, Int) {
    if let end = endOfLiteral(start) { return (.word, end) }
    let first = source[start]
    if isWord(first) {
      var index = start + 1
      while index < source.count, isWord(source[index]), endOfLiteral(index) == nil { index += 1 }
      return (.word, index)
    }
    let dotted = matches("..", at: start)
    guard isOperator(first) || dotted else { return (.punctuation, start + 1) }
    var index = start
    while index < source.count, isOperator(source[index]) || (dotted && source[index] == UInt8(ascii: ".")) {
      if index > start && (matches("//", at: index) || matches("/*", at: index)) { break }
      index += 1
    }
    return (.operator, index)
  }

  /// The end of the string or `#/…/#` literal that starts here, or nil where none does.
  private func endOfLiteral(_ start: Int) -> Int? {
    guard source[start] == UInt8(ascii: "\"") || source[start] == UInt8(ascii: "#") else { return nil }
    var signs = 0
    while byte(start + signs) == UInt8(ascii: "#") { signs += 1 }
    let open = start + signs
    if signs > 0 && byte(open) == UInt8(ascii: "/") { return endOfPattern(open + 1, signs) }
    guard byte(open) == UInt8(ascii: "\"") else { return nil }
    if matches("\"\"\"", at: open) {
      var next = open + 3
      while byte(next) == UInt8(ascii: " ") || byte(next) == UInt8(ascii: "\t") { next += 1 }
      if byte(next) == UInt8(ascii: "\n") || byte(next) == UInt8(ascii: "\r") {
        return endOfString(open + 3, signs, isMultiline: true)
      }
    }
    return endOfString(open + 1, signs, isMultiline: false)
  }

  private func hasSigns(_ count: Int, at index: Int) -> Bool {
    (0..<count).allSatisfy { byte(index + $0) == UInt8(ascii: "#") }
  }

  private func endOfPattern(_ start: Int, _ signs: Int) -> Int {
    var index = start
    while index < source.count {
      if source[index] == UInt8(ascii: "/") && hasSigns(signs, at: index + 1) { return index + 1 + signs }
      index += 1
    }
    return index
  }

  private func endOfString(_ start: Int, _ signs: Int, isMultiline: Bool) -> Int {
    var index = start
    while index < source.count {
      switch source[index] {
      case UInt8(ascii: "\\") where hasSigns(signs, at: index + 1):
        index += 1 + signs
        index = byte(index) == UInt8(ascii: "(") ? endOfInterpolation(index) : min(index + 1, source.count)
      case UInt8(ascii: "\"") where !isMultiline && hasSigns(signs, at: index + 1):
        return index + 1 + signs
      case UInt8(ascii: "\"")
      where isMultiline && matches("\"\"\"", at: index) && hasSigns(signs, at: index + 3):
        return index + 3 + signs
      case UInt8(ascii: "\n") where !isMultiline:
        return index  // not a literal that compiles; the rest of the file still reads as code
      default:
        index += 1
      }
    }
    return source.count
  }

  /// The end of `(…)` in a string: code, which may hold strings and comments of its own.
  private func endOfInterpolation(_ start: Int) -> Int {
    var depth = 0
    var index = start
    while index < source.count {
      let past = endOfSpace(index)
      if past > index {
        index = past
        continue
      }
      if let end = endOfLiteral(index) {
        index = end
        continue
      }
      if source[index] == UInt8(ascii: "(") { depth += 1 }
      if source[index] == UInt8(ascii: ")") { depth -= 1 }
      index += 1
      if depth == 0 { return index }
    }
    return index
  }

  /// A multi-line string without the indentation that its closing quotes take away from every line.
  private static func dedented(_ text: [UInt8]) -> [UInt8] {
    let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    guard lines.count > 1, let last = lines.last else { return text }
    let indentation = last.prefix { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    guard !indentation.isEmpty, last.dropFirst(indentation.count).starts(with: "\"\"\"".utf8) else {
      return text
    }
    let stripped = lines.enumerated().map { index, line in
      index > 0 && line.starts(with: indentation) ? line.dropFirst(indentation.count) : line
    }
    return Array(stripped.joined(separator: [UInt8(ascii: "\n")]))
  }

  private func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || (0x09...0x0D).contains(byte)
  }

  private func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"), UInt8(ascii: "`"),
      UInt8(ascii: "@"), UInt8(ascii: "#"), 0x80...:
      true
    default: false
    }
  }

  private func isOperator(_ byte: UInt8) -> Bool {
    "/=-+!*%<>&|^~?".utf8.contains(byte)
  }
}
