import Foundation
import Testing

@testable import Charting

/// Set `CHARTING_GALLERY` to a folder to keep the sample figures and look at them.
@Suite struct GalleryTests {
  @Test(arguments: Samples.all.map(\.name))
  func everySampleIsWrittenInAllFormats(name: String) throws {
    let sample = try #require(Samples.all.first { $0.name == name })
    let kept = ProcessInfo.processInfo.environment["CHARTING_GALLERY"]
    let folder =
      kept.map { URL(fileURLWithPath: $0) }
      ?? FileManager.default.temporaryDirectory.appendingPathComponent("charting-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { if kept == nil { try? FileManager.default.removeItem(at: folder) } }
    try sample.figure.write(to: folder.appendingPathComponent(name).path)
    for (format, beginning) in [("pdf", "%PDF"), ("svg", "<?xml"), ("png", "\u{89}PNG")] {
      let bytes = try Data(contentsOf: folder.appendingPathComponent("\(name).\(format)"))
      let expected = format == "png" ? [0x89] + Array("PNG".utf8) : Array(beginning.utf8)
      #expect(Array(bytes.prefix(expected.count)) == expected)
      #expect(bytes.count > 1_000)
    }
    if kept == nil {
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 3)
    }
  }
}
