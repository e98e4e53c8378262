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

  /// What a text of one or more lines quotes, as far as it can be read: weaving says what cannot.
  static func quotations(in text: String) -> [Quotation] {
    text.split(separator: "\n").filter { $0.contains("{{") }.flatMap { segments(of: String($0)) }
      .compactMap { segment in
        guard case .quotation(let text) = segment else { return nil }
        return try? Quotation(text)
      }
  }

  /// The names of artifacts in a text: `replace` is called for each, `others` for what is between them.
  static func replacingMentions(
    in text: String, of known: Set<String>, by replace: (String) -> String,
    others: (String) -> String = { $0 }
  ) -> String {
    var result = ""
    var between = ""
    var rest = Substring(text)
    while let range = ["fig-", "table-"].compactMap({ rest.firstRange(of: $0) })
      .min(by: { $0.lowerBound < $1.lowerBound })
    {
      between += rest[..<range.lowerBound]
      let isInWord = between.last.map { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "/" } ?? false
      var name = rest[range.lowerBound...].prefix {
        $0.isASCII && ($0.isLetter || $0.isNumber || ".-".contains($0))
      }
      // "fig-2.1." ends a sentence.
      while !name.isEmpty, !known.contains(String(name)), name.last.map({ ".-".contains($0) }) == true {
        name = name.dropLast()
      }
      if !isInWord, known.contains(String(name)) {
        result += others(between) + replace(String(name))
        between = ""
      } else {
        between += name
      }
      rest = rest[name.endIndex...]
    }
    return result + others(between + rest)
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
