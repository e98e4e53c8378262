import Testing

@testable import ImageBatches
@testable import ImageSources
@testable import PreparedImages

struct ArchiveMembersTests {
  @Test func folderAndArchivePrepareToTheSameContent() throws {
    try withTemporaryFolder { folder in
      let official = try TinyCIFAR().write(into: folder)
      let archive = try TinyCIFAR.pack(in: folder)
      let fromFolder = try PreparedDataSet(folder: prepare(.folder(official), in: folder))
      let fromArchive = try PreparedDataSet(folder: prepare(.archive(archive), in: folder))
      #expect(fromFolder.manifest.contentDigest == fromArchive.manifest.contentDigest)
      #expect(fromFolder.manifest.classNames == fromArchive.manifest.classNames)
      #expect(fromFolder.manifest.sourceDigest != fromArchive.manifest.sourceDigest)
      try fromFolder.verify()
      try fromArchive.verify()
    }
  }

  @Test func theOrderOfTheMembersDoesNotMatter() throws {
    try withTemporaryFolder { folder in
      let tiny = TinyCIFAR()
      try tiny.write(into: folder)
      let names = ["test_batch.bin", "batches.meta.txt"] + TinyCIFAR.trainingFiles.reversed()
      let archive = try TinyCIFAR.pack(in: folder, members: names.map { join(TinyCIFAR.folderName, $0) })
      let data = try PreparedDataSet(folder: prepare(.archive(archive), in: folder))
      #expect(data.training.labels == tiny.training.map { Int32($0.label) })
      #expect(data.validation.bytes(of: 6) == tiny.validation[6].pixels)
      #expect(data.training.bytes(of: 19) == tiny.training[19].pixels)
    }
  }

  @Test func otherDataHasOtherDigests() throws {
    try withTemporaryFolder { folder in
      let first = try TinyCIFAR(seed: 1).write(into: makeFolder(join(folder, "first")))
      let second = try TinyCIFAR(seed: 2).write(into: makeFolder(join(folder, "second")))
      let digests = try [first, second].map {
        try PreparedDataSet(folder: prepare(.folder($0), in: folder)).manifest
      }
      #expect(digests[0].contentDigest != digests[1].contentDigest)
      #expect(digests[0].sourceDigest != digests[1].sourceDigest)
    }
  }

