import Foundation
import Testing

@testable import ImageBatches
@testable import ImageSources
@testable import PreparedImages

struct TinyImageNetFormatTests {
  /// The pixels of one file, by the decoder that has tests of its own.
  private func pixels(_ bytes: [UInt8]) throws -> [UInt8] {
    var image = [UInt8](repeating: 0, count: MiniatureImageNet.shape.count)
    let decoder = try JPEGDecoder(shape: MiniatureImageNet.shape)
    try image.withUnsafeMutableBytes { image in
      try bytes.withUnsafeBytes { try decoder.decode($0, of: "", into: image) }
    }
    return image
  }

  @Test func imagesAndLabelsComeOutInTheirPlaces() throws {
    try withTemporaryFolder { folder in
      let tiny = try MiniatureImageNet()
      let data = try tiny.prepare(.folder(tiny.write(into: folder)), in: folder)
      let splits = [
        (data.training, MiniatureImageNet.training), (data.validation, MiniatureImageNet.validation),
      ]
      for (split, expected) in splits {
        #expect(split.labels == expected.map(\.label))
        for (image, expected) in expected.enumerated() {
          #expect(split.bytes(of: image) == (try pixels(tiny.files[expected.path] ?? [])))
        }
      }
      #expect(Set((0..<12).map { data.training.bytes(of: $0) }).count == 12)
      try data.verify()
    }
  }

  @Test func theManifestDescribesTinyImageNet() throws {
    try withTemporaryFolder { folder in
      let tiny = try MiniatureImageNet()
      let data = try tiny.prepare(.folder(tiny.write(into: folder)), in: folder)
      #expect(data.manifest.name == "tiny-imagenet-200")
      #expect(data.manifest.title == "Tiny ImageNet")
      #expect(!data.manifest.synthetic)
      #expect(data.manifest.classNames == ["abacus", "newt, eft", "zebra"])
      #expect(data.training.mean == [0.485, 0.456, 0.406])
      #expect(data.training.standardDeviation == [0.229, 0.224, 0.225])
    }
  }

  @Test func theRegistryHasTheOfficialSet() throws {
    let description = try DataSetDescription.named("tiny-imagenet-200")
    #expect(description.shape == ImageShape(channels: 3, height: 64, width: 64))
    #expect(description.archive?.fileName == "tiny-imagenet-200.zip")
    let standIn = SyntheticRecipe(standingInFor: description)
    #expect((standIn.classCount, standIn.trainingCount, standIn.validationCount) == (200, 100_000, 10_000))
  }

  /// Validation first, classes downwards, lists last; and packed with and without the folder's name.
  @Test(arguments: ["tiny-imagenet-200/", "./tiny-imagenet-200/", "somewhere/tiny-imagenet-200/", "", "./"])
  func theArchiveGivesTheSameInAnyOrder(_ prefix: String) throws {
    try withTemporaryFolder { folder in
      let tiny = try MiniatureImageNet()
      let fromFolder = try tiny.prepare(.folder(tiny.write(into: folder)), in: folder)
      for order in [tiny.files.keys.sorted(), tiny.files.keys.sorted(by: >)] {
        let archive = try tiny.zip(into: folder, order: order, prefix: prefix)
        let fromArchive = try tiny.prepare(.archive(archive), in: folder)
        #expect(fromArchive.manifest.contentDigest == fromFolder.manifest.contentDigest)
        #expect(fromArchive.manifest.classNames == fromFolder.manifest.classNames)
        #expect(fromArchive.manifest.sourceDigest != fromFolder.manifest.sourceDigest)
      }
    }
  }

