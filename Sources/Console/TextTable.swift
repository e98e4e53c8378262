/// A table of plain text with aligned columns.
public struct TextTable: Sendable {
  public enum Alignment: Sendable {
    case left, right
  }

  /// A heading and where its column's cells stand.
  public struct Column: Sendable {
    let title: String
    let alignment: Alignment

    public static func left(_ title: String) -> Column { Column(title: title, alignment: .left) }
    public static func right(_ title: String) -> Column { Column(title: title, alignment: .right) }
  }

  private let columns: [Column]
  private var rows: [[String]] = []

  public init(_ columns: Column...) { self.init(columns) }

  public init(_ columns: [Column]) { self.columns = columns }

  /// Adds a row with one cell a column.
  public mutating func add(_ cells: [String]) {
    precondition(
      cells.count == columns.count, "a row of \(cells.count) cells in a table of \(columns.count) columns")
    rows.append(cells)
  }

  /// The table's lines, each ended by a line break; no blanks at line ends.
  ///
  /// - Parameter style: makes the headings bold where it is enabled.
  public func text(style: TextStyle = .plain) -> String {
    let titles = columns.map(\.title)
    let widths = columns.indices.map { index in
      ([titles] + rows).map { TextWidth.columns($0[index]) }.max() ?? 0
    }
    func line(_ cells: [String]) -> String {
      let padded = columns.indices.map { index in
        TextWidth.pad(cells[index], to: widths[index], atLeft: columns[index].alignment == .right)
      }
      var line = padded.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line
    }
    return ([style.apply(.bold, to: line(titles))] + rows.map(line)).map { $0 + "\n" }.joined()
  }
}
