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
        if try FileSystem.status(place) != nil {
          // It may have come to be there since the first look.
          if let entry = try arrivingEntry(stage: job.stage, key: key) { return .alreadyMade(entry) }
          _ = try moveAside(place)
        }
      } catch StoreError.damaged {
        _ = try moveAside(place)
      }
      guard let left = try wait.leftBehind(whileWaiting: whileWaiting) else { continue }
      // Another node's result may be in the listing before it is there by name: begun anew, its work would be done twice.
      if try FileSystem.names(in: shard(stage: job.stage, key: key)).contains(key),
        try wait.mayArrive(whileWaiting)
      {
        continue
      }
      guard let lease = try takeFolder(beside: place, of: left) else { continue }
      let workspace = Workspace(job: job, store: self, lock: lock, lease: lease)
      // Somebody may have begun, or come to an end, at the same moment.
      guard lease.isHeld else { continue }
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
  /// - Parameter found: folders in which nobody is at work. Others that have come since are somebody's.
  /// - Returns: nil if somebody else was faster.
  private func takeFolder(beside place: String, of found: [String]) throws -> Lease? {
    let name = "\(place).\(Self.attemptName)"
    let own = name + ".partial"
    var left: [(folder: String, progress: Int)] = []
    for folder in found {
      let newest = try [Manifest.fileName, "checkpoint"].compactMap {
        try FileSystem.status("\(folder)/\($0)")?.modified
      }.max()
      left.append((folder, newest ?? 0))
    }
    left.sort { ($0.progress, $0.folder) < ($1.progress, $1.folder) }
    do {
      if let best = left.popLast() {
        try FileSystem.rename(best.folder, to: own)
        for other in left { try removeAttempt(other.folder, as: name + ".gone.partial") }
      } else {
        // Without a lease it would be anybody's.
        try FileSystem.createFolder(name + ".new")
        try Lease.sign(name + ".new")
        try FileSystem.rename(name + ".new", to: own)
      }
      return try Lease(own)
    } catch FileSystemError.notFound {
      return nil
    }
  }

  /// Removes what an attempt has left. First it gets a name that nobody writes below: a folder that another process takes
  /// at the same moment would come to hold a file while it is emptied.
  private func removeAttempt(_ folder: String, as name: String) throws {
    do { try FileSystem.rename(folder, to: name) } catch FileSystemError.notFound { return }
    do { try FileSystem.remove(name) } catch FileSystemError.failed(_, _, ENOTEMPTY) {
      // Whoever comes next removes it.
    }
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
  /// When the entry was first in the listing and not there by name.
  private var listed: ContinuousClock.Instant?

  init(place: String) { self.place = place }

  /// The folders that are there if nobody is at work in any; nil, after a pause, if somebody is.
  mutating func leftBehind(whileWaiting: (LockWait) throws -> Void) throws -> [String]? {
    let folders = try Store.attempts(beside: place)
    for folder in folders {
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
      return nil
    }
    return folders
  }

  /// Waits for a moment, as long as a file system may show late what was made elsewhere.
  ///
  /// - Returns: false when that is over.
  mutating func mayArrive(_ whileWaiting: (LockWait) throws -> Void) throws -> Bool {
    let now = ContinuousClock.now
    listed = listed ?? now
    guard let listed, now - listed < .seconds(Lease.patience) else { return false }
    let seconds = Double((now - listed).components.seconds)
    try whileWaiting(LockWait(path: place, holder: "another node", isFirst: false, seconds: seconds))
    usleep(100_000)
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
