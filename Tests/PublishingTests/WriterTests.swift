import ContentStore
import Foundation
import PublishedSamples
import Testing

@testable import Publishing

/// Nobody who publishes into a folder takes anything from others who do.
@Suite final class WriterTests {
  private let folder = FileManager.default.temporaryDirectory.path + "/barriers-writer-\(UUID().uuidString)"

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// An index of what is there and one more result, its file packed.
  private func index(adding text: String, by writer: PublishedFolderWriter) throws -> PublishedIndex {
    let source = FileManager.default.temporaryDirectory.path + "/barriers-source-\(UUID().uuidString)"
    try Data(text.utf8).write(to: URL(fileURLWithPath: source))
    defer { unlink(source) }
    let facts = Manifest.File(digest: Digest(of: text), bytes: text.utf8.count)
    let packed = try #require(try writer.blobs.pack([(source, facts)])[facts.digest])
    let entry = try sampleEntry(
      stage: "train", title: text, file: "history.csv", contents: facts.digest, bytes: facts.bytes,
      packed: packed, parameters: ["text": .string(text)])
    var index = writer.earlier ?? PublishedIndex()
    index.entries = (index.entries + [entry]).sorted { $0.manifest.key < $1.manifest.key }
    return index
  }

  private func titles() throws -> Set<String> {
    Set(try #require(PublishedFolderWriter(folder: folder).earlier).entries.map(\.manifest.job.title))
  }

  private func publish(_ text: String) throws {
    let writer = try PublishedFolderWriter(folder: folder)
    try writer.finish(index(adding: text, by: writer), beside: [:])
  }

  @Test func oneComesAfterTheOther() throws {
    do {
      let writer = try PublishedFolderWriter(folder: folder)
      #expect(throws: PublishingError.busy(folder: folder)) { try PublishedFolderWriter(folder: folder) }
      try writer.finish(index(adding: "one", by: writer), beside: [:])
    }
    try publish("two")
    #expect(try titles() == ["one", "two"])
    #expect(try FileSystem.names(in: folder).sorted() == ["blobs", "index.json"], "no lock is left")
  }

  /// As by a machine that sees no locks of this one.
  @Test func whatOthersHavePublishedMeanwhileIsNotReplaced() throws {
    try publish("one")
    let writer = try PublishedFolderWriter(folder: folder)
    let ours = try index(adding: "ours", by: writer)
    let theirs = try index(adding: "theirs", by: writer).encoded()
    try theirs.write(to: URL(fileURLWithPath: folder + "/index.json"))
    #expect(throws: PublishingError.changed(folder: folder)) { try writer.finish(ours, beside: [:]) }
    #expect(try FileSystem.contents(of: folder + "/index.json") == theirs)
  }

  @Test func noIndexNamesBlobsThatAreGone() throws {
    let writer = try PublishedFolderWriter(folder: folder)
    let index = try index(adding: "one", by: writer)
    try FileSystem.remove("\(folder)/\(try #require(index.files.first).place)")
    #expect(throws: PublishingError.changed(folder: folder)) { try writer.finish(index, beside: [:]) }
    #expect(try FileSystem.status(folder + "/index.json") == nil)
  }

  @Test func blobsThatOthersAreAboutToNameStay() throws {
    try publish("one")
    let blobs = folder + "/blobs"
    #expect(try FileSystem.files(below: blobs).count == 1)
    do {
      let writer = try PublishedFolderWriter(folder: folder)
      // Somebody else packs at the same time.
      _ = try index(adding: "theirs", by: writer)
      try writer.finish(PublishedIndex(), beside: [:])
    }
    #expect(try FileSystem.files(below: blobs).count == 1, "what nobody names any more goes")
    usleep(20_000)
    do { try PublishedFolderWriter(folder: folder).finish(PublishedIndex(), beside: [:]) }
    #expect(try FileSystem.files(below: blobs).isEmpty)
  }
}
