import Testing

@testable import ImageSources
@testable import PreparedImages

struct NumPyHeaderTests {
  /// The header of a file that lies in memory.
  private func header(_ bytes: [UInt8], announced: Int? = nil) throws -> NumPyHeader {
    var rest = bytes[...]
    let member = Member(name: "a.npy", location: "b.npz: a.npy", byteCount: announced ?? bytes.count) {
      buffer in
      let piece = rest.prefix(min(buffer.count, 5))
      buffer.copyBytes(from: piece)
      rest = rest.dropFirst(piece.count)
      return piece.count
    }
    return try NumPyHeader(member)
  }

  private func literal(descr: String = "|u1", order: String = "False", shape: String = "(3,)") -> String {
    "{'descr': '\(descr)', 'fortran_order': \(order), 'shape': \(shape), }"
  }

  @Test(arguments: [1, 2, 3] as [UInt8]) func everyVersionIsRead(_ version: UInt8) throws {
    let found = try header(npy(literal() + "    \n", [1, 2, 3], version: version))
    #expect(found.integer == .byte && found.shape == [3])
  }

  @Test(arguments: [
    ("()", [], 1), ("(3,)", [3], 3), ("(1, 3)", [1, 3], 3), ("(3L,)", [3], 3), ("( 3 ,1, )", [3, 1], 3),
    ("(0, 12)", [0, 12], 0),
  ])
  func shapes(_ text: String, _ sizes: [Int], _ count: Int) throws {
    #expect(try header(npy(literal(shape: text), [UInt8](repeating: 0, count: count))).shape == sizes)
  }

  @Test func keysComeInAnyOrder() throws {
    let text = #"{"shape":(2,),"fortran_order":False,"descr":"<u2"}"#
    let found = try header(npy(text, [1, 2, 3, 4]))
    #expect(found == (try header(npy(literal(descr: "<u2", shape: "(2,)"), [1, 2, 3, 4]))))
  }

  @Test func integersComeOutAsTheyAre() {
    func value(_ descr: String, _ bytes: [UInt8]) -> Int? {
      NumPyInteger(descr: descr).map { type in bytes.withUnsafeBytes { type.value(of: $0, at: 1) } }
    }
    let bytes: [UInt8] = [9, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]
    #expect(value("|u1", bytes) == 254 && value("|i1", bytes) == -2)
    #expect(value("<u2", bytes) == 65_534 && value("<i2", bytes) == -2)
    #expect(value("<u4", bytes) == 4_294_967_294 && value("<i4", bytes) == -2)
    #expect(value("<u8", bytes) == Int.max && value("<i8", bytes) == -2)
    #expect(value("<i8", [9, 1, 2, 0, 0, 0, 0, 0, 0]) == 513)
    #expect(value(">i8", bytes) == nil && value("|O", bytes) == nil && value("", bytes) == nil)
  }

  @Test(arguments: [
    ("descr", "{'descr': '>i8', 'fortran_order': False, 'shape': (3,)}"),
    ("descr", "{'descr': '|O', 'fortran_order': False, 'shape': (3,)}"),
    ("descr", "{'descr': [('a', '|u1')], 'fortran_order': False, 'shape': (3,)}"),
    ("descr", "{'fortran_order': False, 'shape': (3,)}"),
    ("descr", "{'descr': '|u1', 'descr': '|u1', 'fortran_order': False, 'shape': (3,)}"),
    ("descr", "{'descr': '|u1"), ("descr", "{'descr'"),
    ("fortran_order", "{'descr': '|u1', 'fortran_order': True, 'shape': (3,)}"),
    ("fortran_order", "{'descr': '|u1', 'fortran_order': 0, 'shape': (3,)}"),
    ("fortran_order", "{'descr': '|u1', 'shape': (3,)}"),
    ("shape", "{'descr': '|u1', 'fortran_order': False}"),
    ("shape", "{'descr': '|u1', 'fortran_order': False, 'shape': 3}"),
    ("shape", "{'descr': '|u1', 'fortran_order': False, 'shape': (3)}"),
    ("shape", "{'descr': '|u1', 'fortran_order': False, 'shape': (-3,)}"),
    ("shape", "{'descr': '|u1', 'fortran_order': False, 'shape': (3.0,)}"),
    ("shape", "{'descr': '|u1', 'fortran_order': False, 'shape': (99999999999999999999,)}"),
    ("shape", "{'descr': '|u1', 'fortran_order': False, 'shape': (4294967296, 4294967296)}"),
    ("shape", "{'descr': '|u1', 'fortran_order': False, 'shape': (4,)}"),
    ("shape", "{'descr': '<u2', 'fortran_order': False, 'shape': (3,)}"),
    ("shape", "{'descr': '|u1', 'fortran_order': False, 'shape': (3"),
    ("colour", "{'descr': '|u1', 'colour': 1, 'fortran_order': False, 'shape': (3,)}"),
    ("header", "{'descr': '|u1', 'fortran_order': False, 'shape': (3,)} x"),
    ("header", "{'descr': '|u1', 'fortran_order': False, 'shape': (3,) 'a"), ("header", ""), ("header", "[]"),
  ])
  func whatIsRefusedIsNamed(_ field: String, _ literal: String) throws {
    let error = try caught(DataSetError.self) { _ = try header(npy(literal, [1, 2, 3])) }
    guard case .wrongArray("b.npz: a.npy", field, _) = error else {
      Issue.record("\(field): \(String(describing: error))")
      return
    }
  }

  @Test func whatIsNotOfNumPy() throws {
    for (field, bytes) in [
      ("header", []), ("header", Array("\u{93}NUMPY".utf8)), ("header", [UInt8](repeating: 0, count: 100)),
      ("version", npy(literal(), [1, 2, 3], version: 4)), ("version", npy(literal(), [1, 2, 3], minor: 1)),
      ("header", Array(npy(literal(), []).prefix(40))),
      ("header", npy(literal() + String(repeating: " ", count: 5_000), [1, 2, 3])),
    ] {
      let error = try caught(DataSetError.self) { _ = try header(bytes) }
      guard case .wrongArray(_, field, _) = error else {
        Issue.record("\(field): \(String(describing: error))")
        continue
      }
    }
  }

  @Test func aMemberThatEndsBeforeItsSize() throws {
    let bytes = npy(literal(), [1, 2, 3])
    #expect(throws: ImageFileError.truncated(file: "b.npz: a.npy", expected: bytes.count, found: 30)) {
      _ = try header(Array(bytes.prefix(30)), announced: bytes.count)
    }
  }
}
