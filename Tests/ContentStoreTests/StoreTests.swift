import Foundation
import Synchronization
import Testing

@testable import ContentStore

@Suite struct StoreTests {
  @Test func commitsAndFinds() throws {
    try withTemporaryFolder { folder in
      let store = try Store(root: "\(folder)/new/store/")
      let job = sampleJob()
      #expect(try store.entry(stage: "train", key: job.key) == nil)
      #expect(try FileSystem.status(store.root) == nil)
      let workspace = try store.free(job)
      try put("a,b\n", workspace.path(of: "history.csv"))
      try put("weights", workspace.path(of: "snapshots/1.safetensors"))
      try put("scratch", workspace.path(of: "checkpoint"))
      try put("scratch", workspace.path(of: "snapshots/old/x"))
      try put("log", workspace.logPath)
      let made = try workspace.commit(
        files: ["snapshots/1.safetensors", "history.csv"], wallSeconds: 2, machine: ["cores": "2"])
      let entry = try #require(try store.entry(stage: "train", key: job.key))
      #expect(entry.manifest == made.manifest)
      #expect(entry.folder == "\(folder)/new/store/train/\(job.key.prefix(2))/\(job.key)")
      #expect(store.contains(stage: "train", key: job.key))
      #expect(
        try FileSystem.files(below: entry.folder) == [
          "history.csv", "manifest.json", "snapshots/1.safetensors",
        ])
      #expect(try FileSystem.names(in: "\(entry.folder)/snapshots") == ["1.safetensors"])
      #expect(entry.manifest.job == job)
      #expect(entry.manifest.machine == ["cores": "2"])
      #expect(entry.manifest.files["history.csv"] == Manifest.File(digest: Digest(of: "a,b\n"), bytes: 4))
      #expect(try text(entry.path(of: "snapshots/1.safetensors")) == "weights")
      #expect(try text(store.logPath(stage: "train", key: job.key)) == "log")
      guard case .alreadyMade(let again) = try store.workspace(for: job) else {
        Issue.record("a made entry was offered to be made again")
        return
      }
      #expect(again.manifest == entry.manifest)
    }
  }

  @Test func unfinishedWorkIsFoundAgain() throws {
    try withTemporaryFolder { folder in
      let store = try Store(root: folder)
      try put("half", store.free(sampleJob()).path(of: "checkpoint"))
      let workspace = try store.free(sampleJob())
      #expect(try text(workspace.path(of: "checkpoint")) == "half")
      try workspace.discard()
      #expect(try FileSystem.names(in: try store.free(sampleJob()).folder) == [])
    }
  }

  @Test func badOutputsAreRefused() throws {
    try withTemporaryFolder { folder in
      let workspace = try Store(root: folder).free(sampleJob())
      try put("x", workspace.path(of: "d/x"))
      for file in ["missing", "../x", "/x", "", "d/", "d", "manifest.json", "a/./b"] {
        #expect(throws: StoreError.self) { try workspace.commit(files: [file], wallSeconds: 0) }
      }
      #expect(symlink("/etc/hostname", workspace.path(of: "link")) == 0)
      #expect(throws: StoreError.self) { try workspace.commit(files: ["link"], wallSeconds: 0) }
      _ = try workspace.commit(files: ["d/x"], wallSeconds: 0)
    }
  }

  @Test func digestsAreVerifiedOnAccess() throws {
    try withTemporaryFolder { folder in
      let store = try Store(root: folder)
      let entry = try store.make(sampleJob(), files: ["a": "1234", "b": "x", "c": "y"])
      #expect(throws: StoreError.noSuchFile(entry: entry.folder, file: "z")) { try entry.path(of: "z") }
      _ = try entry.path(of: "a")
      try put("1235", "\(entry.folder)/a")
      #expect(throws: StoreError.damaged(entry: entry.folder, file: "a")) { try entry.path(of: "a") }
      try put("longer", "\(entry.folder)/b")
      #expect(throws: StoreError.damaged(entry: entry.folder, file: "b")) { try entry.path(of: "b") }
      try FileSystem.remove("\(entry.folder)/c")
      #expect(throws: StoreError.damaged(entry: entry.folder, file: "c")) { try entry.path(of: "c") }
      #expect(StoreError.damaged(entry: "e", file: "f").exitCode == 3)
    }
  }

  @Test func setAsideMakesRoom() throws {
    try withTemporaryFolder { folder in
      let store = try Store(root: folder)
      let key = sampleJob().key
      for number in 1...3 {
        let entry = try store.make(sampleJob())
        #expect(try store.setAside(entry) == "\(folder)/set-aside/train-\(key)-\(number)")
        #expect(try store.setAside(entry) == nil)
        #expect(try store.entry(stage: "train", key: key) == nil)
      }
      let old = try store.make(sampleJob())
      try store.setAside(folder: old.folder)
      let new = try store.make(sampleJob())
      #expect(try store.setAside(old) == nil)
      #expect(try store.entry(stage: "train", key: key)?.manifest == new.manifest)
    }
  }

  @Test func brokenManifestsAreMadeAgain() throws {
    try withTemporaryFolder { folder in
      let store = try Store(root: folder)
      let job = sampleJob()
      let entry = try store.make(job)
      for contents in ["", "{}", "{\"format\":1}"] {
        try put(contents, "\(entry.folder)/manifest.json")
        #expect(throws: StoreError.damaged(entry: entry.folder, file: "manifest.json")) {
          try store.entry(stage: "train", key: job.key)
        }
        try store.make(job)
      }
      try FileSystem.remove("\(entry.folder)/manifest.json")
      #expect(try store.entry(stage: "train", key: job.key) == nil)
      try store.make(job)
      let other = try store.make(sampleJob(seed: 2))
      try put(text("\(other.folder)/manifest.json"), "\(entry.folder)/manifest.json")
      #expect(throws: StoreError.self) { try store.entry(stage: "train", key: job.key) }
      #expect(try FileSystem.names(in: "\(folder)/set-aside").count == 4)
    }
  }

  @Test func newerFormatsAreRefused() throws {
    try withTemporaryFolder { folder in
      let store = try Store(root: folder)
      let entry = try store.make(sampleJob())
      let path = "\(entry.folder)/manifest.json"
      try put("{\"format\":3,\"new\":true}", path)
      #expect(throws: StoreError.newerFormat(path: path, found: 3)) {
        try store.entry(stage: "train", key: sampleJob().key)
      }
      #expect(throws: StoreError.newerFormat(path: path, found: 3)) { try store.workspace(for: sampleJob()) }
      try put("3\n", "\(folder)/format")
      #expect(throws: StoreError.newerFormat(path: "\(folder)/format", found: 3)) { try Store(root: folder) }
    }
  }

  @Test func lockedKeysAreWaitedFor() throws {
    struct GivenUp: Error {}
    try withTemporaryFolder { folder in
      let store = try Store(root: folder)
      let workspace = try store.free(sampleJob())
      #expect(throws: GivenUp.self) {
        try store.workspace(for: sampleJob()) { wait in
          #expect(wait.isFirst)
          #expect(wait.holder == "process \(getpid()) on \(Host.name)")
          #expect(wait.description.contains("is making this"))
          throw GivenUp()
        }
      }
      try put("x", workspace.path(of: "x"))
      let acquisition = try store.workspace(for: sampleJob()) { wait in
        if wait.isFirst { _ = try workspace.commit(files: ["x"], wallSeconds: 0) }
      }
      guard case .alreadyMade = acquisition else {
        Issue.record("the finished work of another was not noticed")
        return
      }
    }
  }

  @Test func manyThreadsOneWinner() throws {
    try withTemporaryFolder { (folder) throws -> Void in
      let winners = Mutex([Int: Int]())
      let failures = Mutex([String]())
      DispatchQueue.concurrentPerform(iterations: 8) { worker in
        do {
          let store = try Store(root: folder)
          for seed in 0..<12 {
            guard case .workspace(let workspace) = try store.workspace(for: sampleJob(seed: seed)) else {
              continue
            }
            try put("\(worker)", workspace.path(of: "who"))
            let entry = try workspace.commit(files: ["who"], wallSeconds: 0)
            if try text(entry.path(of: "who")) == "\(worker)" {
              winners.withLock { $0[seed, default: 0] += 1 }
            }
          }
        } catch {
          failures.withLock { $0.append("\(error)") }
        }
      }
      #expect(failures.withLock { $0 } == [])
      #expect(winners.withLock { $0 } == Dictionary(uniqueKeysWithValues: (0..<12).map { ($0, 1) }))
      #expect(try Store(root: folder).verify() == [])
    }
  }
}
