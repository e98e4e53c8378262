/// A table of text with named columns, as CSV files hold it.
public struct Table: Sendable, Equatable {
  public let columns: [String]
  /// Each with one field a column.
  public private(set) var rows: [[String]]
  /// The file that it was read from, for messages.
  let path: String
  /// The line where each row of the file begins; shorter than `rows` where rows were appended.
  private let lines: [Int32]

  /// An empty table, or one with rows of as many fields as there are columns.
  public init(columns: [String], rows: [[String]] = []) {
    precondition(
      rows.allSatisfy { $0.count == columns.count }, "a row has another number of fields than the header")
    self.init(columns: columns, rows: rows, path: "the table", lines: [])
  }

  init(columns: [String], rows: [[String]], path: String, lines: [Int32]) {
    self.columns = columns
    self.rows = rows
    self.path = path
    self.lines = lines
  }

  public static func == (left: Table, right: Table) -> Bool {
    left.columns == right.columns && left.rows == right.rows
  }

  /// Adds a row with one field a column.
  public mutating func append(_ row: [String]) {
    precondition(row.count == columns.count, "a row has another number of fields than the header")
    rows.append(row)
  }

  /// The rows for which a test holds; messages still name their lines.
  public func filter(_ isIncluded: ([String]) throws -> Bool) rethrows -> Table {
    let kept = try rows.indices.filter { try isIncluded(rows[$0]) }
    // Lines are known either for all of the kept rows or, to keep the two lists parallel, for none.
    let known = kept.allSatisfy { $0 < lines.count }
    return Table(
      columns: columns, rows: kept.map { rows[$0] }, path: path, lines: known ? kept.map { lines[$0] } : [])
  }

  /// The position of a column.
  ///
  /// - Throws: ``TableError/noSuchColumn(path:column:known:)``.
  public func index(of column: String) throws -> Int {
    guard let index = columns.firstIndex(of: column) else {
      throw TableError.noSuchColumn(path: path, column: column, known: columns)
    }
    return index
  }

  /// A column's fields.
  public func column(_ name: String) throws -> [String] {
    let index = try index(of: name)
    return rows.map { $0[index] }
  }

  /// A column's numbers. `nan`, `inf` and `-inf` are numbers; an empty field is not.
  ///
  /// - Throws: ``TableError/noSuchColumn(path:column:known:)``, ``TableError/notNumber(path:place:column:text:)``.
  public func numbers(_ name: String) throws -> [Double] {
    try convert(name) { Double($0) }
  }

  /// A column's numbers, nil for empty fields.
  public func optionalNumbers(_ name: String) throws -> [Double?] {
    try convert(name) { text -> Double?? in text.isEmpty ? .some(nil) : Double(text).map { $0 } }
  }

  /// A column's whole numbers.
  public func integers(_ name: String) throws -> [Int] {
    try convert(name) { Int($0) }
  }

  private func convert<Value>(_ name: String, _ conversion: (String) -> Value?) throws -> [Value] {
    let column = try index(of: name)
    var values: [Value] = []
    values.reserveCapacity(rows.count)
    for (row, fields) in rows.enumerated() {
      guard let value = conversion(fields[column]) else {
        let place = row < lines.count ? "line \(lines[row])" : "row \(row + 1)"
        throw TableError.notNumber(path: path, place: place, column: name, text: fields[column])
      }
      values.append(value)
    }
    return values
  }
}
