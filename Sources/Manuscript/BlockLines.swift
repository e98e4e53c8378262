/// Finds the line on which each value of a JSON5 text stands, for messages.
///
/// The text has been accepted by Foundation's JSON5 parser, which keeps no positions; this walks over it once
/// more and only counts lines.
struct BlockLines {
  private var lines: [String: Int] = [:]
  /// The first key that stands twice in an object, and the line of the second one.
  private(set) var duplicate: (path: [String], line: Int)?
  private let bytes: [UInt8]
  private var place = 0
  private var line = 0

  /// Line numbers within `text`, counted from 0.
  init(_ text: String) {
    bytes = Array(text.utf8)
    value(at: [])
  }

  /// The line of the value at a key path (`["runs", "0", "model"]`), or of the nearest value around it.
  func line(of path: [String]) -> Int {
    for length in stride(from: path.count, through: 0, by: -1) {
      if let line = lines[path.prefix(length).joined(separator: "\u{0}")] { return line }
    }
    return 0
  }

  private var current: UInt8? { place < bytes.count ? bytes[place] : nil }

  private mutating func advance() {
    if current == UInt8(ascii: "\n") { line += 1 }
    place += 1
  }

  private mutating func skipSpace() {
    while let byte = current {
      if byte == UInt8(ascii: "/"), place + 1 < bytes.count {
        if bytes[place + 1] == UInt8(ascii: "/") {
          while let byte = current, byte != UInt8(ascii: "\n") { advance() }
          continue
        }
        if bytes[place + 1] == UInt8(ascii: "*") {
          advance()
          advance()
          while place + 1 < bytes.count,
            !(bytes[place] == UInt8(ascii: "*") && bytes[place + 1] == UInt8(ascii: "/"))
          {
            advance()
          }
          advance()
          advance()
          continue
        }
      }
      guard byte <= 32 else { return }
      advance()
    }
  }

  private mutating func quoted() -> String {
    let quote = current
    advance()
    let start = place
    while let byte = current, byte != quote {
      if byte == UInt8(ascii: "\\") { advance() }
      advance()
    }
    let text = String(decoding: bytes[start..<min(place, bytes.count)], as: UTF8.self)
    advance()
    return text
  }

  private mutating func word() -> String {
    let start = place
    let ends: [UInt8] = Array(",:{}[]/".utf8)
    while let byte = current, byte > 32, !ends.contains(byte) { advance() }
    return String(decoding: bytes[start..<place], as: UTF8.self)
  }

  private var isQuote: Bool { current == UInt8(ascii: "\"") || current == UInt8(ascii: "'") }

  private mutating func value(at path: [String]) {
    skipSpace()
    lines[path.joined(separator: "\u{0}")] = line
    switch current {
    case UInt8(ascii: "{"): members(of: path, until: UInt8(ascii: "}"), named: true)
    case UInt8(ascii: "["): members(of: path, until: UInt8(ascii: "]"), named: false)
    default: _ = isQuote ? quoted() : word()
    }
  }

  private mutating func members(of path: [String], until end: UInt8, named: Bool) {
    advance()
    var index = 0
    while true {
      skipSpace()
      guard let byte = current, byte != end else { break }
      let before = place
      var name = "\(index)"
      if named {
        let keyLine = line
        name = isQuote ? quoted() : word()
        if lines[(path + [name]).joined(separator: "\u{0}")] != nil, duplicate == nil {
          duplicate = (path + [name], keyLine)
        }
        skipSpace()
        advance()
        value(at: path + [name])
        lines[(path + [name]).joined(separator: "\u{0}")] = keyLine
      } else {
        value(at: path + [name])
      }
      index += 1
      skipSpace()
      if current == UInt8(ascii: ",") { advance() }
      if place == before { advance() }
    }
    advance()
  }
}
