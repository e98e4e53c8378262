import ContentStore
import Foundation
import PublishedSamples
import Testing

@testable import Publishing

/// An index comes from strangers: whatever could not be meant is refused before anything is fetched.
@Suite struct IndexTests {
  private static func index() throws -> PublishedIndex {
    let entry = try sampleEntry(stage: "measure", title: "fig-t.1 measure base seed 1", file: "metrics.csv")
    var index = PublishedIndex()
    index.entries = [entry]
    index.artifacts = [
      PublishedIndex.Artifact(
        id: "fig-t.1", title: "A figure", profile: "quick", seeds: [1], commit: "0123abc", sources: "",
        made: "2026-01-01T00:00:00Z", host: "there", processor: "",
        dataSets: [.init(set: "cifar-10", synthetic: false, digest: "c")],
        results: [.init(slot: "measure base seed 1", recipe: entry.recipe, key: entry.manifest.key)],
        figure: ["csv": PublishedFile(digest: Digest(of: "x"), bytes: 1, path: "quick/fig-t.1.csv")])
    ]
    return index
  }

  @Test func whatWasWrittenIsRead() throws {
    let index = try Self.index()
    let again = try PublishedIndex(index.encoded(), place: "there")
    #expect(try again.encoded() == index.encoded())
    #expect(
      again.entries[0].file("metrics.csv")?.place.hasSuffix("\(String(repeating: "b", count: 64)).zst")
        == true)
    #expect(again.entries[0].file("other.csv") == nil)
  }

  @Test(arguments: [
    ("\"metrics.csv\"", "\"../metrics.csv\""), ("\"metrics.csv\"", "\"/etc/passwd\""),
    ("quick/fig-t.1.csv", "../fig-t.1.csv"), ("quick/fig-t.1.csv", "quick/a?b"),
    ("quick/fig-t.1.csv", "a/./b"),
    ("\"stage\":\"measure\"", "\"stage\":\"plot\""), ("\"stage\":\"measure\"", "\"stage\":\"a/b\""),
    ("\"id\":\"fig-t.1\"", "\"id\":\"../fig\""), ("\"profile\":\"quick\"", "\"profile\":\"a/b\""),
    ("\"commit\":\"0123abc\"", "\"commit\":\"--upload-pack=x\""), ("\"seed\":1", "\"seed\":2"),
    ("\"bytes\":10", "\"bytes\":-1"), ("\"bytes\":10", "\"bytes\":99999999999999999"),
    ("\"metrics.csv\":7", "\"metrics.csv\":0"), ("\"metrics.csv\":7", "\"other.csv\":7"),
    ("\"metrics.csv\":7", "\"metrics.csv\":5000"),
    ("\"path\":", "\"packed\":3,\"path\":"), ("\"wallSeconds\":1", "\"wallSeconds\":-1"),
    ("\"wallSeconds\":1", "\"wallSeconds\":1e11"),
    ("\"cores\":\"2\"", "\"processorSeconds\":\"1e308\""),
    ("\"host\":\"there\"", "\"host\":\"a\\nb\""), ("\"format\":2", "\"format\":3"),
    ("\"recipe\":\"", "\"recipe\":\"0"), ("{", "["),
  ])
  func whatCannotBeMeantIsRefused(_ old: String, _ new: String) throws {
    let text = String(decoding: try Self.index().encoded(), as: UTF8.self)
    try #require(text.contains(old), "\(old)")
    let spoilt = text.replacingOccurrences(of: old, with: new)
    #expect(throws: PublishingError.self) { try PublishedIndex(Data(spoilt.utf8), place: "there") }
  }

  @Test func aNewerFormatIsToldApart() throws {
    #expect(throws: PublishingError.newerFormat(place: "there", found: 7)) {
      try PublishedIndex(Data("{\"format\": 7, \"artifacts\": 3}".utf8), place: "there")
    }
  }

  @Test func degreesAreToldApart() throws {
    let results = PublishedResults(try Self.index())
    var job = try Self.index().entries[0].manifest.job
    #expect(results.match(job, key: job.key)?.degree == .same)
    job.environment = ["compiler": "two"]
    #expect(results.match(job, key: job.key)?.degree == .otherEnvironment)
    job.fingerprint = String(repeating: "d", count: 64)
    #expect(results.match(job, key: job.key)?.degree == .otherSources)
    job.parameters = ["seed": 2]
    #expect(results.match(job, key: job.key) == nil)
  }
}

/// Blobs: packed, unpacked, and refused if they are not what they should be.
@Suite struct BlobTests {
  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.path + "/barriers-blobs-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  @Test(arguments: [0, 1, 1_000, 3_000_000]) func aRoundTrip(_ count: Int) throws {
    try withFolder { folder in
      let data = Data((0..<count).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) })
      try data.write(to: URL(fileURLWithPath: folder + "/a"))
      try Zstandard.pack(folder + "/a", to: folder + "/a.zst")
      let packed = try #require(try FileSystem.status(folder + "/a.zst")).bytes
      let file = PublishedFile(digest: Digest(of: data), bytes: count, packed: packed)
      try file.unpack(folder + "/a.zst", to: folder + "/b", place: "there")
      #expect(try FileSystem.contents(of: folder + "/b") == data)
      try Zstandard.pack(folder + "/a", to: folder + "/c.zst")
      #expect(try FileSystem.contents(of: folder + "/a.zst") == FileSystem.contents(of: folder + "/c.zst"))
    }
  }

  /// The bound on blobs holds for what no compression makes smaller.
  @Test(arguments: [0, 1, 127, 100_000, 3_000_000]) func noiseIsPublished(_ count: Int) throws {
    try withFolder { folder in
      let noise = try #require(FileHandle(forReadingAtPath: "/dev/urandom"))
      let data = try noise.read(upToCount: count) ?? Data()
      try data.write(to: URL(fileURLWithPath: folder + "/a"))
      try Zstandard.pack(folder + "/a", to: folder + "/a.zst")
      let packed = try #require(try FileSystem.status(folder + "/a.zst")).bytes
      try PublishedFile(digest: Digest(of: data), bytes: count, packed: packed).validate()
    }
  }

  @Test func whatIsLongerOrOtherIsRefusedAndNothingLeft() throws {
    try withFolder { folder in
      // Ten megabytes of nothing become a few hundred bytes.
      let data = Data(count: 10_000_000)
      try data.write(to: URL(fileURLWithPath: folder + "/a"))
      try Zstandard.pack(folder + "/a", to: folder + "/a.zst")
      let digest = Digest(of: data)
      for file in [
        PublishedFile(digest: digest, bytes: 1_000, packed: 1),
        PublishedFile(digest: digest, bytes: 10_000_001, packed: 1),
        PublishedFile(digest: Digest(of: "other"), bytes: 10_000_000, packed: 1),
      ] {
        #expect(throws: PublishingError.self) {
          try file.unpack(folder + "/a.zst", to: folder + "/b", place: "there")
        }
        #expect(!FileManager.default.fileExists(atPath: folder + "/b"))
      }
      // What is not compressed is not taken for its own contents.
      #expect(throws: PublishingError.self) {
        try PublishedFile(digest: digest, bytes: 10_000_000, packed: 1)
          .unpack(folder + "/a", to: folder + "/b", place: "there")
      }
    }
  }
}
