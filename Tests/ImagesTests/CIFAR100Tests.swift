import LinearAlgebra
import Testing

@testable import ImageSources
@testable import PreparedImages

struct CIFAR100Tests {
  /// A few random records in the official format.
  private struct Miniature {
    struct Record {
      var coarse: UInt8
      var fine: UInt8
      var pixels: [UInt8]
    }
    static let usual = Miniature()
    static let classNames = (0..<100).map { "fine class \($0)" }

    var training: [Record] = []
    var test: [Record] = []

    private init() {
      var stream = RandomStream(seed: 1, purpose: "miniature-cifar-100")
      func records(_ count: Int) -> [Record] {
        (0..<count).map { _ in
          Record(
            coarse: UInt8(stream.integer(below: 20)), fine: UInt8(stream.integer(below: 100)),
            pixels: [UInt8](repeating: UInt8(stream.integer(below: 256)), count: 1_536)
              + (0..<1_536).map { UInt8(truncatingIfNeeded: $0) })
        }
      }
      training = records(300)
      test = records(5)
      training[0].fine = 99
      training[0].coarse = 19
    }

    /// Writes the official folder into `parent` and returns its path.
    func write(into parent: String) throws -> String {
      let folder = try makeFolder(join(parent, "cifar-100-binary"))
      for (name, records) in [("train.bin", training), ("test.bin", test)] {
        try put(records.flatMap { [$0.coarse, $0.fine] + $0.pixels }, join(folder, name))
      }
      try put(
        Array((Self.classNames.joined(separator: "\n") + "\n").utf8), join(folder, "fine_label_names.txt"))
      try put(Array("fish\n".utf8), join(folder, "coarse_label_names.txt"))
      return folder
    }
  }

  /// The error that preparing files gives, and the folder that they are in.
  private func problem(
    _ change: (inout Miniature) -> Void = { _ in }, files: (String) throws -> Void = { _ in }
  ) throws -> (error: DataSetError?, folder: String) {
    try withTemporaryFolder { folder in
      var miniature = Miniature.usual
      change(&miniature)
      let official = try miniature.write(into: folder)
      try files(official)
      return (
        try caught(DataSetError.self) { try prepare(.folder(official), of: .cifar100, in: folder) }, official
      )
    }
  }

  @Test func fineLabelsAndPixelsComeOutInTheirPlaces() throws {
    try withTemporaryFolder { folder in
      let miniature = Miniature.usual
      let official = try miniature.write(into: folder)
      #expect(DataSetLocator(dataFolder: folder).officialSource(of: .cifar100)?.origin == .folder(official))
      try tar(["-czf", "cifar-100-binary.tar.gz", "cifar-100-binary"], in: folder)
      for origin in [
        DataSetSource.Origin.folder(official), .archive(join(folder, "cifar-100-binary.tar.gz")),
      ] {
        let data = try PreparedDataSet(folder: prepare(origin, of: .cifar100, in: folder))
        #expect(data.manifest.name == "cifar-100" && data.manifest.title == "CIFAR-100")
        #expect(data.manifest.classNames == Miniature.classNames)
        for (split, records) in [(data.training, miniature.training), (data.validation, miniature.test)] {
          #expect(split.labels == records.map { Int32($0.fine) })
          #expect(records.indices.allSatisfy { split.bytes(of: $0) == records[$0].pixels })
        }
      }
    }
  }

  @Test func theDescriptionIsTheOfficialOne() throws {
    let description = try DataSetDescription.named("cifar-100")
    #expect(description.archive?.md5 == "03b5dce01913d631647c71ecec9e9cb8")
    #expect(description.archive?.fileName == "cifar-100-binary.tar.gz")
    #expect((description.trainingCount, description.validationCount) == (50_000, 10_000))
  }

  @Test(arguments: [3_073, 3_074 + 1]) func aFileThatIsNoWholeNumberOfRecords(_ size: Int) throws {
    let (error, folder) = try problem(files: { try cut(join($0, "test.bin"), to: size) })
    #expect(
      error == .wrongSize(file: join(folder, "test.bin"), byteCount: size, recordBytes: 3_074))
  }

  @Test(arguments: [100, 255] as [UInt8]) func aFineLabelOutOfRange(_ label: UInt8) throws {
    let (error, folder) = try problem { $0.training[280].fine = label }
    #expect(
      error
        == .labelOutOfRange(
          file: join(folder, "train.bin"), field: "fine label", record: 280, label: Int(label),
          allowed: 0...99))
    #expect(error?.description.contains("record 280 has fine label \(label)") == true)
  }

  @Test func aCoarseLabelOutOfRange() throws {
    let (error, folder) = try problem { $0.test[2].coarse = 20 }
    #expect(
      error
        == .labelOutOfRange(
          file: join(folder, "test.bin"), field: "coarse label", record: 2, label: 20, allowed: 0...19))
  }

  @Test(arguments: ["train.bin", "test.bin", "fine_label_names.txt"]) func aMissingFile(_ name: String) throws
  {
    let (error, folder) = try problem(files: { try removeFile(join($0, name)) })
    #expect(error == .missingMember(source: folder, member: name))
  }

  @Test func aWrongNumberOfClassNames() throws {
    let (error, folder) = try problem(files: {
      try put(Array("fish\n".utf8), join($0, "fine_label_names.txt"))
    })
    #expect(
      error == .wrongClassNames(file: join(folder, "fine_label_names.txt"), expected: 100, found: 1))
  }

  /// CIFAR-10 under the name of CIFAR-100.
  @Test func anotherArchive() throws {
    try withTemporaryFolder { folder in
      try TinyCIFAR().write(into: folder)
      let archive = try TinyCIFAR.pack(in: folder)
      #expect(throws: DataSetError.foreignArchive(file: archive, expected: "train.bin")) {
        try prepare(.archive(archive), of: .cifar100, in: folder)
      }
    }
  }
}
