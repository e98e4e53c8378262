import Foundation
import Testing

@testable import ContentStore

/// Promise: where locks end at the node, two that make the same thing do each other no harm.
@Suite struct AttemptTests {
  /// As if the lock were seen on another node only.
  private func loseLock(of job: Job, in store: Store) throws {
    try FileSystem.remove(store.folder(stage: job.stage, key: job.key) + ".lock")
  }

  private func partials(_ store: Store) throws -> [String] {
    try store.places().filter { $0.kind == .partial }.map(\.path)
  }

  private func writeLease(_ folder: String, beat: Int) throws {
    let holder = Lease.Holder(host: "elsewhere", boot: "b", process: 1, began: 2, beat: beat)
    try put(String(decoding: JSONEncoder().encode(holder), as: UTF8.self), folder + "/lease")
  }

  @Test func whoIsAtWorkIsWaitedForWithoutALock() throws {
    try withTemporaryFolder { root in
      let store = try Store(root: root)
      let job = sampleJob()
      let first = try store.free(job)
      try put("1", first.path(of: "r"))
      try loseLock(of: job, in: store)
      var waits: [LockWait] = []
      let second = try store.workspace(for: job) { wait in
        waits.append(wait)
        if waits.count == 2 { _ = try first.commit(files: ["r"], wallSeconds: 0) }
      }
      guard case .alreadyMade(let entry) = second else { throw StoreError.malformedStage("not waited for") }
      #expect(try text(entry.path(of: "r")) == "1")
      #expect(waits.first?.isFirst == true && waits.first?.holder == "process \(getpid()) on \(Host.name)")
      #expect(try partials(store).isEmpty)
    }
  }

  @Test func ofTwoThatSeeNothingOfEachOtherTheFirstGivesTheEntry() throws {
    try withTemporaryFolder { root in
      let store = try Store(root: root)
      let job = sampleJob()
      let first = try store.free(job)
      try put("one", first.path(of: "r"))
      try FileSystem.rename(first.folder, to: root + "/hidden")
      try loseLock(of: job, in: store)
      let second = try store.free(job)
      #expect(second.folder != first.folder)
      try put("two", second.path(of: "r"))
      try FileSystem.rename(root + "/hidden", to: first.folder)
      let made = try second.commit(files: ["r"], wallSeconds: 0)
      let same = try first.commit(files: ["r"], wallSeconds: 0)
      #expect(try text(made.path(of: "r")) == "two" && text(same.path(of: "r")) == "two")
      #expect(try store.verify() == [] && partials(store).isEmpty)
    }
  }

  @Test func whatADeadAttemptHasLeftIsGoneOnWith() throws {
    try withTemporaryFolder { root in
      let store = try Store(root: root)
      let job = sampleJob()
      let place = store.folder(stage: job.stage, key: job.key)
      // Of the format before, and of two processes that do not run any more.
      try put("", place + ".partial/some")
      for (name, checkpoint) in [("a", false), ("b", true)] {
        var holder = Lease.Holder.this
        holder.began -= 1
        let folder = "\(place).\(name).partial"
        try put(String(decoding: JSONEncoder().encode(holder), as: UTF8.self), folder + "/lease")
        if checkpoint { try put("far", folder + "/checkpoint") }
      }
      let workspace = try store.free(job)
      #expect(try text(workspace.path(of: "checkpoint")) == "far")
      #expect(try partials(store) == [workspace.folder])
      #expect(!workspace.isLost)
      try put("r", workspace.path(of: "r"))
      let entry = try workspace.commit(files: ["r"], wallSeconds: 0)
      #expect(try FileSystem.names(in: entry.folder) == ["manifest.json", "r"])
    }
  }

