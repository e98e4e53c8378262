import Foundation

/// One line of Markdown, cut into what is prose and what is not.
enum ProseSegment: Hashable {
  case text(String)
  /// Code or mathematics, with its marks: left as it is.
  case verbatim(String)
  /// `[text](target)`.
  case link(text: String, target: String)
  case quotation(String)
}

enum Prose {
  /// Cuts a line at code spans, mathematics, links and quotations.
  static func segments(of line: String) -> [ProseSegment] {
    var result: [ProseSegment] = []
    var text = ""
    var rest = Substring(line)
    func flush() {
      if !text.isEmpty { result.append(.text(text)) }
      text = ""
    }
    while let first = rest.first {
      if first == "`" {
        let marks = String(rest.prefix { $0 == "`" })
        if let end = rest.dropFirst(marks.count).firstRange(of: marks) {
          flush()
          result.append(.verbatim(String(rest[..<end.upperBound])))
          rest = rest[end.upperBound...]
          continue
        }
      } else if first == "$" {
        let mark = rest.hasPrefix("$$") ? "$$" : "$"
        if let end = rest.dropFirst(mark.count).firstRange(of: mark) {
          flush()
          result.append(.verbatim(String(rest[..<end.upperBound])))
          rest = rest[end.upperBound...]
          continue
        }
      } else if rest.hasPrefix("{{"), let end = rest.firstRange(of: "}}") {
        flush()
        result.append(.quotation(String(rest[rest.index(rest.startIndex, offsetBy: 2)..<end.lowerBound])))
        rest = rest[end.upperBound...]
        continue
      } else if first == "[", let middle = rest.firstRange(of: "]("),
        let end = rest[middle.upperBound...].firstIndex(of: ")"),
        !rest[..<middle.lowerBound].dropFirst().contains("[")
      {
        flush()
        result.append(
          .link(
            text: String(rest[..<middle.lowerBound].dropFirst()),
            target: String(rest[middle.upperBound..<end])))
        rest = rest[rest.index(after: end)...]
        continue
      }
      text.append(first)
      rest = rest.dropFirst()
    }
    flush()
    return result
  }

  /// The names of artifacts in a text: `replace` is called for each, the rest stays.
  static func replacingMentions(
    in text: String, of known: Set<String>, by replace: (String) -> String
  ) -> String {
    var result = ""
    var rest = Substring(text)
    while let range = ["fig-", "table-"].compactMap({ rest.firstRange(of: $0) })
      .min(by: { $0.lowerBound < $1.lowerBound })
    {
      result += rest[..<range.lowerBound]
      let isInWord = result.last.map { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "/" } ?? false
      var name = rest[range.lowerBound...].prefix {
        $0.isASCII && ($0.isLetter || $0.isNumber || ".-".contains($0))
      }
      // "fig-2.1." ends a sentence.
      while !name.isEmpty, !known.contains(String(name)), name.last.map({ ".-".contains($0) }) == true {
        name = name.dropLast()
      }
      if !isInWord, known.contains(String(name)) {
        result += replace(String(name))
      } else {
        result += name
      }
      rest = rest[name.endIndex...]
    }
    return result + rest
  }

  /// The anchor that a heading gets in rendered Markdown: lower case, blanks as hyphens, punctuation dropped.
  static func slug(_ heading: String) -> String {
    String(
      heading.lowercased().compactMap { character in
        character == " "
          ? "-" : character.isLetter || character.isNumber || "-_".contains(character) ? character : nil
      })
  }
}