  @Test func whatSystemsAndPackersAddIsIgnored() throws {
    try withTemporaryFolder { folder in
      var tiny = try MiniatureImageNet()
      let plain = try tiny.prepare(.folder(tiny.write(into: makeFolder(join(folder, "a")))), in: folder)
      tiny.files["train/.DS_Store"] = [1]
      tiny.files["train/n00000004/images/._n00000004_0.JPEG"] = [2]
      tiny.files["val/images/Thumbs.db"] = [3]
      tiny.files["README.txt"] = [4]
      tiny.files["test/images/test_1.JPEG"] = [5]
      let official = try tiny.write(into: makeFolder(join(folder, "b")))
      let archive = try tiny.zip(into: folder)
      for origin in [DataSetSource.Origin.folder(official), .archive(archive)] {
        #expect(try tiny.prepare(origin, in: folder).manifest.contentDigest == plain.manifest.contentDigest)
      }
      let source = DataSetSource(description: MiniatureImageNet.description, origin: .folder(official))
      #expect(try source.contentDigest() == plain.manifest.sourceDigest)
    }
  }

  @Test func theDigestOfAFolderKnowsEveryFile() throws {
    try withTemporaryFolder { folder in
      let tiny = try MiniatureImageNet()
      let original = try tiny.write(into: folder)
      let source = DataSetSource(description: MiniatureImageNet.description, origin: .folder(original))
      let digest = try source.contentDigest()
      var seen: Set<String> = [digest]
      for name in tiny.files.keys where !name.hasPrefix("test/") && !name.hasSuffix("_boxes.txt") {
        var bytes = try contents(join(original, name))
        bytes[bytes.count / 2] ^= 1
        try put(bytes, join(original, name))
        #expect(seen.insert(try source.contentDigest()).inserted)
        try put(tiny.files[name] ?? [], join(original, name))
      }
      #expect(seen.count == 1 + 3 + 12 + 5)
      #expect(try source.contentDigest() == digest)
    }
  }

  @Test func progressGrowsToOne() throws {
    try withTemporaryFolder { folder in
      var tiny = try MiniatureImageNet()
      let image = try tiny.image(.rgb)
      for name in MiniatureImageNet.classes {
        for number in 100..<220 { tiny.files["train/\(name)/images/\(name)_\(number).JPEG"] = image }
      }
      let official = try tiny.write(into: folder)
      var fractions: [Double] = []
      try DataSetSource(description: MiniatureImageNet.description, origin: .folder(official))
        .prepare(into: makeFolder(join(folder, "out"))) { fractions.append($0) }
      #expect(fractions.count == 4)
      #expect(fractions == fractions.sorted() && fractions.last == 1)
      #expect(fractions.allSatisfy { (0.2...1).contains($0) })
    }
  }

