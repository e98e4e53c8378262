/// What a pruning removed, or would remove.
public struct PruneReport: Hashable, Sendable {
  /// Folders and files, as paths.
  public let removed: [String]
  /// Bytes that they held.
  public let bytes: Int
}

/// Something in a shard folder that belongs to a key.
struct Place {
  enum Kind {
    case entry, partial, log, lock

    /// - Parameter suffix: what follows the key in the name.
    init?(suffix: String) {
      switch suffix {
      case "": self = .entry
      case ".log": self = .log
      case ".lock": self = .lock
      default:
        // A new folder has its lease before it is called partial.
        guard suffix.hasPrefix("."), suffix.hasSuffix(".partial") || suffix.hasSuffix(".new") else {
          return nil
        }
        self = .partial
      }
    }
  }

  let stage: String
  let key: String
  let kind: Kind
  let path: String
}

extension Store {
  /// Everything in the store that belongs to a key, in the order of paths.
  func places() throws -> [Place] {
    var places: [Place] = []
    for stage in try FileSystem.names(in: root) where Self.isName(stage) {
      guard try FileSystem.leadsToFolder("\(root)/\(stage)") else { continue }
      for shard in try FileSystem.names(in: "\(root)/\(stage)") where shard.utf8.count == 2 {
        let folder = "\(root)/\(stage)/\(shard)"
        guard try FileSystem.leadsToFolder(folder) else { continue }
        for name in try FileSystem.names(in: folder) {
          let key = String(name.prefix(64))
          guard Self.isKey(key), let kind = Place.Kind(suffix: String(name.dropFirst(64))) else { continue }
          places.append(Place(stage: stage, key: key, kind: kind, path: "\(folder)/\(name)"))
        }
      }
    }
    return places
  }

  /// Removes what no artifact refers to: entries, logs and unfinished work of other keys, unfinished work beside a
  /// finished entry, and everything that was set aside. Keys at work in another process are left alone, and so is
  /// unfinished work of a kept key, which its next run resumes.
  ///
  /// - Parameter dryRun: only says what would be removed.
  public func prune(keeping keys: Set<String>, dryRun: Bool = false) throws -> PruneReport {
    var removed: [String] = []
    var bytes = 0
    func drop(_ path: String) throws {
      bytes += try FileSystem.bytes(at: path)
      removed.append(path)
      if !dryRun { try FileSystem.remove(path) }
    }
    let groups = Dictionary(grouping: try places()) { folder(stage: $0.stage, key: $0.key) }
    for (place, members) in groups.sorted(by: { $0.key < $1.key }) {
      let key = FileSystem.name(of: place)
      let isMade = members.contains { $0.kind == .entry }
      let doomed = members.filter { member in
        !keys.contains(key) ? member.kind != .lock : (member.kind == .partial && isMade)
      }
      let leavesLock = keys.contains(key) || !members.contains { $0.kind == .lock }
      if doomed.isEmpty && leavesLock { continue }
      // Where locks end at the node.
      if members.contains(where: { $0.kind == .partial && Lease.mayBeAlive($0.path) }) { continue }
      if dryRun {
        if try !EntryLock.isHeld("\(place).lock") { for member in doomed { try drop(member.path) } }
        continue
      }
      guard let lock = try EntryLock.attempt("\(place).lock") else { continue }
      defer { lock.release() }
      for member in doomed where member.kind != .entry { try drop(member.path) }
      if doomed.contains(where: { $0.kind == .entry }) {
        // Renamed first: a death in the middle of the removal leaves no half entry.
        bytes += try FileSystem.bytes(at: place)
        removed.append(place)
        if let moved = try moveAside(place) { try FileSystem.remove(moved) }
      }
      if !keys.contains(key) { try FileSystem.remove("\(place).lock") }
    }
    for aside in try asidePlaces() {
      for name in try FileSystem.names(in: aside) { try drop("\(aside)/\(name)") }
    }
    return PruneReport(removed: removed, bytes: bytes)
  }
}
