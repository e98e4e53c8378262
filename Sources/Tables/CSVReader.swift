import Foundation

/// Reads tables in the format of RFC 4180, with `\n` or `\r\n` at line ends and a header line. Empty lines are
/// skipped; a byte order mark is, too.
public enum CSVReader {
  /// The table in a file.
  ///
  /// - Throws: ``TableError`` with file, line and column.
  public static func read(_ path: String) throws -> Table {
    try read(bytes: contents(of: path), path: path)
  }

  /// The table in a text; `path` names it in messages.
  public static func read(text: String, path: String = "the text") throws -> Table {
    try read(bytes: Array(text.utf8), path: path)
  }

  private static func contents(of path: String) throws -> [UInt8] {
    func failure(_ operation: String) -> TableError {
      .file(path: path, operation: operation, reason: String(cString: strerror(errno)))
    }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("open") }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var status = stat()
    if fstat(descriptor, &status) == 0 { bytes.reserveCapacity(Int(status.st_size)) }
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count == 0 { return bytes }
      if count > 0 {
        bytes += buffer[0..<count]
      } else if errno != EINTR {
        throw failure("read")
      }
    }
  }

  private static func read(bytes: [UInt8], path: String) throws -> Table {
    try bytes.withUnsafeBufferPointer { buffer in
      var parser = CSVParser(bytes: buffer, path: path)
      guard let columns = try parser.nextRow() else { throw TableError.noHeader(path: path) }
      var seen: Set<String> = []
      for column in columns where !seen.insert(column).inserted {
        throw TableError.duplicateColumn(path: path, column: column)
      }
      parser.columns = columns
      var rows: [[String]] = []
      var lines: [Int32] = []
      while let row = try parser.nextRow() {
        rows.append(row)
        lines.append(Int32(truncatingIfNeeded: parser.rowLine))
      }
      return Table(columns: columns, rows: rows, path: path, lines: lines)
    }
  }
}

/// Cuts bytes into rows of fields.
private struct CSVParser {
  let bytes: UnsafeBufferPointer<UInt8>
  let path: String
  /// Once the header is read, every row must have as many fields.
  var columns: [String]?
  /// Where the latest row began.
  private(set) var rowLine = 1
  private var line = 1
  private var index = 0

  private static let quote = UInt8(ascii: "\"")
  private static let comma = UInt8(ascii: ",")
  private static let newline = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")

  init(bytes: UnsafeBufferPointer<UInt8>, path: String) {
    self.bytes = bytes
    self.path = path
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
  }

  /// The next row, or nil at the end.
  mutating func nextRow() throws -> [String]? {
    while index < bytes.count, endOfLine(at: index) { skipLineEnd() }
    guard index < bytes.count else { return nil }
    rowLine = line
    var fields: [String] = []
    if let columns { fields.reserveCapacity(columns.count) }
    while true {
      fields.append(bytes[safe: index] == Self.quote ? try quoted(fields.count) : try plain(fields.count))
      guard index < bytes.count, bytes[index] == Self.comma else { break }
      index += 1
    }
    skipLineEnd()
    if let columns, fields.count != columns.count {
      throw TableError.fieldCount(path: path, line: rowLine, found: fields.count, expected: columns.count)
    }
    return fields
  }

  private func endOfLine(at index: Int) -> Bool {
    bytes[index] == Self.newline
      || (bytes[index] == Self.carriageReturn && (bytes[safe: index + 1] ?? Self.newline) == Self.newline)
  }

  private mutating func skipLineEnd() {
    if bytes[safe: index] == Self.carriageReturn { index += 1 }
    if index < bytes.count {
      index += 1
      line += 1
    }
  }

  private mutating func plain(_ column: Int) throws -> String {
    let start = index
    var all: UInt8 = 0
    while index < bytes.count {
      let byte = bytes[index]
      if byte == Self.comma || byte == Self.newline { break }
      if byte == Self.carriageReturn && endOfLine(at: index) { break }
      if byte == Self.quote { throw problem(column, "a quote inside a field that does not begin with one") }
      all |= byte
      index += 1
    }
    return try text(UnsafeBufferPointer(rebasing: bytes[start..<index]), isASCII: all < 0x80, column)
  }

  private mutating func quoted(_ column: Int) throws -> String {
    let start = line
    index += 1
    var field: [UInt8] = []
    while let byte = bytes[safe: index] {
      index += 1
      if byte == Self.newline { line += 1 }
      guard byte == Self.quote else {
        field.append(byte)
        continue
      }
      if bytes[safe: index] == Self.quote {
        field.append(byte)
        index += 1
        continue
      }
      guard index == bytes.count || bytes[index] == Self.comma || endOfLine(at: index) else {
        throw problem(column, "text after a closing quote")
      }
      return try field.withUnsafeBufferPointer { try text($0, isASCII: false, column) }
    }
    line = start
    throw problem(column, "a quote is never closed")
  }

  private func text(_ field: UnsafeBufferPointer<UInt8>, isASCII: Bool, _ column: Int) throws -> String {
    if isASCII { return String(decoding: field, as: UTF8.self) }
    guard let text = String(validating: field, as: UTF8.self) else {
      throw TableError.notText(path: path, line: line, column: name(column))
    }
    return text
  }

  private func problem(_ column: Int, _ problem: String) -> TableError {
    .quoting(path: path, line: line, column: name(column), problem: problem)
  }

  private func name(_ column: Int) -> String {
    guard let columns, column < columns.count else { return "\(column + 1)" }
    return columns[column]
  }
}

extension UnsafeBufferPointer {
  fileprivate subscript(safe index: Int) -> Element? { index < count ? self[index] : nil }
}