  @Test(arguments: ["wnids.txt", "words.txt", "val/val_annotations.txt", "val/images/val_1.JPEG"])
  func aMissingFileIsNamed(_ name: String) throws {
    var tiny = try MiniatureImageNet()
    tiny.files[name] = nil
    let (error, folder) = try tiny.problem()
    #expect(error == .missingMember(source: folder, member: name))
    try withTemporaryFolder { folder in
      let archive = try tiny.zip(into: folder)
      #expect(throws: DataSetError.missingMember(source: archive, member: name)) {
        try tiny.prepare(.archive(archive), in: folder)
      }
    }
  }

  @Test func aClassWithoutImages() throws {
    var tiny = try MiniatureImageNet()
    tiny.files = tiny.files.filter { !$0.key.hasPrefix("train/n00000030/images") }
    let (error, folder) = try tiny.problem()
    #expect(error == .missingMember(source: folder, member: "train/n00000030/images"))
  }

  /// What an interrupted unpacking leaves.
  @Test func aClassWithFewerImagesThanOthers() throws {
    var tiny = try MiniatureImageNet()
    tiny.files["train/n00000200/images/n00000200_2.JPEG"] = nil
    let (error, folder) = try tiny.problem()
    #expect(error == .unevenClasses(source: folder, className: "n00000200", expected: 4, found: 3))
    #expect(error?.description.contains("class n00000200 has 3 training images, others have 4") == true)
  }

  @Test func imagesThatTheListsDoNotKnow() throws {
    var tiny = try MiniatureImageNet()
    tiny.files["val/images/val_7.JPEG"] = tiny.files["val/images/val_1.JPEG"]
    var (error, folder) = try tiny.problem()
    #expect(
      error
        == .unexpectedMember(
          source: folder, member: "val/images/val_7.JPEG", reason: "is not listed in val/val_annotations.txt")
    )
    tiny.files["val/images/val_7.JPEG"] = nil
    tiny.files["train/n00000005/images/n00000005_0.JPEG"] = tiny.files["val/images/val_1.JPEG"]
    (error, folder) = try tiny.problem()
    #expect(
      error
        == .unexpectedMember(
          source: folder, member: "train/n00000005", reason: "is of a class that is not in wnids.txt"))
  }

  @Test(arguments: [
    ("val_0.JPEG\tn00000030", "val_0.JPEG\tn00000031", "line 2: class n00000031 is not in wnids.txt"),
    ("val_1.JPEG", "val_3.JPEG", "line 3: val_3.JPEG is listed twice"),
    ("val_12.JPEG\tn00000030\t0\t32\t44\t62", "val_12.JPEG n00000030", "line 4: is not a file and its class"),
  ]) func aWrongLineOfTheListIsNamed(_ old: String, _ new: String, _ message: String) throws {
    var tiny = try MiniatureImageNet()
    tiny.edit("val/val_annotations.txt") { $0.replacingOccurrences(of: old, with: new) }
    let (error, folder) = try tiny.problem()
    #expect(error?.description.hasPrefix("\(folder)/val/val_annotations.txt: \(message)") == true)
  }

  @Test(arguments: [
    ("n00000004\n", "n00000030\n", "wnids.txt: line 2: class n00000030 is listed twice"),
    ("n00000004\n", "n0 4\n", "wnids.txt: line 2: is no class"),
    ("n00000004\n", "\n", "wnids.txt: line 2: is no class"),
    ("n00000004\n", "", "wnids.txt: 2 class names instead of 3"),
    ("n00000004\n", "n00000004\nn00000005\n", "wnids.txt: 4 class names instead of 3"),
  ]) func aWrongListOfClasses(_ old: String, _ new: String, _ message: String) throws {
    var tiny = try MiniatureImageNet()
    tiny.edit("wnids.txt") { $0.replacingOccurrences(of: old, with: new) }
    let (error, folder) = try tiny.problem()
    #expect(error?.description == "\(folder)/\(message)")
  }

  @Test func aClassWithoutAName() throws {
    var tiny = try MiniatureImageNet()
    tiny.edit("words.txt") { $0.replacingOccurrences(of: "zebra", with: "") }
    let (error, folder) = try tiny.problem()
    #expect(error == .wrongClassNames(file: "\(folder)/words.txt", expected: 3, found: 2))
  }

  @Test func anEmptyListOfValidationImages() throws {
    var tiny = try MiniatureImageNet()
    tiny.files = tiny.files.filter { !$0.key.hasPrefix("val/images") }
    tiny.edit("val/val_annotations.txt") { _ in "\n\n" }
    let (error, folder) = try tiny.problem()
    #expect(
      error
        == .wrongLine(file: "\(folder)/val/val_annotations.txt", line: 1, reason: "lists no images"))
  }

  @Test func windowsLineEndsDoNotMatter() throws {
    try withTemporaryFolder { folder in
      var tiny = try MiniatureImageNet()
      let plain = try tiny.prepare(.folder(tiny.write(into: makeFolder(join(folder, "a")))), in: folder)
      for file in ["wnids.txt", "words.txt", "val/val_annotations.txt"] {
        tiny.edit(file) { $0.replacingOccurrences(of: "\n", with: "\r\n") }
      }
      let other = try tiny.prepare(.folder(tiny.write(into: makeFolder(join(folder, "b")))), in: folder)
      #expect(other.manifest.contentDigest == plain.manifest.contentDigest)
      #expect(other.manifest.classNames == plain.manifest.classNames)
    }
  }

  @Test func aDamagedImageIsNamedInFolderAndArchive() throws {
    let name = "train/n00000030/images/n00000030_10.JPEG"
    var tiny = try MiniatureImageNet()
    let whole = tiny.files[name] ?? []
    for (bytes, isEmpty) in [(Array(whole.dropLast(30)), false), ([], true)] {
      tiny.files[name] = bytes
      try withTemporaryFolder { folder in
        let official = try tiny.write(into: folder)
        let archive = try tiny.zip(into: folder)
        for (origin, location) in [
          (DataSetSource.Origin.folder(official), "\(official)/\(name)"),
          (.archive(archive), "\(archive): \(name)"),
        ] {
          let error = try caught(DataSetError.self) { _ = try tiny.prepare(origin, in: folder) }
          guard case .damagedImage(location, let reason) = error else {
            Issue.record("expected a damaged image, got \(String(describing: error))")
            return
          }
          #expect(isEmpty == (reason == "the file is empty"))
        }
      }
    }
  }

  @Test func anImageOfAnotherSize() throws {
    var tiny = try MiniatureImageNet()
    tiny.files["val/images/val_2.JPEG"] = try tiny.image(.rgb, side: 16)
    let (error, folder) = try tiny.problem()
    #expect(
      error
        == .wrongImageSize(
          file: "\(folder)/val/images/val_2.JPEG", expected: MiniatureImageNet.shape, height: 16, width: 16))
  }

  @Test func aFileMuchTooLargeIsNotRead() throws {
    var tiny = try MiniatureImageNet()
    tiny.files["val/images/val_2.JPEG"] = [UInt8](repeating: 0, count: 1 << 20)
    let (error, _) = try tiny.problem()
    #expect(error?.description.contains("1048576 bytes are too many for such an image") == true)
  }

  @Test func aMemberThatOccursTwice() throws {
    try withTemporaryFolder { folder in
      let tiny = try MiniatureImageNet()
      let name = "train/n00000030/images/n00000030_10.JPEG"
      let archive = try tiny.zip(into: folder, order: tiny.files.keys.sorted() + [name])
      #expect(throws: DataSetError.duplicateMember(source: archive, member: name)) {
        try tiny.prepare(.archive(archive), in: folder)
      }
    }
  }

  @Test func aForeignArchive() throws {
    try withTemporaryFolder { folder in
      let archive = join(folder, "tiny-imagenet-200.zip")
      try writeZip([("readme.txt", [1, 2])], to: archive)
      #expect(throws: DataSetError.foreignArchive(file: archive, expected: "wnids.txt")) {
        try MiniatureImageNet().prepare(.archive(archive), in: folder)
      }
    }
  }

  @Test(arguments: [0, 0.02, 0.3, 0.6]) func anArchiveThatIsCutOff(_ share: Double) throws {
    try withTemporaryFolder { folder in
      let tiny = try MiniatureImageNet()
      let archive = try tiny.zip(into: folder)
      try cut(archive, to: Int(Double(contents(archive).count) * share))
      let error = try caught(DataSetError.self) { _ = try tiny.prepare(.archive(archive), in: folder) }
      #expect(error?.description.hasPrefix(archive) == true)
    }
  }

  /// Every member of a zip archive has a checksum: a flipped bit is noticed wherever it lies in the data.
  @Test func aFlippedBitInAnArchive() throws {
    try withTemporaryFolder { folder in
      let tiny = try MiniatureImageNet()
      let archive = try tiny.zip(into: folder)
      let whole = try contents(archive)
      for name in ["val/images/val_2.JPEG", "train/n00000004/images/n00000004_10.JPEG", "words.txt"] {
        let file = tiny.files[name] ?? []
        // The data begin a little after the name in front of them.
        let path = Array("tiny-imagenet-200/\(name)".utf8)
        let start = try #require(
          (0..<(whole.count - path.count)).first { whole[$0..<($0 + path.count)].elementsEqual(path) })
        for offset in [0.6, 0.9] {
          var bytes = whole
          bytes[start + path.count + 32 + Int(offset * Double(file.count - 40))] ^= 4
          try put(bytes, archive)
          #expect(throws: DataSetError.self) { try tiny.prepare(.archive(archive), in: folder) }
        }
      }
    }
  }
}