  @Test func anArchiveOfThePublishedSizeMustBeThePublishedOne() throws {
    try withTemporaryFolder { folder in
      try TinyCIFAR().write(into: folder)
      let archive = try TinyCIFAR.pack(in: folder)
      let bytes = try InputFile(archive).byteCount
      let digest = try MessageDigest(.md5)
      try digest.update(fileAt: archive)
      let published = digest.finish()
      for (md5, isRight) in [(published, true), (String(published.reversed()), false)] {
        let official = DataSetDescription.cifar10
        let description = DataSetDescription(
          name: official.name, title: official.title, shape: official.shape, classCount: 10,
          trainingCount: official.trainingCount, validationCount: official.validationCount,
          mean: official.mean, standardDeviation: official.standardDeviation,
          folder: official.folder,
          release: .archive(
            OfficialArchive(
              fileName: TinyCIFAR.archiveName, baseAddress: "", md5: md5, byteCount: bytes)),
          format: official.format)
        let source = DataSetSource(description: description, origin: .archive(archive))
        let target = try makeFolder(join(folder, md5))
        if isRight {
          try source.prepare(into: target)
        } else {
          #expect(
            throws: DataSetError.damagedArchive(
              file: archive, reason: "MD5 \(published) instead of the published \(md5)")
          ) {
            try source.prepare(into: target)
          }
        }
      }
    }
  }

  @Test func aMissingMember() throws {
    try withTemporaryFolder { folder in
      let official = try TinyCIFAR().write(into: folder)
      try removeFile(join(official, "data_batch_2.bin"))
      let archive = try TinyCIFAR.pack(in: folder)
      #expect(throws: DataSetError.missingMember(source: archive, member: "data_batch_2.bin")) {
        try prepare(.archive(archive), in: folder)
      }
    }
  }

  @Test func aForeignArchive() throws {
    try withTemporaryFolder { folder in
      try put(Array("something else".utf8), join(folder, "readme.txt"))
      let archive = try TinyCIFAR.pack(in: folder, members: ["readme.txt"])
      #expect(throws: DataSetError.foreignArchive(file: archive, expected: "data_batch_1.bin")) {
        try prepare(.archive(archive), in: folder)
      }
    }
  }

  @Test func aMemberThatOccursTwice() throws {
    try withTemporaryFolder { folder in
      let official = try TinyCIFAR().write(into: folder)
      let copy = try makeFolder(join(folder, "copy"))
      try put(contents(join(official, "data_batch_1.bin")), join(copy, "data_batch_1.bin"))
      let archive = try TinyCIFAR.pack(
        in: folder, members: [TinyCIFAR.folderName, "copy/data_batch_1.bin"])
      #expect(throws: DataSetError.duplicateMember(source: archive, member: "data_batch_1.bin")) {
        try prepare(.archive(archive), in: folder)
      }
    }
  }

  @Test(arguments: [0.02, 0.3, 0.6, 0.95]) func anArchiveThatIsCutOff(_ share: Double) throws {
    try withTemporaryFolder { folder in
      try TinyCIFAR().write(into: folder)
      let archive = try TinyCIFAR.pack(in: folder)
      try cut(archive, to: Int(Double(contents(archive).count) * share))
      let error = try caught(DataSetError.self) { try prepare(.archive(archive), in: folder) }
      guard case .damagedArchive(let file, let reason) = error else {
        Issue.record("expected a damaged archive, got \(String(describing: error))")
        return
      }
      #expect(file == archive)
      #expect(!reason.isEmpty)
    }
  }

  /// A plain archive under the official name is read too, and its headers have checksums.
  @Test func aDamagedHeader() throws {
    try withTemporaryFolder { folder in
      let official = try TinyCIFAR().write(into: folder)
      let archive = join(folder, TinyCIFAR.archiveName)
      try tar(["-cf", TinyCIFAR.archiveName, TinyCIFAR.folderName], in: folder)
      let good = try PreparedDataSet(folder: prepare(.archive(archive), in: folder))
      let same = try PreparedDataSet(folder: prepare(.folder(official), in: folder))
      #expect(good.manifest.contentDigest == same.manifest.contentDigest)
      var bytes = try contents(archive)
      bytes[512 + 30] ^= 0x10
      try put(bytes, archive)
      let error = try caught(DataSetError.self) { try prepare(.archive(archive), in: folder) }
      guard case .damagedArchive(archive, _) = error else {
        Issue.record("expected a damaged archive, got \(String(describing: error))")
        return
      }
    }
  }

  @Test(arguments: [[], Array("this is no archive, whatever it is called".utf8)] as [[UInt8]])
  func noArchiveAtAll(_ bytes: [UInt8]) throws {
    try withTemporaryFolder { folder in
      let archive = join(folder, TinyCIFAR.archiveName)
      try put(bytes, archive)
      let error = try caught(DataSetError.self) { try prepare(.archive(archive), in: folder) }
      #expect(error?.description.hasPrefix(archive) == true)
    }
  }

  @Test func aFolderInTheArchivesPlace() throws {
    try withTemporaryFolder { folder in
      let archive = try makeFolder(join(folder, TinyCIFAR.archiveName))
      #expect(throws: ImageFileError.cannotRead(file: archive, reason: "not a regular file")) {
        try prepare(.archive(archive), in: folder)
      }
    }
  }

  @Test func aLabelOutOfRangeNamesArchiveMemberAndRecord() throws {
    try withTemporaryFolder { folder in
      var tiny = TinyCIFAR()
      tiny.files["test_batch.bin"]?[5].label = 12
      try tiny.write(into: folder)
      let archive = try TinyCIFAR.pack(in: folder)
      #expect(
        throws: DataSetError.labelOutOfRange(
          file: "\(archive): test_batch.bin", field: "label", record: 5, label: 12, allowed: 0...9)
      ) { try prepare(.archive(archive), in: folder) }
    }
  }
}
