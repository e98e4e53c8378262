import Foundation
import LinearAlgebra
import Testing

@testable import ImageBatches
@testable import ImageSources
@testable import PreparedImages

struct JPEGDecoderTests {
  /// What Pillow made of the files beside it.
  private struct Expected: Decodable {
    let height: Int
    let width: Int
    let images: [String: String]

    static func load() throws -> Expected {
      try JSONDecoder().decode(Expected.self, from: Data(fixture("expected.json")))
    }

    var shape: ImageShape { ImageShape(channels: 3, height: height, width: width) }

    func bytes(_ name: String) throws -> [UInt8] {
      let text = Array(try #require(images[name]))
      return stride(from: 0, to: text.count, by: 2).compactMap {
        UInt8(String(text[$0...($0 + 1)]), radix: 16)
      }
    }
  }

  private func decode(_ bytes: [UInt8], _ shape: ImageShape) throws -> [UInt8] {
    var image = [UInt8](repeating: 0, count: shape.count)
    let decoder = try JPEGDecoder(shape: shape)
    try image.withUnsafeMutableBytes { image in
      try bytes.withUnsafeBytes { try decoder.decode($0, of: "x.JPEG", into: image) }
    }
    return image
  }

  @Test(arguments: ["colour", "subsampled", "grey", "inks"]) func pillowDecodesTheSame(_ name: String) throws
  {
    let expected = try Expected.load()
    let decoded = try decode(fixture("\(name).JPEG"), expected.shape)
    #expect(decoded == (try expected.bytes(name)))
    let plane = expected.height * expected.width
    let (red, blue) = (decoded[..<plane], decoded[(2 * plane)...])
    #expect(red.elementsEqual(blue) == (name == "grey"))
  }

  /// Light through red, green and blue, dimmed by black.
  @Test func inksStoredAsLuminanceAndColour() throws {
    let shape = ImageShape(channels: 3, height: 8, width: 8)
    let pixel: [UInt8] = [200, 90, 40, 128]
    let bytes = try MiniatureJPEG.encode(
      (0..<64).flatMap { _ in pixel }, height: 8, width: 8, as: .ycck)
    let decoded = try decode(bytes, shape)
    for (offset, value) in decoded.enumerated() {
      #expect(abs(Double(value) - Double(pixel[offset / 64]) * 128 / 255) < 2.5)
    }
  }

  @Test func anotherSize() throws {
    let bytes = try MiniatureJPEG.encode([UInt8](repeating: 9, count: 3 * 6 * 7), height: 6, width: 7)
    let shape = ImageShape(channels: 3, height: 7, width: 7)
    let expected = DataSetError.wrongImageSize(file: "x.JPEG", expected: shape, height: 6, width: 7)
    #expect(throws: expected) { try decode(bytes, shape) }
    #expect(expected.description == "x.JPEG: 6 × 7 pixels instead of 7 × 7")
  }

  /// The last two bytes are the mark of the end.
  @Test(arguments: ["colour", "subsampled", "grey", "inks"]) func cutOffAnywhere(_ name: String) throws {
    let expected = try Expected.load()
    let whole = try fixture("\(name).JPEG")
    for count in 0..<(whole.count - 1) {
      let error = try caught(DataSetError.self) {
        _ = try decode(Array(whole.prefix(count)), expected.shape)
      }
      guard case .damagedImage("x.JPEG", let reason) = error else {
        Issue.record("\(count) bytes: \(String(describing: error))")
        continue
      }
      #expect(!reason.isEmpty)
    }
  }

  /// Whatever the bytes are, they are decoded or refused.
  @Test func flippedBytesAreNoDisaster() throws {
    let expected = try Expected.load()
    var stream = RandomStream(seed: 1, purpose: "flipped bytes")
    var refused = 0
    for name in ["colour", "subsampled", "inks"] {
      let whole = try fixture("\(name).JPEG")
      for _ in 0..<400 {
        var bytes = whole
        for _ in 0..<3 {
          bytes[Int(stream.integer(below: UInt32(bytes.count)))] = UInt8(
            truncatingIfNeeded: stream.nextWord())
        }
        let error = try caught(DataSetError.self) { _ = try decode(bytes, expected.shape) }
        if error != nil { refused += 1 }
      }
    }
    #expect(refused > 300)
  }

  @Test func whatIsNoImage() throws {
    let shape = ImageShape(channels: 3, height: 8, width: 8)
    for text in ["GIF89a", "no image, whatever it is called"] {
      let error = try caught(DataSetError.self) { _ = try decode(Array(text.utf8), shape) }
      guard case .damagedImage("x.JPEG", _) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
    }
  }

  @Test func oneDecoderServesImagesOfAllKinds() throws {
    let expected = try Expected.load()
    let decoder = try JPEGDecoder(shape: expected.shape)
    var image = [UInt8](repeating: 0, count: expected.shape.count)
    let names = ["grey", "inks", "colour", "damaged", "grey", "subsampled", "inks"]
    for name in names {
      let bytes = name == "damaged" ? [0xff, 0xd8, 0] : try fixture("\(name).JPEG")
      let error = try caught(DataSetError.self) {
        try image.withUnsafeMutableBytes { image in
          try bytes.withUnsafeBytes { try decoder.decode($0, of: name, into: image) }
        }
      }
      #expect((error == nil) == (name != "damaged"))
      if name != "damaged" { #expect(image == (try expected.bytes(name))) }
    }
  }
}
