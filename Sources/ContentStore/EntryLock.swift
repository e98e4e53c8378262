import Foundation
import Synchronization

/// An exclusive `flock` on a file beside an entry, let go by ``release()``, by the last reference or by death.
///
/// Lock files stay after a commit: removing one while another process waits on it would let two in. Pruning
/// removes them with the lock held, and whoever takes a lock makes sure that its file is still the one of that
/// name.
final class EntryLock: Sendable {
  let path: String
  private let descriptor: Mutex<Int32>

  private init(path: String, descriptor: Int32) {
    self.path = path
    self.descriptor = Mutex(descriptor)
  }

  deinit { release() }

  var isHeld: Bool { descriptor.withLock { $0 >= 0 } }

  func release() {
    descriptor.withLock { descriptor in
      if descriptor >= 0 { close(descriptor) }
      descriptor = -1
    }
  }

  /// The lock, or nil where another process (or another part of this one) holds it.
  static func attempt(_ path: String) throws -> EntryLock? {
    while true {
      let flags = O_RDWR | O_CREAT | O_CLOEXEC
      let descriptor = Int32(try FileSystem.check(.createFile, path) { Int(open(path, flags, 0o666)) })
      let lock = EntryLock(path: path, descriptor: descriptor)
      do {
        try FileSystem.check(.lock, path) { Int(flock(descriptor, LOCK_EX | LOCK_NB)) }
      } catch FileSystemError.failed(_, _, EWOULDBLOCK) {
        return nil
      }
      let held = try FileSystem.status(descriptor: descriptor, path: path)
      guard let named = try FileSystem.status(path), named.inode == held.inode, named.device == held.device
      else {
        continue
      }
      try lock.sign()
      return lock
    }
  }

  /// Whether somebody holds the lock, found out without making its file.
  static func isHeld(_ path: String) throws -> Bool {
    guard try FileSystem.status(path) != nil else { return false }
    return try FileSystem.withDescriptor(reading: path) { descriptor in
      do {
        try FileSystem.check(.lock, path) { Int(flock(descriptor, LOCK_SH | LOCK_NB)) }
        return false
      } catch FileSystemError.failed(_, _, EWOULDBLOCK) {
        return true
      }
    }
  }

  /// The lock, waited for as long as it takes; `whileWaiting` is called at once and then twice a second, and ends
  /// the wait by throwing.
  static func acquire(_ path: String, whileWaiting: (LockWait) throws -> Void) throws -> EntryLock {
    var seconds = 0.0
    var pause = 0.01
    var lastCall: Double?
    while true {
      if let lock = try attempt(path) { return lock }
      if lastCall.map({ seconds - $0 >= 0.5 }) ?? true {
        let holder = (try? FileSystem.contents(of: path)).map { String(decoding: $0, as: UTF8.self) } ?? ""
        try whileWaiting(LockWait(path: path, holder: holder, isFirst: lastCall == nil, seconds: seconds))
        lastCall = seconds
      }
      usleep(UInt32(pause * 1e6))
      seconds += pause
      pause = min(pause * 1.5, 0.25)
    }
  }

  /// Leaves a word for those who wait.
  private func sign() throws {
    let text = Array("process \(getpid()) on \(Host.name)".utf8)
    try descriptor.withLock { descriptor in
      // Not emptied first: ext4 takes that for a file being replaced and writes it out on close.
      try FileSystem.check(.write, path) { pwrite(descriptor, text, text.count, 0) }
      _ = try FileSystem.check(.write, path) { Int(ftruncate(descriptor, off_t(text.count))) }
    }
  }
}

/// News for somebody who waits for a lock.
public struct LockWait: Sendable, CustomStringConvertible {
  /// The lock file.
  public let path: String
  /// Who holds it, such as `process 4711 on node3`; empty where unknown.
  public let holder: String
  /// True on the first of the calls, for those who want to say it once.
  public let isFirst: Bool
  /// For how long, in seconds.
  public let seconds: Double

  public var description: String {
    "\(holder.isEmpty ? "another process" : holder) is making this; waiting for \(path)"
  }
}

enum Host {
  /// The machine's name.
  static var name: String {
    var buffer = [CChar](repeating: 0, count: 256)
    guard gethostname(&buffer, buffer.count - 1) == 0 else { return "unknown" }
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
