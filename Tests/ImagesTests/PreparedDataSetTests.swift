import Foundation
import Testing

@testable import ImageBatches
@testable import ImageSources
@testable import PreparedImages

struct PreparedDataSetTests {
  /// Opens a prepared set after `damage`, and returns the error.
  private func error(after damage: (String) throws -> Void) throws -> ImageFileError? {
    try withTemporaryFolder { folder in
      let prepared = try small(in: folder)
      _ = try PreparedDataSet(folder: prepared)
      try damage(prepared)
      return try caught(ImageFileError.self) { _ = try PreparedDataSet(folder: prepared) }
    }
  }

  /// 12 + 5 colour images of 4 × 4 pixels in 3 classes.
  private func small(in folder: String) throws -> String {
    let recipe = SyntheticRecipe(
      shape: ImageShape(channels: 3, height: 4, width: 4), classCount: 3, trainingCount: 12,
      validationCount: 5)
    return try prepare(.synthetic(recipe), in: folder)
  }

  @Test func whatWasLetGoCanBeReadAgain() throws {
    try withTemporaryFolder { folder in
      let split = try PreparedDataSet(folder: try small(in: folder)).training
      func all() -> [[UInt8]] {
        (0..<split.count).map {
          Array(UnsafeBufferPointer(start: split.pixels(of: $0), count: split.shape.count))
        }
      }
      let before = all()
      split.letGo()
      #expect(all() == before)
    }
  }

  @Test(arguments: [0, 1, 17 * 48 - 1, 17 * 48 + 1]) func imagesOfAnotherSize(_ size: Int) throws {
    let found = try error { folder in
      let bytes = try contents(join(folder, "images.bin"))
      #expect(bytes.count == 17 * 48)
      try put([UInt8]((bytes + [0]).prefix(size)), join(folder, "images.bin"))
    }
    guard case .truncated(let file, 816, size) = found else {
      Issue.record("expected a truncated file, got \(String(describing: found))")
      return
    }
    #expect(file.hasSuffix("/images.bin"))
  }

  @Test(arguments: [0, 16, 18]) func labelsOfAnotherSize(_ size: Int) throws {
    let found = try error { try put([UInt8](repeating: 0, count: size), join($0, "labels.bin")) }
    guard case .truncated(let file, 17, size) = found else {
      Issue.record("expected a truncated file, got \(String(describing: found))")
      return
    }
    #expect(file.hasSuffix("/labels.bin"))
  }

  @Test func aLabelThatIsNoClass() throws {
    let found = try error { folder in
      var labels = try contents(join(folder, "labels.bin"))
      labels[13] = 3
      try put(labels, join(folder, "labels.bin"))
    }
    guard case .labelOutOfRange(let file, 13, 3, 3) = found else {
      Issue.record("expected a label out of range, got \(String(describing: found))")
      return
    }
    #expect(file.hasSuffix("/labels.bin"))
  }

  @Test(arguments: ["images.bin", "labels.bin", "dataset.json"]) func aFileThatIsNotThere(_ name: String)
    throws
  {
    let found = try error { try removeFile(join($0, name)) }
    guard case .cannotRead(let file, let reason) = found else {
      Issue.record("expected an unreadable file, got \(String(describing: found))")
      return
    }
    #expect(file.hasSuffix("/" + name))
    #expect(reason.lowercased() == "no such file or directory" || reason == "no such file")
  }

  @Test(arguments: [("images.bin", 0), ("images.bin", 815), ("images.bin", 400), ("labels.bin", 16)])
  func verifyFindsOneFlippedBit(_ name: String, _ offset: Int) throws {
    try withTemporaryFolder { folder in
      let prepared = try small(in: folder)
      let good = try PreparedDataSet(folder: prepared)
      try good.verify()
      var bytes = try contents(join(prepared, name))
      // A label stays a class: only the digest can tell.
      bytes[offset] = name == "labels.bin" ? (bytes[offset] + 1) % 3 : bytes[offset] ^ 1
      try put(bytes, join(prepared, name))
      let damaged = try PreparedDataSet(folder: prepared)
      let found = try PreparedDataSet.contentDigest(folder: prepared)
      #expect(
        throws: ImageFileError.wrongDigest(
          folder: prepared, expected: good.manifest.contentDigest, found: found)
      ) { try damaged.verify() }
    }
  }

  /// The digest by another program's definition: SHA-256 of both files, one after the other.
  @Test func theContentDigestIsThatOfImagesThenLabels() throws {
    try withTemporaryFolder { folder in
      let prepared = try small(in: folder)
      let joined = join(folder, "joined")
      try put(contents(join(prepared, "images.bin")) + contents(join(prepared, "labels.bin")), joined)
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/sha256sum")
      process.arguments = [joined]
      let output = Pipe()
      process.standardOutput = output
      try process.run()
      let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      let data = try PreparedDataSet(folder: prepared)
      #expect(text.hasPrefix(data.manifest.contentDigest + " "))
    }
  }

  @Test func moreThan256ClassesTakeTwoBytesALabel() throws {
    try withTemporaryFolder { folder in
      let labels = [0, 255, 256, 299, 1]
      let shape = ImageShape(channels: 3, height: 1, width: 1)
      let data = try handmade(
        shape: shape, images: labels.map { _ in [1, 2, 3] }, labels: labels, classCount: 300, in: folder)
      #expect(data.training.labels == labels.map(Int32.init))
      #expect(try contents(join(folder, "handmade/labels.bin")) == [0, 0, 255, 0, 0, 1, 43, 1, 1, 0])
    }
  }

  @Test func aSplitOutlivesItsDataSet() throws {
    try withTemporaryFolder { folder in
      var split: ImageSplit?
      do {
        let data = try PreparedDataSet(folder: small(in: folder))
        split = data.validation
      }
      let images = try #require(split)
      #expect(images.count == 5)
      #expect((0..<5).contains { images.bytes(of: $0).contains { $0 > 0 } })
    }
  }
}
