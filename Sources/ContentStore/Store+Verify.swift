/// An entry that is not as it was committed.
public struct Damage: Hashable, Sendable, CustomStringConvertible {
  /// The entry's folder.
  public let entry: String
  /// Recorded files that are not there.
  public let missing: [String]
  /// Files that are not recorded.
  public let extra: [String]
  /// Recorded files with another digest.
  public let changed: [String]
  /// What is wrong with the manifest itself.
  public let manifest: String?
  /// Where the entry has been moved; nil where another process has dealt with it.
  public let setAside: String?

  public var description: String {
    var parts: [String] = []
    if let manifest { parts.append(manifest) }
    for (word, files) in [("missing", missing), ("extra", extra), ("changed", changed)] where !files.isEmpty {
      parts.append("\(word) \(files.joined(separator: ", "))")
    }
    return "\(entry): \(parts.joined(separator: "; "))" + (setAside.map { "; set aside as \($0)" } ?? "")
  }
}

/// How far a verification has come.
public struct VerificationProgress: Hashable, Sendable {
  /// Entries looked at, and all of them.
  public let entries: Int
  public let total: Int
  /// Bytes digested so far.
  public let bytes: Int
}

extension Store {
  /// Digests every file of every entry again and sets the damaged ones aside.
  ///
  /// - Throws: ``StoreError/absent(_:)``; ``StoreError/newerFormat(path:found:)``; ``FileSystemError`` where the store
  ///   cannot be read.
  public func verify(progress: (VerificationProgress) throws -> Void = { _ in }) throws -> [Damage] {
    guard try FileSystem.leadsToFolder(root) else { throw StoreError.absent(root) }
    let places = try places().filter { $0.kind == .entry }
    var damages: [Damage] = []
    var bytes = 0
    for (index, place) in places.enumerated() {
      if let damage = try check(place, bytes: &bytes) { damages.append(damage) }
      try progress(VerificationProgress(entries: index + 1, total: places.count, bytes: bytes))
    }
    return damages
  }

  private func check(_ place: Place, bytes: inout Int) throws -> Damage? {
    var missing: [String] = []
    var extra: [String] = []
    var changed: [String] = []
    var broken: String?
    var entry: Entry?
    do {
      entry = try self.entry(stage: place.stage, key: place.key)
      if entry == nil { broken = "no manifest" }
    } catch StoreError.damaged {
      // Entries of an earlier format are of no use, but not damaged; pruning drops them.
      guard !Manifest.isOld("\(place.path)/\(Manifest.fileName)") else { return nil }
      broken = "broken manifest"
    }
    if let entry {
      if entry.manifest.job.key != place.key { broken = "the manifest's job has another key" }
      for (file, facts) in entry.manifest.files.sorted(by: { $0.key < $1.key }) {
        let path = "\(place.path)/\(file)"
        guard let status = try FileSystem.status(path), status.isFile else {
          missing.append(file)
          continue
        }
        do {
          if try Digest(file: path) != facts.digest { changed.append(file) }
          bytes += status.bytes
        } catch FileSystemError.failed {
          changed.append(file)  // an unreadable sector is damage, not a reason to stop
        }
      }
      // The lease goes when the entry stands: it may be there still, or for ever if the process died just then.
      let known = Set(entry.manifest.files.keys).union([Manifest.fileName, Lease.fileName])
        .union(entry.manifest.released?.keys.map { $0 } ?? [])
      // Hidden files are the marks that other systems leave where they have looked.
      extra = try FileSystem.files(below: place.path).filter { file in
        !known.contains(file) && !file.split(separator: "/").contains { $0.hasPrefix(".") }
      }
    }
    guard broken != nil || !(missing + extra + changed).isEmpty else { return nil }
    guard try FileSystem.status(place.path) != nil else { return nil }  // pruned meanwhile
    let moved = try entry.map(setAside) ?? setAside(folder: place.path)
    return Damage(
      entry: place.path, missing: missing, extra: extra, changed: changed, manifest: broken, setAside: moved)
  }
}
