import ContentStore
import Foundation
import PublishedSamples
import Testing

@testable import Publishing

/// What is kept of a figure's runs comes from strangers, too.
@Suite struct KeptRunsTests {
  private static func runs() throws -> KeptRuns {
    let entry = try sampleEntry(stage: "train", title: "fig-t.1 train base seed 1", file: "history.csv")
    return KeptRuns(
      results: [.init(slot: "train base seed 1", recipe: entry.recipe, key: entry.manifest.key)],
      entries: [entry])
  }

  private static func index() -> PublishedIndex {
    var index = PublishedIndex()
    index.artifacts = [
      PublishedIndex.Artifact(
        id: "fig-t.1", title: "A figure", profile: "standard", seeds: [1], commit: "", sources: "", made: "",
        host: "", processor: "", dataSets: [], results: [], figure: [:])
    ]
    return index
  }

  private func inFolder<Result>(_ body: (_ folder: String) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.path + "/kept-runs-\(UUID().uuidString)"
    try FileSystem.createFolder(folder)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try body(folder)
  }

  private func read(_ file: PublishedFile, in folder: String) throws -> KeptRuns {
    try KeptRuns(file, at: .folder(folder), scratch: folder + "/scratch", patience: .init())
  }

  @Test func whatWasKeptIsReadAndServesAsIfPublished() throws {
    try inFolder { folder in
      let file = try Self.runs().write(to: BlobShelf(folder: folder), scratch: folder)
      #expect(try file == Self.runs().write(to: BlobShelf(folder: folder), scratch: folder))
      let runs = try read(file, in: folder)
      #expect(runs.files.map(\.digest.hex) == [String(repeating: "b", count: 64)])
      let index = Self.index()
      let whole = try index.adding([(artifact: index.artifacts[0], runs: runs)], place: "there")
      #expect(whole.entries.map(\.manifest.key) == runs.entries.map(\.manifest.key))
      #expect(whole.artifacts[0].results == runs.results)
      // A blob that nobody names goes.
      try BlobShelf(folder: folder).removeAll(but: [])
      #expect(throws: PublishingError.self) { try read(file, in: folder) }
    }
  }

  @Test func aChangedByteIsRefused() throws {
    try inFolder { folder in
      let file = try Self.runs().write(to: BlobShelf(folder: folder), scratch: folder)
      let other = try KeptRuns(results: [], entries: []).write(to: BlobShelf(folder: folder), scratch: folder)
      let (path, otherPath) = ("\(folder)/\(file.place)", "\(folder)/\(other.place)")
      try FileSystem.contents(of: otherPath).write(to: URL(fileURLWithPath: path))
      #expect(throws: PublishingError.self) { try read(file, in: folder) }
    }
  }

  @Test(arguments: [
    ("\"stage\":\"train\"", "\"stage\":\"plot\""), ("\"seed\":1", "\"seed\":2"),
    ("\"history.csv\":7", "\"other.csv\":7"), ("\"history.csv\":7", "\"history.csv\":0"),
    ("\"bytes\":10", "\"bytes\":-1"), ("\"slot\":\"train", "\"slot\":\"\\ntrain"),
    ("\"results\":[{", "\"results\":[{\"key\":\"0\",\"recipe\":\"0\",\"slot\":\"x\"},{"),
    ("\"format\":1", "\"format\":2"), ("\"entries\"", "\"others\""), ("{", "["),
  ])
  func whatCannotBeMeantIsRefused(_ old: String, _ new: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let text = String(decoding: try encoder.encode(Self.runs()), as: UTF8.self)
    try #require(text.contains(old), "\(old)")
    let data = Data(text.replacingOccurrences(of: old, with: new).utf8)
    try inFolder { folder in
      let path = folder + "/spoilt.json"
      try data.write(to: URL(fileURLWithPath: path))
      let facts = Manifest.File(digest: Digest(of: data), bytes: data.count)
      let lengths = try BlobShelf(folder: folder).pack([(path, facts)])
      let file = PublishedFile(digest: facts.digest, bytes: facts.bytes, packed: lengths[facts.digest])
      let index = Self.index()
      #expect(throws: PublishingError.self) {
        try index.adding([(artifact: index.artifacts[0], runs: read(file, in: folder))], place: "there")
      }
    }
  }

  /// What is kept with the chapters is what any reader takes.
  @Test func theRecordsOfThisRepositoryAreWhole() throws {
    let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().path
    let records = repository + "/paper/records"
    let path = "\(records)/\(PublishedIndex.fileName)"
    let index = try PublishedIndex(FileSystem.contents(of: path), place: path)
    try inFolder { scratch in
      let kept = try index.artifacts.compactMap { artifact in
        try artifact.runs.map {
          (
            artifact: artifact,
            runs: try KeptRuns($0, at: .folder(records), scratch: scratch, patience: .init())
          )
        }
      }
      #expect(!kept.isEmpty)
      let whole = try index.adding(kept, place: path)
      #expect(whole.entries.count > kept.count)
    }
  }
}
