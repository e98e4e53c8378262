import ContentStore
import Figures
import Manuscript

/// A table within the prose whose rows are made from a template: a block that opens with three backquotes and `table`.
///
/// Its cells are prose, with quotations; what `each` and its like make of rows is told in the reading guide.
public struct ProseTable: Codable {
  private var columns: [String]
  private var rows: [[JSONValue]]

  /// The table in Markdown, a line for each row after the heading and the rule below it.
  ///
  /// - Throws: `ManuscriptError` for a block that cannot be meant.
  public static func lines(of block: ArtifactBlock, profile: Profile) throws -> [String] {
    let table = try block.decoded(as: ProseTable.self, profile: profile)
    func problem(_ message: String) -> ManuscriptError {
      ManuscriptError(file: block.file, line: block.fenceLine, message: "\(block.id): \(message)")
    }
    guard !table.columns.isEmpty, !table.rows.isEmpty else { throw problem("lacks columns or rows") }
    let rows = try table.rows.enumerated().map { index, row in
      guard row.count == table.columns.count else {
        throw problem("rows[\(index)] has \(row.count) cells for \(table.columns.count) columns")
      }
      return try row.map { cell in
        switch cell {
        case .string(let text): return text
        case .integer(let number): return "\(number)"
        case .number(let number): return "\(number)"
        default: throw problem("rows[\(index)] has a cell that is neither text nor number")
        }
      }
    }
    let rule = "|" + String(repeating: "---|", count: table.columns.count)
    return [line(table.columns), rule] + rows.map(line)
  }

  /// A cell without anything in it is one blank.
  private static func line(_ cells: [String]) -> String {
    "|" + cells.map { $0.isEmpty ? " |" : " \($0) |" }.joined()
  }
}
