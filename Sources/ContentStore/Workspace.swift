import Foundation

/// The steps of a commit, each made to last before the next: a death after any of them leaves the entry absent
/// (and the work resumable) or whole.
enum CommitStep: CaseIterable, Sendable {
  case digested, manifestWritten, cleaned, synced, renamed, parentSynced
}

/// What asking for a job's workspace gives.
public enum Acquisition: Sendable {
  /// The work is the caller's.
  case workspace(Workspace)
  /// It is done already.
  case alreadyMade(Entry)
}

/// The folder in which one job's result is made, its key locked for this process.
///
/// It outlives its process: what a killed stage has left there, such as a checkpoint, is found by the next one.
/// Letting go of the value without ``commit(files:wallSeconds:machine:)`` or ``discard()`` keeps the folder too.
/// The folder is this attempt's own, whatever locks are worth: what another machine does at the same time, it does
/// elsewhere, and the first to be done gives the entry.
public final class Workspace: Sendable {
  public let job: Job
  /// `<key>.<host>-<process>-<number>.partial` beside the entry's place.
  public let folder: String
  /// `<key>.log` beside the entry's place; it stays after the commit.
  public let logPath: String
  private let store: Store
  private let lock: EntryLock
  private let lease: Lease

  init(job: Job, store: Store, lock: EntryLock, lease: Lease) {
    self.job = job
    self.store = store
    self.lock = lock
    self.lease = lease
    folder = lease.folder
    logPath = "\(store.folder(stage: job.stage, key: job.key)).log"
  }

  deinit { if lock.isHeld { lease.letGo() } }

  /// Whether another process went on with the folder, since this one was taken for dead.
  public var isLost: Bool { !lease.isHeld }

  /// Lets go of the folder, which stays.
  func letGo() { lease.letGo() }

  /// Where a file of the result is to be written.
  public func path(of file: String) -> String { "\(folder)/\(file)" }

  /// Turns the folder into the entry: whole or absent, whenever the process dies.
  ///
  /// - Parameters:
  ///   - files: every file of the result, relative to the folder; anything else there is removed.
  ///   - wallSeconds: how long the work took.
  ///   - machine: facts about the machine that no result depends on, such as the processor's name.
  /// - Returns: the entry; another process's where that came first.
  /// - Throws: ``StoreError/badOutput(workspace:file:reason:)``, ``FileSystemError``. The folder stays for a resume.
  public func commit(
    files: [String], wallSeconds: Double, machine: [String: String] = [:]
  ) throws -> Entry {
    precondition(lock.isHeld, "a workspace is committed or discarded once")
    var facts: [String: Manifest.File] = [:]
    for file in files {
      try check(name: file)
      facts[file] = try digestAndSync(file)
    }
    try store.onStep(.digested)
    let manifest = Manifest(
      format: Store.formatVersion, key: job.key, job: job, files: facts, wallSeconds: wallSeconds,
      host: Host.name,
      created: Date().ISO8601Format(), machine: machine)
    try FileSystem.write(
      StoredJSON.encode(manifest), atomicallyTo: path(of: Manifest.fileName), durable: true)
    try store.onStep(.manifestWritten)
    return try publish(manifest)
  }

  /// Turns the folder into an entry that was made elsewhere, under the manifest that was written there.
  ///
  /// - Throws: ``StoreError/damaged(entry:file:)`` for a file that is not as the manifest says, and for a manifest of
  ///   another job; ``FileSystemError``. The folder stays.
  public func commit(as manifest: Manifest) throws -> Entry {
    precondition(lock.isHeld, "a workspace is committed or discarded once")
    guard manifest.key == job.key, manifest.job.key == job.key else {
      throw StoreError.damaged(entry: folder, file: Manifest.fileName)
    }
    for (file, facts) in manifest.files where try digestAndSync(file) != facts {
      throw StoreError.damaged(entry: folder, file: file)
    }
    try FileSystem.write(
      StoredJSON.encode(manifest), atomicallyTo: path(of: Manifest.fileName), durable: true)
    return try publish(manifest)
  }

  /// Removes the folder: the next attempt starts afresh.
  public func discard() throws {
    precondition(lock.isHeld, "a workspace is committed or discarded once")
    lease.stop()
    try FileSystem.remove(folder)
    lock.release()
  }

