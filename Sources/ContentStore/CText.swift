/// C headers, sources and module maps without what a compiler does not see.
enum CText {
  /// The text without comments, each run of white space one blank, no blank at line ends, no empty lines. Line
  /// breaks stay, because the preprocessor reads by lines.
  static func normalized(_ source: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var pending: UInt8?
    var index = 0
    func byte(_ index: Int) -> UInt8 { index < source.count ? source[index] : 0 }
    let newline = UInt8(ascii: "\n")
    while index < source.count {
      let current = source[index]
      if current == newline {
        pending = newline
        index += 1
      } else if current == 0x20 || (0x09...0x0D).contains(current) {
        pending = pending ?? UInt8(ascii: " ")
        index += 1
      } else if current == UInt8(ascii: "/"), byte(index + 1) == UInt8(ascii: "/") {
        while index < source.count && source[index] != newline { index += 1 }
      } else if current == UInt8(ascii: "/"), byte(index + 1) == UInt8(ascii: "*") {
        index += 2
        while index < source.count,
          !(source[index] == UInt8(ascii: "*") && byte(index + 1) == UInt8(ascii: "/"))
        {
          index += 1
        }
        index = min(index + 2, source.count)
        pending = pending ?? UInt8(ascii: " ")
      } else {
        if let gap = pending, !result.isEmpty { result.append(gap) }
        pending = nil
        let end =
          current == UInt8(ascii: "\"") || current == UInt8(ascii: "'")
          ? endOfLiteral(source, index) : index + 1
        result += source[index..<end]
        index = end
      }
    }
    return result
  }

  private static func endOfLiteral(_ source: [UInt8], _ start: Int) -> Int {
    var index = start + 1
    while index < source.count && source[index] != UInt8(ascii: "\n") {
      if source[index] == source[start] { return index + 1 }
      index += source[index] == UInt8(ascii: "\\") ? 2 : 1
    }
    return min(index, source.count)
  }
}
