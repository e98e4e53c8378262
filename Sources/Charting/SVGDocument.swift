/// What Cairo's SVG lacks: fixed identifiers and metadata.
enum SVGDocument {
  /// Cairo numbers surfaces through the life of a process, so the number differs from one figure to the next;
  /// nothing refers to it. The metadata go behind the root element's tag.
  static func settle(_ bytes: [UInt8], metadata: Metadata) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count + 512)
    let identifier = Array(#"id="surface"#.utf8)
    let root = Array("<svg ".utf8)
    var index = 0
    var isInRoot = false
    while index < bytes.count {
      if bytes[index] == identifier[0], bytes[index...].starts(with: identifier) {
        result += identifier
        index += identifier.count
        while index < bytes.count, isDigit(bytes[index]) { index += 1 }
        continue
      }
      if bytes[index] == root[0], bytes[index...].starts(with: root) { isInRoot = true }
      result.append(bytes[index])
      if isInRoot, bytes[index] == UInt8(ascii: ">") {
        isInRoot = false
        result += Array(description(of: metadata).utf8)
      }
      index += 1
    }
    return result
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private static func description(of metadata: Metadata) -> String {
    var result = ""
    if let title = metadata.title { result += "\n<title>\(Text.escape(title))</title>" }
    let rest = [metadata.subject, metadata.author, metadata.joinedKeywords].compactMap { $0 }
    if !rest.isEmpty { result += "\n<desc>\(Text.escape(rest.joined(separator: "; ")))</desc>" }
    return result
  }
}
