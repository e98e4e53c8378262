/// What is wrong with a command line. Every message ends with what to do.
public enum CommandLineError: Error, Equatable, CustomStringConvertible {
  case unknownOption(String, suggestion: String?)
  case missingValue(option: String, placeholder: String)
  case unexpectedValue(option: String, value: String)
  case badValue(option: String, value: String, expected: String, suggestion: String?)
  case outOfRange(option: String, value: String, allowed: String)
  case missingOption(String)
  case repeatedOption(String)
  case missingArgument(String)
  case unexpectedArgument(String)

  public var description: String {
    switch self {
    case .unknownOption(let option, let suggestion):
      "unknown option \(option)"
        + (suggestion.map { "; did you mean \($0)?" } ?? "; --help lists the options")
    case .missingValue(let option, let placeholder):
      "\(option) needs a value: \(option) \(placeholder)"
    case .unexpectedValue(let option, let value):
      "\(option) takes no value, but was given \"\(value)\"; write \(option) alone"
    case .badValue(let option, let value, let expected, let suggestion):
      "\(option): \"\(value)\" is not \(expected)" + (suggestion.map { "; did you mean \($0)?" } ?? "")
    case .outOfRange(let option, let value, let allowed):
      "\(option): \(value) is out of range; give \(allowed)"
    case .missingOption(let option):
      "\(option) is missing; --help describes it"
    case .repeatedOption(let option):
      "\(option) was given twice; give it once"
    case .missingArgument(let placeholder):
      "\(placeholder) is missing; --help describes it"
    case .unexpectedArgument(let argument):
      "unexpected argument \"\(argument)\"; --help describes what is expected"
    }
  }
}

/// Thrown for `--help`; ``Console/run(tool:body:)`` prints it on standard output and ends with success.
public struct HelpRequest: Error, Equatable, CustomStringConvertible, ExitCodeProviding {
  public let usage: String
  public var exitCode: Int32 { 0 }
  public var description: String { usage }
}

enum Spelling {
  /// The candidate that a typing error most likely meant, if any is near enough.
  static func closest(to word: String, among candidates: [String]) -> String? {
    let near = candidates.map { (distance($0, word), $0) }.min { $0.0 < $1.0 }
    guard let near, near.0 <= max(2, word.count / 3), near.0 < word.count else { return nil }
    return near.1
  }

  /// Insertions, removals, replacements and swaps of neighbours (restricted Damerau–Levenshtein).
  static func distance(_ left: String, _ right: String) -> Int {
    let (a, b) = (Array(left), Array(right))
    guard !a.isEmpty, !b.isEmpty else { return a.count + b.count }
    var rows = [Array(0...b.count)]
    for i in 1...a.count {
      var row = [i]
      for j in 1...b.count {
        var best = min(
          rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
        if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
          best = min(best, rows[i - 2][j - 2] + 1)
        }
        row.append(best)
      }
      rows.append(row)
    }
    return rows[a.count][b.count]
  }
}
