/// What Cairo's PNG lacks: the print size and metadata, as chunks of the PNG specification (ISO/IEC 15948).
enum PortableNetworkGraphic {
  /// The signature and the header chunk, which come first.
  private static let headCount = 8 + 12 + 13

  /// - Parameter resolution: dots an inch.
  static func annotate(_ bytes: [UInt8], resolution: Double, metadata: Metadata) -> [UInt8] {
    guard bytes.count > headCount else { return bytes }
    let dotsPerMeter = UInt32((resolution / 0.0254).rounded())
    var extra = chunk("pHYs", bigEndian(dotsPerMeter) + bigEndian(dotsPerMeter) + [1])
    let fields = [
      ("Title", metadata.title), ("Author", metadata.author), ("Description", metadata.subject),
      ("Keywords", metadata.joinedKeywords),
    ]
    for case (let key, .some(let value)) in fields {
      // International text: keyword, no compression, no language, no translated keyword, UTF-8.
      extra += chunk("iTXt", Array(key.utf8) + [0, 0, 0, 0, 0] + Array(value.utf8))
    }
    return Array(bytes[..<headCount]) + extra + Array(bytes[headCount...])
  }

  static func chunk(_ type: String, _ content: [UInt8]) -> [UInt8] {
    let body = Array(type.utf8) + content
    return bigEndian(UInt32(content.count)) + body + bigEndian(cyclicRedundancyCheck(body))
  }

  /// CRC-32 as PNG, ISO 3309 and ITU-T V.42 have it.
  static func cyclicRedundancyCheck(_ bytes: [UInt8]) -> UInt32 {
    var register: UInt32 = 0xffff_ffff
    for byte in bytes {
      register ^= UInt32(byte)
      for _ in 0..<8 { register = (register >> 1) ^ (register & 1 == 1 ? 0xedb8_8320 : 0) }
    }
    return ~register
  }

  private static func bigEndian(_ value: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }
}
