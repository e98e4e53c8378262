import Foundation
import Testing

@testable import ContentStore

@Suite struct DigestTests {
  // FIPS 180-4 examples.
  private let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
  private let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
  private let millionA = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"

  @Test func knownDigests() throws {
    #expect(Digest(of: "").hex == empty)
    #expect(Digest(of: "abc").hex == abc)
    #expect(Digest(of: Data("abc".utf8)).hex == abc)
    #expect(Digest(hex: abc.uppercased()) == Digest(of: "abc"))
    #expect(Digest(hex: String(abc.dropLast())) == nil)
    #expect(Digest(hex: "g" + abc.dropFirst()) == nil)
  }

  @Test func filesAreStreamed() throws {
    try withTemporaryFolder { folder in
      try Data(repeating: UInt8(ascii: "a"), count: 1_000_000).write(to: URL(fileURLWithPath: "\(folder)/a"))
      #expect(try Digest(file: "\(folder)/a").hex == millionA)
      let large = Data((0..<3_500_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
      try large.write(to: URL(fileURLWithPath: "\(folder)/b"))
      #expect(try Digest(file: "\(folder)/b") == Digest(of: large))
      #expect(throws: FileSystemError.notFound(path: "\(folder)/c", operation: .open)) {
        try Digest(file: "\(folder)/c")
      }
      #expect(throws: FileSystemError.notFile(path: folder, operation: .read)) { try Digest(file: folder) }
    }
  }

  @Test func isAStringInJSON() throws {
    let data = try JSONEncoder().encode([Digest(of: "abc")])
    #expect(String(decoding: data, as: UTF8.self) == "[\"\(abc)\"]")
    #expect(try JSONDecoder().decode([Digest].self, from: data) == [Digest(of: "abc")])
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode([Digest].self, from: Data(#"["12"]"#.utf8))
    }
  }
}
