import Foundation
import Testing

@testable import ContentStore

/// Files of an entry that go when they have served their purpose.
@Suite struct ReleaseTests {
  private let files = ["history.csv": "h", "snapshots/1": "one", "snapshots/2": "three"]
  private let isFirst: (String) -> Bool = { $0 == "snapshots/1" }

  @Test func theRestStaysAWholeEntry() throws {
    try withTemporaryFolder { folder in
      let store = try Store(root: folder)
      let job = sampleJob()
      let before = try store.make(job, files: files)
      try before.requireWhole()
      #expect(try store.release(stage: "train", key: job.key, where: isFirst) == 3)
      let entry = try #require(try store.entry(stage: "train", key: job.key))
      #expect(entry.manifest.files.keys.sorted() == ["history.csv", "snapshots/2"])
      #expect(entry.manifest.released == before.manifest.files.filter { $0.key == "snapshots/1" })
      #expect(entry.manifest.wallSeconds == before.manifest.wallSeconds)
      #expect(try text(entry.path(of: "snapshots/2")) == "three")
      #expect(try FileSystem.status("\(entry.folder)/snapshots/1") == nil)
      #expect(throws: StoreError.released(entry: entry.folder)) { try entry.requireWhole() }
      #expect(try store.verify() == [])
      // Once more changes nothing, and what is not there cannot go.
      #expect(try store.release(stage: "train", key: job.key, where: isFirst) == 0)
      #expect(try store.release(stage: "train", key: sampleJob(seed: 2).key, where: isFirst) == 0)
    }
  }

  /// A death between the new manifest and the removal.
  @Test func leftoversAreNoDamageAndGoTheNextTime() throws {
    try withTemporaryFolder { folder in
      let store = try Store(root: folder)
      let job = sampleJob()
      let entry = try store.make(job, files: files)
      try store.release(stage: "train", key: job.key, where: isFirst)
      try put("one", "\(entry.folder)/snapshots/1")
      #expect(try store.verify() == [])
      #expect(try store.release(stage: "train", key: job.key, where: isFirst) == 3)
      #expect(try FileSystem.status("\(entry.folder)/snapshots/1") == nil)
    }
  }
}
