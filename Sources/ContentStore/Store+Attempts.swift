import Foundation
import Synchronization

extension Store {
  /// The folder to make a job's result in, the job's key locked for this process, or the result itself.
  ///
  /// An entry with a broken manifest is set aside here, and a commit that a death interrupted is completed. What an
  /// earlier attempt has left, if nobody is at work in it, is gone on with.
  ///
  /// - Parameter whileWaiting: called while another process makes this, at once and then about twice a second;
  ///   what it throws ends the wait.
  /// - Throws: ``StoreError``, ``FileSystemError``.
  public func workspace(
    for job: Job, whileWaiting: (LockWait) throws -> Void = { _ in }
  ) throws -> Acquisition {
    guard Self.isName(job.stage) else { throw StoreError.malformedStage(job.stage) }
    let key = job.key
    if let entry = try? entry(stage: job.stage, key: key) { return .alreadyMade(entry) }
    try prepareRoot()
    try FileSystem.createFolder(shard(stage: job.stage, key: key))
    let place = folder(stage: job.stage, key: key)
    let lock = try EntryLock.acquire("\(place).lock", whileWaiting: whileWaiting)
    var wait = AttemptWait(place: place)
    while true {
      do {
        if let entry = try entry(stage: job.stage, key: key) { return .alreadyMade(entry) }
        if try FileSystem.status(place) != nil { _ = try moveAside(place) }
      } catch StoreError.damaged {
        _ = try moveAside(place)
      }
      guard try wait.isFree(whileWaiting: whileWaiting) else { continue }
      guard let lease = try takeFolder(beside: place) else { continue }
      let workspace = Workspace(job: job, store: self, lock: lock, lease: lease)
      // Somebody may have begun, or come to an end, at the same moment.
      guard try wait.isAlone(workspace.folder), try FileSystem.status(place) == nil else {
        try workspace.yield()
        continue
      }
      if let entry = try workspace.resumeCommit() { return .alreadyMade(entry) }
      return .workspace(workspace)
    }
  }

  /// A folder for a new attempt: what an earlier one has left, the one that got furthest, or an empty one.
  ///
  /// - Returns: nil if somebody else was faster.
  private func takeFolder(beside place: String) throws -> Lease? {
    let own = "\(place).\(Self.attemptName).partial"
    var left: [(folder: String, progress: Int)] = []
    for folder in try Self.attempts(beside: place) {
      let newest = try [Manifest.fileName, "checkpoint"].compactMap {
        try FileSystem.status("\(folder)/\($0)")?.modified
      }.max()
      left.append((folder, newest ?? 0))
    }
    left.sort { ($0.progress, $0.folder) < ($1.progress, $1.folder) }
    if let best = left.popLast() {
      do { try FileSystem.rename(best.folder, to: own) } catch FileSystemError.notFound { return nil }
      for other in left { try FileSystem.remove(other.folder) }
    } else {
      try FileSystem.createFolder(own)
    }
    do { return try Lease(own) } catch FileSystemError.notFound { return nil }
  }

  /// The folders of attempts at an entry.
  static func attempts(beside place: String) throws -> [String] {
    let (parent, key) = (FileSystem.parent(of: place), FileSystem.name(of: place))
    return try FileSystem.names(in: parent).filter { $0.hasPrefix(key + ".") && $0.hasSuffix(".partial") }
      .map { "\(parent)/\($0)" }
  }

  private static let attemptNumber = Atomic<Int>(0)

  /// No two attempts have the same.
  private static var attemptName: String {
    let host = Host.name.prefix(40).map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
    let number = attemptNumber.add(1, ordering: .relaxed).newValue
    return "\(String(host))-\(getpid())-\(number)\(String(UInt32.random(in: 0...(.max)), radix: 36))"
  }
}

extension Workspace {
  /// Leaves the work to another attempt, and what there is of it where it lies.
  fileprivate func yield() throws {
    letGo()
    // The lock of this machine is kept for the next attempt.
    if try FileSystem.names(in: folder).isEmpty { try FileSystem.remove(folder) }
  }
}

/// Waits until nobody else is at work on an entry.
private struct AttemptWait {
  let place: String
  private var watch = LeaseWatch()
  private var began: ContinuousClock.Instant?
  private var lastCall: ContinuousClock.Instant?

  init(place: String) { self.place = place }

  /// Whether nobody is at work; if somebody is, after a pause.
  mutating func isFree(whileWaiting: (LockWait) throws -> Void) throws -> Bool {
    for folder in try Store.attempts(beside: place) {
      guard let holder = watch.living(in: folder) else { continue }
      let now = ContinuousClock.now
      if lastCall.map({ now - $0 >= .seconds(0.5) }) ?? true {
        let seconds = began.map { Double((now - $0).components.seconds) } ?? 0
        try whileWaiting(
          LockWait(path: folder, holder: holder.words, isFirst: lastCall == nil, seconds: seconds))
        lastCall = now
      }
      began = began ?? now
      usleep(UInt32(min(250_000, Lease.patience * 1e6 / 20)))
      return false
    }
    return true
  }

  /// Whether no other attempt began at the same moment, or this one is to go on: an attempt that has worked for a while
  /// does, and of two that have just begun the one whose name comes first.
  mutating func isAlone(_ folder: String) throws -> Bool {
    for other in try Store.attempts(beside: place) where other != folder {
      guard let holder = watch.living(in: other) else { continue }
      if holder.beat > 0 || other < folder { return false }
    }
    return true
  }
}
