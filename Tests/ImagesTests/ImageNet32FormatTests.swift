import Testing

@testable import ImageSources
@testable import PreparedImages

struct ImageNet32FormatTests {
  private typealias Miniature = MiniatureImageNet32
  private static let second = "train_data_batch_2.npz"
  private static let validation = "val_data.npz"

  private func agree(_ split: ImageSplit, _ records: [(pixels: [UInt8], label: Int32)]) {
    #expect(split.labels == records.map(\.label))
    #expect(split.count == records.count)
    #expect(records.indices.allSatisfy { split.bytes(of: $0) == records[$0].pixels })
  }

  @Test func imagesComeBatchAfterBatchWithLabelsFromZero() throws {
    try withTemporaryFolder { folder in
      let miniature = Miniature()
      let data = try miniature.prepare(in: folder)
      #expect(data.training.count == 600 + (3...11).reduce(0, +))
      agree(data.training, miniature.training)
      agree(data.validation, miniature.validation)
      #expect(data.manifest.name == "imagenet-32" && data.manifest.title == "ImageNet-32")
      #expect(data.manifest.classNames == ["class 1", "class 2", "class 3"])
    }
  }

  @Test(arguments: [
    ImageSelection(training: 601, validation: 4), ImageSelection(training: 5),
    ImageSelection(validation: 1, perClass: 2), ImageSelection(perClass: 205),
  ])
  func ofASelectionNothingElseIsWritten(_ selection: ImageSelection) throws {
    try withTemporaryFolder { folder in
      let miniature = Miniature()
      let data = try miniature.prepare(selection, in: folder)
      let all = miniature.training
      agree(data.training, selection.places(amongTraining: all.map { Int($0.label) }).map { all[$0] })
      agree(data.validation, Array(miniature.validation.prefix(selection.validation ?? .max)))
    }
  }

  @Test func theOfficialSetIsNamedAndCounted() throws {
    let description = try DataSetDescription.named("imagenet-32")
    #expect((description.classCount, description.trainingCount) == (1_000, 1_281_167))
    #expect(description.archive == nil && description.shape.count == 3_072)
  }

  @Test func absentFilesAreNoReasonToDownload() throws {
    try withTemporaryFolder { folder in
      let locator = DataSetLocator(dataFolder: folder)
      #expect(try locator.source(of: "imagenet-32", choice: .auto).isSynthetic)
      let error = try caught(DataSetError.self) { _ = try locator.source(of: "imagenet-32", choice: .real) }
      let text = error?.description ?? ""
      for part in [folder, "folder imagenet-32", "val_data.npz", "image-net.org", "DATA=synthetic"] {
        #expect(text.contains(part))
      }
      #expect(!text.contains("make data") && !text.contains("\n"))
      let official = try Miniature().write(into: folder)
      #expect(try locator.source(of: "imagenet-32", choice: .real).origin == .folder(official))
    }
  }