  /// Completes a commit that died after its manifest was written, if every file is still as recorded.
  func resumeCommit() throws -> Entry? {
    guard try FileSystem.status(path(of: Manifest.fileName)) != nil else { return nil }
    if let manifest = try? Manifest.read(path(of: Manifest.fileName)), manifest.key == job.key,
      manifest.files.allSatisfy({ (try? digestAndSync($0.key)) == $0.value })
    {
      return try publish(manifest)
    }
    try FileSystem.remove(path(of: Manifest.fileName))
    return nil
  }

  private func publish(_ manifest: Manifest) throws -> Entry {
    lease.stop()
    // The lease goes last: a folder without one is anybody's, and this one is about to be an entry.
    try removeUnlisted(
      below: "", keeping: Set(manifest.files.keys).union([Manifest.fileName, Lease.fileName]))
    try store.onStep(.cleaned)
    try syncFolders(below: folder)
    try store.onStep(.synced)
    let place = store.folder(stage: job.stage, key: job.key)
    do {
      try FileSystem.rename(folder, to: place)
    } catch let error as FileSystemError {
      // Where locks do not reach across machines, the first one wins. Not every file system says so by the same error.
      if (try? store.arrivingEntry(stage: job.stage, key: job.key)) != nil {
        try FileSystem.remove(folder)
      } else if case .failed(_, _, let code) = error, code == EEXIST || code == ENOTEMPTY {
        _ = try store.moveAside(place)
        try FileSystem.rename(folder, to: place)
      } else {
        throw error
      }
    }
    try FileSystem.remove("\(place)/\(Lease.fileName)")
    try store.onStep(.renamed)
    try FileSystem.syncFolder(FileSystem.parent(of: place))
    try store.onStep(.parentSynced)
    lock.release()
    guard let entry = try store.arrivingEntry(stage: job.stage, key: job.key) else {
      throw StoreError.damaged(entry: place, file: Manifest.fileName)
    }
    return entry
  }

  /// Whether a path leads to a file in the folder that it is relative to, or below.
  static func isPlain(_ file: String) -> Bool {
    file.split(separator: "/", omittingEmptySubsequences: false)
      .allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." && !$0.contains("\0") }
  }

  private func check(name file: String) throws {
    guard Self.isPlain(file), file != Manifest.fileName else {
      throw StoreError.badOutput(workspace: folder, file: file, reason: "not a name for a file of an entry")
    }
  }

  private func digestAndSync(_ file: String) throws -> Manifest.File {
    let path = path(of: file)
    guard let status = try FileSystem.status(path) else {
      throw StoreError.badOutput(workspace: folder, file: file, reason: "it was not written")
    }
    guard status.isFile else {
      throw StoreError.badOutput(workspace: folder, file: file, reason: "it is not a regular file")
    }
    return try FileSystem.withDescriptor(reading: path) { descriptor in
      // First to the disk, then read back: what the manifest says is what lies there.
      try FileSystem.check(.sync, path) { Int(fsync(descriptor)) }
      let facts = try Digest.read(descriptor: descriptor, path: path)
      guard facts.bytes == (try FileSystem.status(descriptor: descriptor, path: path)).bytes else {
        throw StoreError.badOutput(workspace: folder, file: file, reason: "it changes while it is committed")
      }
      return Manifest.File(digest: facts.digest, bytes: facts.bytes)
    }
  }

  /// Removes files that are not kept and folders that are left empty.
  private func removeUnlisted(below relative: String, keeping kept: Set<String>) throws {
    let here = relative.isEmpty ? folder : path(of: relative)
    for name in try FileSystem.names(in: here) {
      let file = relative.isEmpty ? name : "\(relative)/\(name)"
      if kept.contains(file) { continue }
      if kept.contains(where: { $0.hasPrefix("\(file)/") }) {
        try removeUnlisted(below: file, keeping: kept)
      } else {
        try FileSystem.remove(path(of: file))
      }
    }
  }

  private func syncFolders(below folder: String) throws {
    for name in try FileSystem.names(in: folder) {
      if try FileSystem.status("\(folder)/\(name)")?.isFolder == true {
        try syncFolders(below: "\(folder)/\(name)")
      }
    }
    try FileSystem.syncFolder(folder)
  }
}
