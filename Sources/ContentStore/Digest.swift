import CCrypto
import Foundation

/// A SHA-256 digest (FIPS 180-4), computed by libcrypto; a string of 64 hexadecimal digits in JSON.
public struct Digest: Hashable, Sendable, Codable, CustomStringConvertible {
  /// 64 lower-case hexadecimal digits.
  public let hex: String

  public var description: String { hex }

  /// The digest of bytes in memory.
  public init(of bytes: some ContiguousBytes) {
    var stream = DigestStream()
    bytes.withUnsafeBytes { stream.update($0) }
    self = stream.finish()
  }

  /// The digest of a string's UTF-8 bytes.
  public init(of text: String) {
    self.init(of: Array(text.utf8))
  }

  /// The digest of a file's bytes, read in pieces of one mebibyte.
  ///
  /// - Throws: ``FileSystemError`` where it cannot be read.
  public init(file path: String) throws {
    self = try FileSystem.withDescriptor(reading: path) { try Digest.read(descriptor: $0, path: path).digest }
  }

  /// A digest from its 64 hexadecimal digits; nil for any other text. Capitals are accepted.
  public init?(hex: String) {
    let lowered = hex.lowercased()
    guard lowered.utf8.count == 64, lowered.utf8.allSatisfy(Self.isHexadecimal) else { return nil }
    self.hex = lowered
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let digest = Digest(hex: try container.decode(String.self)) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "a digest has 64 hexadecimal digits")
    }
    self = digest
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(hex)
  }

  fileprivate init(raw: [UInt8]) {
    let digits = Array("0123456789abcdef".utf8)
    hex = String(decoding: raw.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  /// The digest and the length of an open file, from its current offset to its end.
  static func read(descriptor: Int32, path: String) throws -> (digest: Digest, bytes: Int) {
    let piece = 1 << 20
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: piece, alignment: 64)
    defer { buffer.deallocate() }
    var stream = DigestStream()
    var total = 0
    while true {
      let count = try FileSystem.read(descriptor, into: buffer, path: path)
      if count == 0 { return (stream.finish(), total) }
      stream.update(UnsafeRawBufferPointer(rebasing: buffer[0..<count]))
      total += count
    }
  }

  static func isHexadecimal(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
      || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
  }
}

/// A SHA-256 digest under way: fed piece by piece, asked once.
public struct DigestStream: ~Copyable {
  private let context: OpaquePointer

  public init() {
    let context = EVP_MD_CTX_new()
    guard let context, EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
      preconditionFailure("libcrypto has no memory or no SHA-256")
    }
    self.context = context
  }

  deinit { EVP_MD_CTX_free(context) }

  /// Takes more bytes in.
  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    let done = EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
    precondition(done == 1, "libcrypto refused to update a digest")
  }

  /// The digest of everything taken in.
  public consuming func finish() -> Digest {
    var raw = [UInt8](repeating: 0, count: 32)
    let done = EVP_DigestFinal_ex(context, &raw, nil)
    precondition(done == 1, "libcrypto refused to finish a digest")
    return Digest(raw: raw)
  }
}