  @Test(arguments: [second, validation]) func aMissingFile(_ name: String) throws {
    try withTemporaryFolder { folder in
      var miniature = Miniature()
      miniature.batches[name] = nil
      #expect(
        throws: DataSetError.missingMember(source: join(folder, "imagenet-32"), member: name)
      ) { _ = try miniature.prepare(in: folder) }
    }
  }

  /// The error that files give of which one holds other members than it should.
  private func problem(
    in name: String = second, _ change: ([(path: String, bytes: [UInt8])]) -> [(path: String, bytes: [UInt8])]
  ) throws -> (error: DataSetError?, file: String) {
    try withTemporaryFolder { folder in
      var miniature = Miniature()
      miniature.replaced[name] = change(miniature.batches[name]?.members ?? [])
      let error = try caught(DataSetError.self) { _ = try miniature.prepare(in: folder) }
      return (error, join(join(folder, "imagenet-32"), name))
    }
  }

  @Test(arguments: ["data.npy", "labels.npy"]) func aMissingArray(_ name: String) throws {
    let (error, file) = try problem { $0.filter { $0.path != name } }
    #expect(error == .missingMember(source: file, member: name))
  }

  @Test(arguments: ["data.npy", "labels.npy"]) func anArrayThatOccursTwice(_ name: String) throws {
    let (error, file) = try problem { $0 + $0.filter { $0.path == name } }
    #expect(error == .duplicateMember(source: file, member: name))
  }

  /// Labels before images, as a program may write them.
  @Test func theOrderOfTheArraysDoesNotMatter() throws {
    let (error, _) = try problem { $0.reversed() }
    #expect(error == nil)
  }

  @Test(arguments: [0, 4, 255] as [UInt8]) func aLabelOutOfRange(_ label: UInt8) throws {
    try withTemporaryFolder { folder in
      var miniature = Miniature()
      miniature.batches[Self.validation]?.labels[3] = label
      let expected = DataSetError.labelOutOfRange(
        file: join(folder, "imagenet-32/val_data.npz: labels.npy"), field: "label", record: 3,
        label: Int(label),
        allowed: 1...3)
      #expect(throws: expected) { _ = try miniature.prepare(in: folder) }
    }
  }

  /// An array in place of that of the second batch, which has four images.
  struct Mistake: Sendable {
    let member: String
    let descr: String
    let shape: String
    let byteCount: Int
    let field: String
  }

  @Test(arguments: [
    Mistake(member: "data.npy", descr: "|i1", shape: "(3, 12)", byteCount: 36, field: "descr"),
    Mistake(member: "data.npy", descr: "|u1", shape: "(36,)", byteCount: 36, field: "shape"),
    Mistake(member: "data.npy", descr: "|u1", shape: "(12, 3)", byteCount: 36, field: "shape"),
    Mistake(member: "data.npy", descr: "|u1", shape: "(3, 12, 1)", byteCount: 36, field: "shape"),
    Mistake(member: "data.npy", descr: "|u1", shape: "()", byteCount: 1, field: "shape"),
    Mistake(member: "data.npy", descr: "|u1", shape: "(0, 12)", byteCount: 0, field: "shape"),
    Mistake(member: "labels.npy", descr: "<i4", shape: "(3, 1)", byteCount: 12, field: "shape"),
    Mistake(member: "labels.npy", descr: "|u1", shape: "(3000000,)", byteCount: 3_000_000, field: "shape"),
    Mistake(member: "labels.npy", descr: "<f4", shape: "(3,)", byteCount: 12, field: "descr"),
  ])
  func anArrayOfAnotherKind(_ mistake: Mistake) throws {
    let literal = "{'descr': '\(mistake.descr)', 'fortran_order': False, 'shape': \(mistake.shape), }\n"
    let array = npy(literal, [UInt8](repeating: 1, count: mistake.byteCount))
    let (error, file) = try problem {
      $0.map { $0.path == mistake.member ? ($0.path, array) : $0 }
    }
    guard case .wrongArray("\(file): \(mistake.member)", mistake.field, _) = error else {
      Issue.record("\(mistake.member), \(mistake.field): \(String(describing: error))")
      return
    }
  }

  @Test func asManyLabelsAsImages() throws {
    let (error, file) = try problem {
      $0.map {
        $0.path != "labels.npy"
          ? $0 : ($0.path, npy("{'descr': '|u1', 'fortran_order': False, 'shape': (2,)}\n", [1, 2]))
      }
    }
    #expect(
      error
        == .wrongArray(
          file: "\(file): labels.npy", field: "shape", reason: "is that of 2 labels, but there are 3 images"))
  }

  /// Within what is read; that the list of members at the end is gone does no harm.
  @Test(arguments: [0.1, 0.3, 0.5]) func aFileThatIsCutOff(_ share: Double) throws {
    try withTemporaryFolder { folder in
      let official = try Miniature().write(into: folder)
      let file = join(official, Self.second)
      try cut(file, to: Int(Double(contents(file).count) * share))
      let error = try caught(DataSetError.self) {
        try prepare(.folder(official), of: Miniature.description, in: folder)
      }
      guard case .damagedArchive(file, let reason) = error else {
        Issue.record("expected an archive that is cut off, got \(String(describing: error))")
        return
      }
      let reasons = ["truncated", "decompression failed"]
      #expect(reasons.contains { reason.lowercased().contains($0) }, "\(reason)")
    }
  }

  @Test func aFileThatIsNoArchive() throws {
    try withTemporaryFolder { folder in
      let official = try Miniature().write(into: folder)
      try put([UInt8](repeating: 7, count: 5_000), join(official, Self.second))
      let error = try caught(DataSetError.self) {
        try prepare(.folder(official), of: Miniature.description, in: folder)
      }
      #expect(error?.description.hasPrefix(join(official, Self.second)) == true)
    }
  }

  /// NumPy stores arrays as they are, where a flipped bit shows in nothing but the checksum, also in an image that is not
  /// looked at.
  @Test(arguments: [nil, 1, 2] as [Int?]) func aFlippedBitIsNoticed(_ wanted: Int?) throws {
    try withTemporaryFolder { folder in
      let official = try Miniature().write(into: folder)
      let file = join(official, Self.validation)
      try put(fixture("batch.npz"), file)
      let data = try PreparedDataSet(
        folder: prepare(.folder(official), of: Miniature.description, in: folder))
      #expect(data.validation.labels == [2, 0, 1, 2])
      #expect(data.validation.bytes(of: 3) == Array(36..<48))
      var bytes = try contents(file)
      let place = try #require(bytes.indices.first { bytes[$0...].starts(with: [20, 21, 22, 23]) })
      bytes[place] ^= 1
      try put(bytes, file)
      let error = try caught(DataSetError.self) {
        try prepare(
          .folder(official), of: Miniature.description, selection: ImageSelection(validation: wanted),
          in: folder)
      }
      guard case .damagedArchive(file, _) = error else {
        Issue.record("expected a damaged archive, got \(String(describing: error))")
        return
      }
    }
  }
}
