extension String {
  /// The text in one line of bounded length, for messages that quote what people or disks wrote: line breaks and other
  /// control characters are written as escapes, what is too long is cut.
  public func inOneLine(upTo length: Int = 1_000) -> String {
    var line = ""
    for (count, scalar) in unicodeScalars.enumerated() {
      guard count < length else { return line + "…" }
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator: line += scalar.escaped(asASCII: true)
      default: line.unicodeScalars.append(scalar)
      }
    }
    return line
  }

  /// Whether the text is a title: one line of up to `length` bytes.
  public func isOneLine(upTo length: Int) -> Bool {
    utf8.count <= length
      && unicodeScalars.allSatisfy {
        switch $0.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: false
        default: true
        }
      }
  }
}

/// Rejects a text with line breaks or control characters, or one that nobody would read.
public func requireLine(
  _ text: String, upTo length: Int = 2_000, _ path: String
) throws(SpecificationProblem) {
  guard text.isOneLine(upTo: length) else {
    throw SpecificationProblem(path, "must be one line of text, of \(length) bytes at most")
  }
}

/// Rejects what cannot be part of the name of a file or of a target: anything but letters, digits, `.`, `-` and `_`, a
/// point or a dash in front, or more than a hundred of them.
public func requireFileName(_ name: String, _ path: String) throws(SpecificationProblem) {
  let isPlain = name.utf8.allSatisfy { byte in
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"): true
    default: false
    }
  }
  guard isPlain, (1...100).contains(name.utf8.count), name.first != ".", name.first != "-" else {
    throw SpecificationProblem(
      path, "is '\(name.inOneLine(upTo: 100))'; it must be a name of letters, digits, '.', '-' and '_'")
  }
}
