import Foundation
import Synchronization

/// The word that somebody is at work in a folder, renewed as long as that is so: a file in it with host, process and a
/// beat.
///
/// A lock tells the same, where it reaches: on many clusters a lock is seen on its own node only. A lease needs nothing but
/// files. It is no lock: two that see nothing of one another may both work, each in a folder of its own.
final class Lease: Sendable {
  static let fileName = "lease"

  /// Seconds after which an unchanged lease of another host counts as left behind. Set for tests.
  static let patience: Double = {
    let text = ProcessInfo.processInfo.environment["BARRIERS_LEASE_SECONDS"]
    return text.flatMap(Double.init).map { min(max($0, 0.1), 86_400) } ?? 60
  }()

  /// What the file says.
  struct Holder: Codable, Hashable {
    var host: String
    /// The running kernel's own name: another one, and the machine has been started anew.
    var boot: String
    var process: Int32
    /// When the process began, in ticks since then; a number may go to another process.
    var began: Int
    var beat: Int

    static var this: Holder {
      Holder(
        host: Host.name, boot: Self.kernel, process: getpid(), began: Self.beginning(of: getpid()) ?? 0,
        beat: 0)
    }

    private static let kernel: String = {
      let data = FileManager.default.contents(atPath: "/proc/sys/kernel/random/boot_id") ?? Data()
      return String(decoding: data, as: UTF8.self).filter { !$0.isWhitespace }
    }()

    /// - Returns: nil where there is no such process.
    private static func beginning(of process: Int32) -> Int? {
      guard let data = FileManager.default.contents(atPath: "/proc/\(process)/stat") else { return nil }
      // The name, in brackets, may hold anything; the 22nd field is the 20th behind it.
      let fields = String(decoding: data, as: UTF8.self).split(separator: ")").last?.split(separator: " ")
      return fields.flatMap { $0.count > 19 ? Int($0[19]) : nil }
    }

    /// Whether the process runs; nil where that cannot be seen from here.
    var isRunning: Bool? {
      guard host == Host.name, boot == Self.kernel else { return nil }
      return Self.beginning(of: process) == began
    }

    var words: String { "process \(process) on \(host)" }
  }

  let folder: String
  private let holder: Holder

  /// Takes a folder, whoever had it.
  init(_ folder: String) throws {
    self.folder = folder
    holder = .this
    try Self.write(holder, in: folder)
    Heart.shared.begin(folder, holder)
  }

  /// Says in a folder that it is this process's, before it has the name by which others find it.
  static func sign(_ folder: String) throws { try write(.this, in: folder) }

  deinit { Heart.shared.end(folder) }

  /// Says that nobody is at work there any more.
  func letGo() {
    Heart.shared.end(folder)
    try? FileSystem.remove("\(folder)/\(Self.fileName)")
  }

  /// Stops renewing it: the folder is about to become an entry.
  func stop() { Heart.shared.end(folder) }

  /// Whether this process holds the folder still. Another one may have taken it for left behind, if this one stood still.
  var isHeld: Bool {
    guard let found = Self.holder(in: folder) else { return false }
    return found.process == holder.process && found.began == holder.began && found.host == holder.host
  }

  /// Who says to be at work in a folder; nil if nobody does.
  static func holder(in folder: String) -> Holder? {
    // Opened anew each time, which is when network file systems look for what is new.
    guard let data = try? FileSystem.contents(of: "\(folder)/\(fileName)") else { return nil }
    return try? JSONDecoder().decode(Holder.self, from: data)
  }

  fileprivate static func write(_ holder: Holder, in folder: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    try FileSystem.write(encoder.encode(holder), atomicallyTo: "\(folder)/\(fileName)")
  }

  /// Whether this very process is at work in a folder.
  static func isOurs(_ folder: String) -> Bool { Heart.shared.holds(folder) }

  /// Whether somebody may be at work in a folder, for those who cannot wait: of other hosts, if it was renewed within ten
  /// minutes, by whichever clock.
  static func mayBeAlive(_ folder: String) -> Bool {
    guard let holder = holder(in: folder) else { return false }
    if holder.process == getpid(), holder.isRunning == true { return isOurs(folder) }
    if let isRunning = holder.isRunning { return isRunning }
    guard let modified = (try? FileSystem.status("\(folder)/\(fileName)"))?.modified else { return false }
    return abs(Date().timeIntervalSince1970 - Double(modified) * 1e-9) < max(600, patience)
  }
}

/// Watches leases until it is clear whether their holders live.
struct LeaseWatch {
  private var seen: [String: (holder: Lease.Holder, since: ContinuousClock.Instant)] = [:]

  /// Who is at work in a folder; nil if nobody is, or not any more.
  mutating func living(in folder: String) -> Lease.Holder? {
    guard let holder = Lease.holder(in: folder) else { return nil }
    if let isRunning = holder.isRunning {
      if holder.process == getpid(), isRunning { return Lease.isOurs(folder) ? holder : nil }
      return isRunning ? holder : nil
    }
    let now = ContinuousClock.now
    guard let last = seen[folder], last.holder == holder else {
      seen[folder] = (holder, now)
      return holder
    }
    return now - last.since < .seconds(Lease.patience) ? holder : nil
  }
}

/// Renews the leases of this process.
private final class Heart: Sendable {
  static let shared = Heart()

  private let leases = Mutex<(held: [String: Lease.Holder], isBeating: Bool)>(([:], false))

  func begin(_ folder: String, _ holder: Lease.Holder) {
    let isBeating = leases.withLock { leases in
      leases.held[folder] = holder
      defer { leases.isBeating = true }
      return leases.isBeating
    }
    guard !isBeating else { return }
    Thread.detachNewThread {
      while true {
        Thread.sleep(forTimeInterval: Lease.patience / 6)
        self.beat()
      }
    }
  }

  func end(_ folder: String) { leases.withLock { $0.held[folder] = nil } }

  func holds(_ folder: String) -> Bool { leases.withLock { $0.held[folder] != nil } }

  private func beat() {
    leases.withLock { leases in
      for (folder, var holder) in leases.held {
        holder.beat += 1
        leases.held[folder] = holder
        // A folder that is not there any more was taken; whoever works in it finds out.
        try? Lease.write(holder, in: folder)
      }
    }
  }
}