  /// In a process of its own, as patience is read once.
  @Test func anotherHostsAttemptIsTakenOverWhenNothingIsHeardOfIt() async throws {
    await #expect(processExitsWith: .success) {
      setenv("BARRIERS_LEASE_SECONDS", "1", 1)
      try withTemporaryFolder { root in
        let store = try Store(root: root)
        let job = sampleJob()
        let folder = store.folder(stage: job.stage, key: job.key) + ".there-1-1.partial"
        let tests = AttemptTests()
        try put("far", folder + "/checkpoint")
        try tests.writeLease(folder, beat: 0)
        var calls = 0
        let start = ContinuousClock.now
        guard
          case .workspace(let workspace) = try store.workspace(
            for: job,
            whileWaiting: { wait in
              calls += 1
              // Alive for a while.
              if calls < 4 { try tests.writeLease(folder, beat: calls) }
              guard wait.holder == "process 1 on elsewhere" else { exit(2) }
            })
        else { exit(3) }
        guard ContinuousClock.now - start > .seconds(2), calls > 4 else { exit(4) }
        guard try text(workspace.path(of: "checkpoint")) == "far" else { exit(5) }
        // What it would write now has no place, and it knows.
        guard try FileSystem.status(folder) == nil else { exit(6) }
        // The lease is renewed meanwhile.
        Thread.sleep(forTimeInterval: 1)
        guard let holder = Lease.holder(in: workspace.folder), holder.beat > 1, !workspace.isLost else {
          exit(7)
        }
        try FileSystem.rename(workspace.folder, to: folder)
        guard workspace.isLost else { exit(8) }
      }
    }
  }

  /// A new folder is never seen without its lease, which would make it anybody's.
  @Test func manyThatBeginAtOnceDoNotFail() async throws {
    let root = FileManager.default.temporaryDirectory.path + "/attempts-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: root) }
    let store = try Store(root: root)
    for round in 0..<8 {
      let job = sampleJob(seed: round)
      // What died long ago, of which each takes the best and removes the others.
      for name in ["a", "b", "c"] {
        try put("far", store.folder(stage: job.stage, key: job.key) + ".\(name).partial/checkpoint")
      }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<4 {
          group.addTask {
            while true {
              // As if each were on a node of its own.
              try? FileSystem.remove(store.folder(stage: job.stage, key: job.key) + ".lock")
              guard case .workspace(let workspace) = try store.workspace(for: job) else { return }
              do {
                // Not by a call that would make the folder again.
                try Data("same".utf8).write(to: URL(fileURLWithPath: workspace.path(of: "r")))
                _ = try workspace.commit(files: ["r"], wallSeconds: 0)
              } catch {
                // Taken by another, which it is told of.
                guard workspace.isLost else { throw error }
                continue
              }
              return
            }
          }
        }
        try await group.waitForAll()
      }
      let entry = try #require(try store.entry(stage: job.stage, key: job.key))
      #expect(try text(entry.path(of: "r")) == "same")
      #expect(!FileManager.default.fileExists(atPath: root + "/set-aside"))
    }
    #expect(try store.verify() == [])
  }

  /// Where a process dies between the rename and the end of its lease.
  @Test func aLeaseInAnEntryIsNoDamage() throws {
    try withTemporaryFolder { root in
      let store = try Store(root: root)
      let workspace = try store.free(sampleJob())
      try put("1", workspace.path(of: "r"))
      let entry = try workspace.commit(files: ["r"], wallSeconds: 0)
      try writeLease(entry.folder, beat: 3)
      #expect(try store.verify() == [])
    }
  }

  @Test func aStoppedAttemptIsFreeAtOnce() throws {
    try withTemporaryFolder { root in
      let store = try Store(root: root)
      var folder = ""
      do {
        let workspace = try store.free(sampleJob())
        try put("far", workspace.path(of: "checkpoint"))
        folder = workspace.folder
        #expect(Lease.mayBeAlive(folder))
      }
      #expect(Lease.holder(in: folder) == nil && !Lease.mayBeAlive(folder))
      #expect(try text(store.free(sampleJob()).path(of: "checkpoint")) == "far")
    }
  }

  @Test func pruningLeavesAloneWhatIsMadeOnAnotherNode() throws {
    try withTemporaryFolder { root in
      let store = try Store(root: root)
      let job = sampleJob()
      let folder = store.folder(stage: job.stage, key: job.key) + ".there-1-1.partial"
      try put("far", folder + "/checkpoint")
      try writeLease(folder, beat: 0)
      #expect(try store.prune(keeping: []).removed.isEmpty)
      try FileSystem.remove(folder + "/lease")
      #expect(try store.prune(keeping: []).removed == [folder])
    }
  }
}
