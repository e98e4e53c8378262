import Foundation
import Testing

@testable import ContentStore

@Suite struct FileSystemTests {
  @Test func rootThatIsAFile() throws {
    try withTemporaryFolder { folder in
      try put("x", "\(folder)/file")
      #expect(throws: StoreError.rootIsFile("\(folder)/file")) { try Store(root: "\(folder)/file") }
      #expect(throws: FileSystemError.self) { try Store(root: "\(folder)/file/below") }
    }
  }

  @Test func rootThatBecomesUnwritable() throws {
    try withTemporaryFolder { folder in
      let store = try Store(root: "\(folder)/place/store")
      try put("x", "\(folder)/place")
      #expect(throws: FileSystemError.self) { try store.workspace(for: sampleJob()) }
      let system = try Store(root: "/proc/store")
      #expect(throws: FileSystemError.self) { try system.workspace(for: sampleJob()) }
      if geteuid() != 0 {
        #expect(chmod(folder, 0o555) == 0)
        let closed = try Store(root: "\(folder)/closed")
        #expect(throws: FileSystemError.notPermitted(path: "\(folder)/closed", operation: .createFolder)) {
          try closed.workspace(for: sampleJob())
        }
        #expect(chmod(folder, 0o755) == 0)
      }
    }
  }

  @Test func fullDeviceFailsTheWriter() throws {
    let writer = try FileWriter(path: "/dev/full")
    #expect(throws: FileSystemError.full(path: "/dev/full", operation: .write)) {
      try writer.write(Array("x".utf8))
    }
  }

  @Test func whatIsListedIsWhatIsThereAsLongAsNothingIsLate() throws {
    try withTemporaryFolder { folder in
      try FileSystem.createFolder(folder + "/train/ab/key")
      try FileSystem.write(Data("x".utf8), atomicallyTo: folder + "/train/ab/key/manifest.json")
      #expect(try FileSystem.isListed(folder + "/train/ab/key/manifest.json", below: folder))
      for missing in [
        "train/ab/key/other.json", "train/ab/other/manifest.json", "train/cd/key", "plot/ab/key",
      ] {
        #expect(try !FileSystem.isListed("\(folder)/\(missing)", below: folder), "\(missing)")
      }
      // What is not there is not waited for, nor is a folder without a manifest.
      let store = try Store(root: folder)
      #expect(try store.arrivingEntry(stage: "plot", key: "ab") == nil)
      try FileSystem.createFolder(folder + "/train/ef/ef01")
      #expect(try store.arrivingEntry(stage: "train", key: "ef01") == nil)
    }
  }

  @Test func atomicWritesLeaveNoScraps() throws {
    try withTemporaryFolder { folder in
      try FileSystem.write(Array("one".utf8), atomicallyTo: "\(folder)/a", durable: true)
      try FileSystem.write(Array("two".utf8), atomicallyTo: "\(folder)/a")
      #expect(try text("\(folder)/a") == "two")
      try FileSystem.createFolder("\(folder)/d/e")
      #expect(throws: FileSystemError.self) {
        try FileSystem.write(Array("x".utf8), atomicallyTo: "\(folder)/d")
      }
      #expect(try FileSystem.files(below: folder) == ["a"])
      #expect(String(decoding: try FileSystem.contents(of: "\(folder)/a"), as: UTF8.self) == "two")
    }
  }

  @Test(arguments: [
    (ENOSPC, FileSystemError.full(path: "p", operation: .sync)), (EDQUOT, .full(path: "p", operation: .sync)),
    (EACCES, .notPermitted(path: "p", operation: .sync)), (EROFS, .readOnly(path: "p", operation: .sync)),
    (ENOTDIR, .notFolder(path: "p", operation: .sync)), (ENOENT, .notFound(path: "p", operation: .sync)),
    (EIO, .failed(path: "p", operation: .sync, code: EIO)),
  ])
  func errorsSpeak(code: Int32, error: FileSystemError) {
    #expect(FileSystemError(.sync, "p", code: code) == error)
    #expect(error.description.hasPrefix("cannot sync p: "))
    #expect(error.description.contains("; "))
    #expect(!error.description.contains("\n"))
  }

  /// Needs the right to mount, which continuous integration and users rarely have.
  @Test(.enabled(if: geteuid() == 0)) func fullDiskFailsEveryStepAndLosesNothing() throws {
    try withTemporaryFolder { folder in
      let disk = "\(folder)/disk"
      try FileSystem.createFolder(disk)
      guard mount("tmpfs", disk, "tmpfs", 0, "size=256k,nr_inodes=64") == 0 else { return }
      defer { umount2(disk, Int32(MNT_DETACH)) }
      let store = try Store(root: "\(disk)/store")
      let first = try store.make(sampleJob(seed: 1))
      let workspace = try store.free(sampleJob(seed: 2))
      try put("result", workspace.path(of: "r"))
      let filler = try FileWriter(path: "\(disk)/filler")
      #expect(throws: FileSystemError.full(path: "\(disk)/filler", operation: .write)) {
        while true { try filler.write([UInt8](repeating: 1, count: 4096)) }
      }
      #expect(throws: FileSystemError.self) { try workspace.commit(files: ["r"], wallSeconds: 0) }
      #expect(try store.entry(stage: "train", key: sampleJob(seed: 2).key) == nil)
      #expect(throws: FileSystemError.self) { try store.make(sampleJob(seed: 3)) }
      #expect(try store.verify() == [])
      try FileSystem.remove("\(disk)/filler")
      try filler.close()
      _ = try workspace.commit(files: ["r"], wallSeconds: 0)
      var count = 0
      #expect(throws: FileSystemError.self) {
        while true {
          _ = try FileWriter(path: "\(disk)/\(count)")
          count += 1
        }
      }
      #expect(throws: FileSystemError.self) { try store.make(sampleJob(seed: 4)) }
      #expect(try text(first.path(of: "history.csv")) == "a\n1\n")
      #expect(try store.verify() == [])
    }
  }
}
