import Foundation
import Testing

@testable import ContentStore

/// Deaths in the middle of a commit: the entry is whole or absent, and the next attempt succeeds.
@Suite struct CrashTests {
  private struct Stop: Error {}

  @Test(arguments: CommitStep.allCases) func everyStopLeavesWholeOrAbsent(step: CommitStep) throws {
    try withTemporaryFolder { folder in
      let stopping = try Store(root: folder) { if $0 == step { throw Stop() } }
      do {
        let workspace = try stopping.free(sampleJob())
        try put("result", workspace.path(of: "a/result"))
        try put("state", workspace.path(of: "checkpoint"))
        #expect(throws: Stop.self) { try workspace.commit(files: ["a/result"], wallSeconds: 1) }
      }
      try expectWholeOrAbsent(step, folder)
    }
  }

  @Test(arguments: CommitStep.allCases) func killedProcessLeavesWholeOrAbsent(step: CommitStep) async throws {
    let folder = FileManager.default.temporaryDirectory.path + "/store-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let name = "\(step)"
    await #expect(processExitsWith: .signal(SIGKILL)) { [folder = folder as String, name = name as String] in
      let store = try Store(root: folder) { if "\($0)" == name { kill(getpid(), SIGKILL) } }
      let workspace = try store.free(sampleJob())
      try put("result", workspace.path(of: "a/result"))
      try put("state", workspace.path(of: "checkpoint"))
      _ = try workspace.commit(files: ["a/result"], wallSeconds: 1)
    }
    try expectWholeOrAbsent(step, folder)
  }

  private func expectWholeOrAbsent(_ step: CommitStep, _ folder: String) throws {
    let store = try Store(root: folder)
    let isPublished = step == .renamed || step == .parentSynced
    #expect(try (store.entry(stage: "train", key: sampleJob().key) != nil) == isPublished)
    #expect(try store.verify() == [])
    switch try store.workspace(for: sampleJob()) {
    case .workspace(let workspace):
      #expect(step == .digested)
      #expect(try text(workspace.path(of: "checkpoint")) == "state")
      _ = try workspace.commit(files: ["a/result"], wallSeconds: 1)
    case .alreadyMade:
      #expect(step != .digested)
    }
    let entry = try #require(try store.entry(stage: "train", key: sampleJob().key))
    #expect(try text(entry.path(of: "a/result")) == "result")
    #expect(try FileSystem.files(below: entry.folder) == ["a/result", "manifest.json"])
    #expect(try store.verify() == [])
  }

  @Test(arguments: 0..<6) func killedAtAnyInstant(attempt: Int) async throws {
    let folder = FileManager.default.temporaryDirectory.path + "/store-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    await #expect(processExitsWith: .signal(SIGKILL)) {
      [folder = folder as String, attempt = attempt as Int] in
      let store = try Store(root: folder)
      for seed in 0... {
        if seed == attempt + 1 {
          Thread.detachNewThread {
            usleep(UInt32(1_300 * attempt))
            kill(getpid(), SIGKILL)
          }
        }
        try store.make(sampleJob(seed: seed), files: ["a": "\(seed)", "d/b": "x\(seed)"])
      }
    }
    let store = try Store(root: folder)
    #expect(try store.verify() == [])
    let places = try store.places().filter { $0.kind == .entry }
    #expect(places.count > attempt)
    for place in places {
      let entry = try #require(try store.entry(stage: place.stage, key: place.key))
      #expect(Set(entry.manifest.files.keys) == ["a", "d/b"])
    }
    for seed in 0..<3 {
      if case .workspace(let workspace) = try store.workspace(for: sampleJob(seed: seed)) {
        try put("\(seed)", workspace.path(of: "a"))
        _ = try workspace.commit(files: ["a"], wallSeconds: 0)
      }
    }
  }

  @Test func twoProcessesShareAStore() async throws {
    let folder = FileManager.default.temporaryDirectory.path + "/store-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    @Sendable func work() async {
      await #expect(processExitsWith: .success) { [folder = folder as String] in
        let store = try Store(root: folder)
        for seed in 0..<40 {
          guard case .workspace(let workspace) = try store.workspace(for: sampleJob(seed: seed)) else {
            continue
          }
          try put("\(getpid())", workspace.path(of: "who"))
          let entry = try workspace.commit(files: ["who"], wallSeconds: 0)
          guard try text(entry.path(of: "who")) == "\(getpid())" else { exit(1) }
        }
      }
    }
    async let first: Void = work()
    async let second: Void = work()
    _ = await (first, second)
    let store = try Store(root: folder)
    #expect(try store.verify() == [])
    #expect(try store.places().filter { $0.kind == .entry }.count == 40)
    #expect(try store.places().filter { $0.kind == .partial }.isEmpty)
  }

  @Test func interruptedCommitWithChangedFileStartsAgain() throws {
    try withTemporaryFolder { folder in
      let stopping = try Store(root: folder) { if $0 == .manifestWritten { throw Stop() } }
      let partial: String
      do {
        let workspace = try stopping.free(sampleJob())
        partial = workspace.folder
        try put("result", workspace.path(of: "r"))
        #expect(throws: Stop.self) { try workspace.commit(files: ["r"], wallSeconds: 1) }
      }
      try put("resulT", "\(partial)/r")
      let workspace = try Store(root: folder).free(sampleJob())
      #expect(try FileSystem.names(in: workspace.folder) == ["lease", "r"])
    }
  }
}
