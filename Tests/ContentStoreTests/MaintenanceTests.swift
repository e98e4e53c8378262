import Foundation
import Testing

@testable import ContentStore

@Suite struct MaintenanceTests {
  @Test func verifyNamesEveryDamage() throws {
    try withTemporaryFolder { folder in
      let store = try Store(root: folder)
      let good = try store.make(sampleJob(seed: 1))
      let bad = try store.make(sampleJob(seed: 2), files: ["a": "1", "b": "2", "c": "3"])
      let broken = try store.make(sampleJob(seed: 3))
      let bare = try store.make(sampleJob(seed: 4, stage: "measure"))
      try put("x", "\(bad.folder)/a")
      try FileSystem.remove("\(bad.folder)/b")
      try put("y", "\(bad.folder)/d/e")
      try put("{", "\(broken.folder)/manifest.json")
      try FileSystem.remove("\(bare.folder)/manifest.json")
      var reports: [VerificationProgress] = []
      let damages = try store.verify { reports.append($0) }
      #expect(reports.map(\.entries) == [1, 2, 3, 4])
      #expect(reports.allSatisfy { $0.total == 4 })
      #expect(damages.count == 3)
      let found = Dictionary(uniqueKeysWithValues: damages.map { ($0.entry, $0) })
      #expect(found[bad.folder]?.changed == ["a"])
      #expect(found[bad.folder]?.missing == ["b"])
      #expect(found[bad.folder]?.extra == ["d/e"])
      #expect(found[bad.folder]?.manifest == nil)
      let aside = "\(folder)/set-aside/train-\(sampleJob(seed: 2).key)-1"
      #expect(
        found[bad.folder]?.description
          == "\(bad.folder): missing b; extra d/e; changed a; set aside as \(aside)")
      #expect(found[broken.folder]?.manifest == "broken manifest")
      #expect(found[bare.folder]?.manifest == "no manifest")
      #expect(try FileSystem.status(aside) != nil)
      #expect(try store.entry(stage: "train", key: sampleJob(seed: 1).key)?.manifest == good.manifest)
      #expect(try store.verify() == [])
      try store.make(sampleJob(seed: 2))
    }
  }

  @Test func aLinkedStageIsVerifiedPrunedAndSetAsideToo() throws {
    try withTemporaryFolder { folder in
      let store = try Store(root: folder + "/store")
      let job = sampleJob(seed: 1)
      let entry = try store.make(job, files: ["a": "1"])
      let gone = try store.make(sampleJob(seed: 2))
      try FileSystem.rename("\(folder)/store/train", to: "\(folder)/elsewhere")
      try FileManager.default.createSymbolicLink(
        atPath: "\(folder)/store/train", withDestinationPath: "\(folder)/elsewhere")
      var total = 0
      #expect(try store.verify { total = $0.total } == [])
      #expect(total == 2)
      #expect(try store.prune(keeping: [job.key]).removed.contains(gone.folder))
      try put("x", "\(entry.folder)/a")
      #expect(try store.verify().map(\.changed) == [["a"]])
      #expect(!store.contains(stage: "train", key: job.key))
      #expect(try store.prune(keeping: [job.key]).removed.contains { $0.contains("set-aside") })
    }
  }

  @Test func marksOfOtherSystemsAreNoDamage() throws {
    try withTemporaryFolder { folder in
      let store = try Store(root: folder)
      let entry = try store.make(sampleJob(seed: 1))
      try put("", "\(entry.folder)/.DS_Store")
      try put("", "\(entry.folder)/._a")
      try put("", "\(folder)/train/.DS_Store")
      #expect(try store.verify() == [])
    }
  }

  @Test func aStoreThatIsNotThereCannotBeVerified() throws {
    try withTemporaryFolder { folder in
      let store = try Store(root: folder + "/none")
      #expect(throws: StoreError.absent(folder + "/none")) { try store.verify() }
      #expect(try FileSystem.status(folder + "/none") == nil)
    }
  }

  @Test func verifyChecksTheKeyItself() throws {
    try withTemporaryFolder { folder in
      let store = try Store(root: folder)
      let entry = try store.make(sampleJob())
      let path = "\(entry.folder)/manifest.json"
      try put(try text(path).replacing("\"seed\" : 1", with: "\"seed\" : 2"), path)
      #expect(try store.verify().map(\.manifest) == ["the manifest's job has another key"])
    }
  }

  @Test func pruneRemovesTheRest() throws {
    try withTemporaryFolder { folder in
      let store = try Store(root: folder)
      let kept = sampleJob(seed: 1)
      let other = sampleJob(seed: 2)
      let resumable = sampleJob(seed: 3)
      let abandoned = sampleJob(seed: 4)
      let busy = sampleJob(seed: 5)
      try store.make(kept)
      try put("old", "\(store.folder(stage: "train", key: kept.key)).partial/checkpoint")
      let gone = try store.make(other, files: ["a": "12345"])
      try put("log", store.logPath(stage: "train", key: other.key))
      var left: [String] = []
      for job in [resumable, abandoned] {
        let workspace = try store.free(job)
        left.append(workspace.folder)
        try put("c", workspace.path(of: "checkpoint"))
      }
      let working = try store.free(busy)
      try store.setAside(store.make(sampleJob(seed: 6)))
      let keys: Set = [kept.key, resumable.key]

      let before = try FileSystem.files(below: folder)
      let plan = try store.prune(keeping: keys, dryRun: true)
      #expect(try FileSystem.files(below: folder) == before)
      let report = try store.prune(keeping: keys)
      #expect(Set(report.removed) == Set(plan.removed))
      #expect(report.bytes == plan.bytes)
      let manifestBytes = before.contains { $0.hasSuffix("\(other.key)/manifest.json") }
      #expect(manifestBytes && report.bytes > 5)
      let prefix = { (job: Job) in store.folder(stage: "train", key: job.key) }
      #expect(
        Set(report.removed) == [
          prefix(kept) + ".partial", gone.folder, gone.folder + ".log", left[1],
          "\(folder)/set-aside/train-\(sampleJob(seed: 6).key)-1",
        ])
      #expect(try store.entry(stage: "train", key: kept.key) != nil)
      #expect(try store.entry(stage: "train", key: other.key) == nil)
      #expect(try FileSystem.status(left[0]) != nil)
      #expect(try FileSystem.status(prefix(other) + ".lock") == nil)
      #expect(try FileSystem.status(prefix(sampleJob(seed: 6)) + ".lock") == nil)
      try put("x", working.path(of: "x"))
      _ = try working.commit(files: ["x"], wallSeconds: 0)
      #expect(try store.prune(keeping: keys).removed == [prefix(busy)])
      #expect(try store.prune(keeping: keys) == PruneReport(removed: [], bytes: 0))
    }
  }

  @Test func aLockRemovedByPruningIsNotHeldTwice() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/k.lock"
      let first = try #require(try EntryLock.attempt(path))
      #expect(try EntryLock.attempt(path) == nil)
      #expect(try EntryLock.isHeld(path))
      try FileSystem.remove(path)
      let second = try #require(try EntryLock.attempt(path))
      first.release()
      #expect(try EntryLock.attempt(path) == nil)
      second.release()
      #expect(try !EntryLock.isHeld(path))
      #expect(try !EntryLock.isHeld("\(folder)/none"))
    }
  }
}
