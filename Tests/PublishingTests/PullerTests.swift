import ContentStore
import Foundation
import PublishedSamples
import Testing

@testable import Publishing

/// A store may hold what others published under the same key: what counts is what the index at hand says.
@Suite struct PullerTests {
  /// A folder with a table, published under a key that does not depend on it.
  private func publish(_ text: String, in folder: String) throws -> Puller.Item {
    try FileSystem.createFolder(folder)
    let data = Data(text.utf8)
    try data.write(to: URL(fileURLWithPath: folder + "/table"))
    let facts = Manifest.File(digest: Digest(of: data), bytes: data.count)
    let lengths = try BlobShelf(folder: folder).pack([(folder + "/table", facts)])
    let packed = try #require(lengths[facts.digest])
    let entry = try sampleEntry(
      stage: "measure", title: "metrics", file: "metrics.csv", contents: facts.digest, bytes: facts.bytes,
      packed: packed)
    return try #require(Puller.Item(entry))
  }

  private func pull(_ item: Puller.Item, from folder: String, into store: Store) throws -> String {
    let bad = try Puller(place: .folder(folder), store: store).pull(
      [item], progress: { _ in }, shouldStop: { false })
    #expect(bad.isEmpty)
    let entry = try #require(try store.entry(stage: "measure", key: item.job.key))
    return String(decoding: try FileSystem.contents(of: entry.path(of: "metrics.csv")), as: UTF8.self)
  }

  @Test func anotherFolderIsFetchedAlthoughTheKeyIsThere() throws {
    let root = FileManager.default.temporaryDirectory.path + "/barriers-pulled-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: root) }
    let store = try Store(root: root + "/store")
    let (one, other) = (try publish("1\n", in: root + "/one"), try publish("2\n", in: root + "/other"))
    #expect(one.job.key == other.job.key)
    #expect(try pull(one, from: root + "/one", into: store) == "1\n")
    #expect(try one.isHeld(by: store) && !other.isHeld(by: store))
    #expect(try pull(other, from: root + "/other", into: store) == "2\n")
    #expect(try other.isHeld(by: store) && !one.isHeld(by: store))
    #expect(try FileSystem.names(in: root + "/store/set-aside").count == 1)
    // What is there as it should be is not asked for.
    #expect(try pull(other, from: root + "/nowhere", into: store) == "2\n")
  }

  @Test func aBrokenManifestIsFetchedAnew() throws {
    let root = FileManager.default.temporaryDirectory.path + "/barriers-pulled-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: root) }
    let store = try Store(root: root + "/store")
    let item = try publish("1\n", in: root + "/one")
    _ = try pull(item, from: root + "/one", into: store)
    try Data("{".utf8).write(
      to: URL(fileURLWithPath: store.manifestPath(stage: "measure", key: item.job.key)))
    #expect(try pull(item, from: root + "/one", into: store) == "1\n")
  }
}
