import Foundation

/// One field of a row to be written.
public enum CSVField: Sendable, Equatable {
  case text(String)
  case number(Double)
  case integer(Int)
  case empty
}

/// Writes a CSV file row by row (RFC 4180, lines ended by `\n`), every write checked.
///
/// Numbers are written with the fewest digits that read back as the same number. Not-a-number is `nan`, infinities
/// are `inf` and `-inf`: a diverged run stays apart from a value that was never measured, which is an empty field.
///
/// Nothing is promised to be in the file before ``close()``.
public final class CSVWriter {
  public let path: String
  private let width: Int
  private var descriptor: Int32
  private var buffer: [UInt8] = []

  private static let capacity = 1 << 18

  /// Creates the file, or empties it, and writes the header.
  ///
  /// - Throws: ``TableError/file(path:operation:reason:)``.
  public init(path: String, columns: [String]) throws {
    precondition(!columns.isEmpty, "a table has at least one column")
    self.path = path
    width = columns.count
    descriptor = -1
    buffer.reserveCapacity(Self.capacity + 4096)
    descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw failure("create") }
    try write(columns)
  }

  deinit {
    if descriptor >= 0 { Glibc.close(descriptor) }
  }

  /// Writes a row with one field a column.
  public func write(_ row: [String]) throws {
    precondition(row.count == width, "a row of \(row.count) fields in a table of \(width) columns")
    for (index, field) in row.enumerated() {
      if index > 0 { buffer.append(UInt8(ascii: ",")) }
      append(field)
    }
    try endRow()
  }

  /// Writes a row of typed fields.
  public func write(_ row: [CSVField]) throws {
    precondition(row.count == width, "a row of \(row.count) fields in a table of \(width) columns")
    for (index, field) in row.enumerated() {
      if index > 0 { buffer.append(UInt8(ascii: ",")) }
      switch field {
      case .text(let text): append(text)
      case .number(let value): buffer += Self.text(of: value).utf8
      case .integer(let value): buffer += value.description.utf8
      case .empty: if width == 1 { append("") }
      }
    }
    try endRow()
  }

  /// Hands everything written so far to the system, so that other processes see it.
  public func flush() throws {
    precondition(descriptor >= 0, "written after close")
    var rest = buffer[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count >= 0 {
        rest = rest.dropFirst(count)
      } else if errno != EINTR {
        throw failure("write")
      }
    }
    buffer.removeAll(keepingCapacity: true)
  }

  /// Flushes and closes the file. Needed: letting go of a writer that is open drops what is buffered.
  public func close() throws {
    guard descriptor >= 0 else { return }
    try flush()
    let open = descriptor
    descriptor = -1
    if Glibc.close(open) != 0 && errno != EINTR { throw failure("close") }
  }

  /// A number as it is written.
  public static func text(of value: Double) -> String {
    value.isNaN ? "nan" : value.description
  }

  private func endRow() throws {
    buffer.append(UInt8(ascii: "\n"))
    if buffer.count >= Self.capacity { try flush() }
  }

  private func append(_ field: String) {
    let utf8 = field.utf8
    // An empty field alone in its line would be an empty line, which readers skip.
    let needsQuotes =
      utf8.contains { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") || $0 == 0x0A || $0 == 0x0D }
      || (width == 1 && utf8.isEmpty)
    guard needsQuotes else {
      buffer += utf8
      return
    }
    buffer.append(UInt8(ascii: "\""))
    for byte in utf8 {
      if byte == UInt8(ascii: "\"") { buffer.append(byte) }
      buffer.append(byte)
    }
    buffer.append(UInt8(ascii: "\""))
  }

  private func failure(_ operation: String) -> TableError {
    .file(path: path, operation: operation, reason: String(cString: strerror(errno)))
  }
}

extension Table {
  /// Writes the table to a file.
  ///
  /// - Throws: ``TableError/file(path:operation:reason:)``.
  public func write(_ path: String) throws {
    let writer = try CSVWriter(path: path, columns: columns)
    for row in rows { try writer.write(row) }
    try writer.close()
  }
}
