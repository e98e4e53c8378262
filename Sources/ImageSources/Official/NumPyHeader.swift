import PreparedImages

/// What stands before the elements of an array in NumPy's format (`.npy`, versions 1 to 3): eight bytes of magic and
/// version, the length of what follows, and a literal of Python with three keys,
/// `{'descr': '<i8', 'fortran_order': False, 'shape': (10000,), }`, and spaces.
struct NumPyHeader: Equatable {
  let integer: NumPyInteger
  /// The last index runs fastest.
  let shape: [Int]

  /// Several times what any array of few dimensions has; more is something else.
  private static let greatestLength = 4_096

  /// Reads the header of a member, which then goes on with the elements.
  ///
  /// - Throws: ``DataSetError/wrongArray(file:field:reason:)`` for arrays of other types, arrays whose first index runs
  ///   fastest, and where the size of the member is not that of header and elements.
  init(_ member: Member) throws {
    func wrong(_ field: String, _ reason: String) -> DataSetError {
      .wrongArray(file: member.location, field: field, reason: reason)
    }
    func bytes(_ count: Int, at offset: Int) throws -> [UInt8] {
      guard member.byteCount >= offset + count else { throw wrong("header", "is cut off") }
      var bytes = [UInt8](repeating: 0, count: count)
      try bytes.withUnsafeMutableBytes { try member.fill($0, at: offset) }
      return bytes
    }
    let start = try bytes(8, at: 0)
    guard start[..<6].elementsEqual([0x93] + Array("NUMPY".utf8)) else {
      throw wrong("header", "is not NumPy's")
    }
    guard (1...3).contains(start[6]), start[7] == 0 else {
      throw wrong("version", "is \(start[6]).\(start[7]); known are 1.0, 2.0 and 3.0")
    }
    let width = start[6] == 1 ? 2 : 4
    let length = try bytes(width, at: 8).reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length <= Self.greatestLength else {
      throw wrong("header", "has \(length) bytes, which are too many")
    }
    let offset = 8 + width
    var literal = NumPyLiteral(try bytes(length, at: offset))
    let (descr, isFortranOrder, shape): (String, Bool, [Int])
    do {
      (descr, isFortranOrder, shape) = try literal.header()
    } catch let problem {
      throw wrong(problem.field, problem.reason)
    }
    guard let integer = NumPyInteger(descr: descr) else {
      throw wrong("descr", "is '\(descr)'; known are integers with the lowest byte first")
    }
    guard !isFortranOrder else { throw wrong("fortran_order", "is True; the last index has to run fastest") }
    var byteCount = integer.byteCount
    for size in shape {
      let product = byteCount.multipliedReportingOverflow(by: size)
      guard !product.overflow else { throw wrong("shape", "is more than a file can hold") }
      byteCount = product.partialValue
    }
    guard member.byteCount - offset - length == byteCount else {
      throw wrong(
        "shape", "makes \(byteCount) bytes of elements, but there are \(member.byteCount - offset - length)")
    }
    self.integer = integer
    self.shape = shape
  }
}

/// Reads the dictionary of a header, byte by byte.
private struct NumPyLiteral {
  struct Problem: Error {
    let field: String
    let reason: String
  }

  private var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) {
    rest = bytes[...]
  }

  /// All three values; every key once, in any order, and nothing else.
  mutating func header() throws(Problem) -> (descr: String, isFortranOrder: Bool, shape: [Int]) {
    var descr: String?
    var isFortranOrder: Bool?
    var shape: [Int]?
    try require("{", of: "header")
    while !takes("}") {
      let key = try text(of: "header")
      try require(":", of: key)
      switch key {
      case "descr" where descr == nil: descr = try text(of: key)
      case "fortran_order" where isFortranOrder == nil: isFortranOrder = try truth(of: key)
      case "shape" where shape == nil: shape = try sizes(of: key)
      default: throw Problem(field: key, reason: "is unknown or stands there twice")
      }
      if !takes(",") {
        try require("}", of: "header")
        break
      }
    }
    skipSpace()
    guard rest.isEmpty else { throw Problem(field: "header", reason: "goes on after its end") }
    guard let descr else { throw Problem(field: "descr", reason: "is missing") }
    guard let isFortranOrder else { throw Problem(field: "fortran_order", reason: "is missing") }
    guard let shape else { throw Problem(field: "shape", reason: "is missing") }
    return (descr, isFortranOrder, shape)
  }

  private mutating func skipSpace() {
    rest = rest.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }
  }

  /// Goes past a word that stands here.
  private mutating func takes(_ word: String) -> Bool {
    skipSpace()
    guard rest.starts(with: word.utf8) else { return false }
    rest = rest.dropFirst(word.utf8.count)
    return true
  }

  private mutating func require(_ word: String, of field: String) throws(Problem) {
    guard takes(word) else { throw Problem(field: field, reason: "lacks a \(word)") }
  }

  /// A word of printable ASCII in quotes; others do not occur here.
  private mutating func text(of field: String) throws(Problem) -> String {
    skipSpace()
    guard let quote = rest.first, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else {
      throw Problem(field: field, reason: "is no text in quotes")
    }
    let word = rest.dropFirst().prefix { $0 != quote && (0x20..<0x7f).contains($0) }
    rest = rest.dropFirst(word.count + 1)
    guard rest.popFirst() == quote else { throw Problem(field: field, reason: "is no text in quotes") }
    return String(decoding: word, as: UTF8.self)
  }

  private mutating func truth(of field: String) throws(Problem) -> Bool {
    if takes("True") { return true }
    guard takes("False") else { throw Problem(field: field, reason: "is neither True nor False") }
    return false
  }

  /// `()`, `(3,)`, `(3, 4)` and so on; Python 2 sometimes wrote an L after a number.
  private mutating func sizes(of field: String) throws(Problem) -> [Int] {
    try require("(", of: field)
    var sizes: [Int] = []
    while !takes(")") {
      skipSpace()
      let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      guard let size = Int(String(decoding: digits, as: UTF8.self)) else {
        throw Problem(field: field, reason: "is no list of sizes")
      }
      rest = rest.dropFirst(digits.count)
      _ = takes("L")
      sizes.append(size)
      if !takes(",") {
        // Without a comma, one number in brackets is no list.
        guard sizes.count > 1, takes(")") else { throw Problem(field: field, reason: "is no list of sizes") }
        break
      }
    }
    return sizes
  }
}
