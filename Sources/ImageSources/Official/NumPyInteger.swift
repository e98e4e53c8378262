/// The type of the elements of an array in NumPy's format: an integer in a byte, or in more of them with the lowest
/// first.
struct NumPyInteger: Equatable {
  let byteCount: Int
  let isSigned: Bool

  static let byte = NumPyInteger(byteCount: 1, isSigned: false)

  init(byteCount: Int, isSigned: Bool) {
    self.byteCount = byteCount
    self.isSigned = isSigned
  }

  /// Nil for all other types, `descr` as in a header: `|u1`, `|i1`, `<u2`, `<i2`, `<u4`, `<i4`, `<u8`, `<i8`.
  init?(descr: String) {
    switch descr {
    case "|u1": self = .byte
    case "|i1": self.init(byteCount: 1, isSigned: true)
    case "<u2": self.init(byteCount: 2, isSigned: false)
    case "<i2": self.init(byteCount: 2, isSigned: true)
    case "<u4": self.init(byteCount: 4, isSigned: false)
    case "<i4": self.init(byteCount: 4, isSigned: true)
    case "<u8": self.init(byteCount: 8, isSigned: false)
    case "<i8": self.init(byteCount: 8, isSigned: true)
    default: return nil
    }
  }

  /// The element with the bytes from `offset` on. What exceeds `Int`, of eight bytes without a sign, comes out
  /// as the greatest number.
  func value(of bytes: UnsafeRawBufferPointer, at offset: Int) -> Int {
    var word: UInt64 = 0
    for byte in (0..<byteCount).reversed() { word = word << 8 | UInt64(bytes[offset + byte]) }
    guard isSigned else { return Int(clamping: word) }
    let unused = 64 - 8 * byteCount
    return Int(Int64(bitPattern: word << unused) >> unused)
  }
}
