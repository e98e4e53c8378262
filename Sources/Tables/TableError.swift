/// What is wrong with a table or its file; every message names the file and, where there is one, the line.
public enum TableError: Error, Equatable, CustomStringConvertible {
  /// The system refused to open, read, write or close the file.
  case file(path: String, operation: String, reason: String)
  case noHeader(path: String)
  case duplicateColumn(path: String, column: String)
  case notText(path: String, line: Int, column: String)
  case quoting(path: String, line: Int, column: String, problem: String)
  case fieldCount(path: String, line: Int, found: Int, expected: Int)
  case noSuchColumn(path: String, column: String, known: [String])
  /// `place` is `line 7` in a file, `row 6` in a table from memory.
  case notNumber(path: String, place: String, column: String, text: String)

  public var description: String {
    switch self {
    case .file(let path, let operation, let reason):
      "cannot \(operation) \(path): \(reason); check the path and the space left"
    case .noHeader(let path):
      "\(path): empty; a table begins with a line of column names"
    case .duplicateColumn(let path, let column):
      "\(path), line 1: two columns are named \"\(column)\"; rename one"
    case .notText(let path, let line, let column):
      "\(path), line \(line), column \"\(column)\": not UTF-8; save the file as UTF-8"
    case .quoting(let path, let line, let column, let problem):
      "\(path), line \(line), column \"\(column)\": \(problem); see RFC 4180"
    case .fieldCount(let path, let line, let found, let expected):
      "\(path), line \(line): \(found) fields, the header has \(expected); make it again"
    case .noSuchColumn(let path, let column, let known):
      "\(path): no column \"\(column)\"; there are \(known.joined(separator: ", "))"
    case .notNumber(let path, let place, let column, let text):
      "\(path), \(place), column \"\(column)\": \"\(text)\" is not the expected kind of number; correct it"
    }
  }
}
