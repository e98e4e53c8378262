import Foundation

/// Results under their content addresses: `<root>/<stage>/<2 hex>/<key>/` holds files and a manifest.
///
/// An entry is whole or absent: it is written in a folder beside its place and renamed. Any number of processes
/// may share a store; a lock for each key lets one of them do the work.
public struct Store: Sendable {
  /// Version of the layout and of keys. An increase makes every old key a miss.
  public static let formatVersion = 2

  public let root: String
  /// Called after each step of a commit, so that tests can stop there.
  let onStep: @Sendable (CommitStep) throws -> Void

  /// A store at a folder, which is made by the first ``workspace(for:whileWaiting:)``, not here.
  ///
  /// - Throws: ``StoreError/rootIsFile(_:)``, ``StoreError/newerFormat(path:found:)``, ``FileSystemError``.
  public init(root: String) throws {
    try self.init(root: root) { _ in }
  }

  init(root: String, onStep: @escaping @Sendable (CommitStep) throws -> Void) throws {
    self.root = root.count > 1 && root.hasSuffix("/") ? String(root.dropLast()) : root
    self.onStep = onStep
    try checkFormat()
  }

  /// Where an entry is, or would be.
  public func folder(stage: String, key: String) -> String {
    "\(shard(stage: stage, key: key))/\(key)"
  }

  /// The manifest's path: what a makefile can name as the target.
  public func manifestPath(stage: String, key: String) -> String {
    "\(folder(stage: stage, key: key))/\(Manifest.fileName)"
  }

  /// Where the stage that makes an entry writes its log.
  public func logPath(stage: String, key: String) -> String {
    "\(folder(stage: stage, key: key)).log"
  }

  /// Whether an entry is there, by one look at its manifest's name.
  public func contains(stage: String, key: String) -> Bool {
    access(manifestPath(stage: stage, key: key), F_OK) == 0
  }

  /// The entry, if it is there.
  ///
  /// - Throws: ``StoreError/damaged(entry:file:)`` where its manifest is broken or another entry's;
  ///   ``StoreError/newerFormat(path:found:)``; ``FileSystemError`` where it cannot be read.
  public func entry(stage: String, key: String) throws -> Entry? {
    let path = manifestPath(stage: stage, key: key)
    guard let identity = try FileSystem.status(path) else { return nil }
    let folder = folder(stage: stage, key: key)
    do {
      let manifest = try Manifest.read(path)
      guard manifest.key == key, manifest.job.stage == stage else {
        throw StoreError.damaged(entry: folder, file: Manifest.fileName)
      }
      return Entry(folder: folder, manifest: manifest, identity: identity)
    } catch StoreError.unreadable {
      throw StoreError.damaged(entry: folder, file: Manifest.fileName)
    } catch FileSystemError.notFound {
      return nil
    }
  }

  /// The entry, if it is there, looked for with fresh eyes: a network file system may remember for a while what a name
  /// was, or that there was none. A listing asks it anew.
  ///
  /// - Throws: as ``entry(stage:key:)``.
  public func freshEntry(stage: String, key: String) throws -> Entry? {
    _ = try? FileSystem.names(in: shard(stage: stage, key: key))
    _ = try? FileSystem.names(in: folder(stage: stage, key: key))
    return try entry(stage: stage, key: key)
  }

  /// The entry, if it is there or about to be seen: a file system may remember for seconds that there was nothing of a name
  /// which a listing has already, as another node has made it since. It is waited for as long as a lease would be.
  ///
  /// - Throws: as ``entry(stage:key:)``.
  public func arrivingEntry(stage: String, key: String) throws -> Entry? {
    let end = ContinuousClock.now + .seconds(Lease.patience)
    while true {
      if let entry = try freshEntry(stage: stage, key: key) { return entry }
      guard try FileSystem.isListed(manifestPath(stage: stage, key: key), below: root),
        ContinuousClock.now < end
      else { return nil }
      usleep(100_000)
    }
  }

  /// The entries of a stage, in the order of their keys; those that cannot be read are passed over.
  public func entries(stage: String) throws -> [Entry] {
    try FileSystem.names(in: "\(root)/\(stage)").filter { $0.utf8.count == 2 }.flatMap { shard in
      try FileSystem.names(in: "\(root)/\(stage)/\(shard)").filter(Self.isKey)
        .compactMap { try? entry(stage: stage, key: $0) }
    }
  }

  /// Moves an entry out of the way, to `<root>/set-aside/<stage>-<key>-<n>`, so that it is made again.
  ///
  /// - Returns: the new place; nil where another process has set it aside or rebuilt it meanwhile.
  @discardableResult
  public func setAside(_ entry: Entry) throws -> String? {
    try setAside(folder: entry.folder, ifStill: entry.identity)
  }

  /// The same for the folder that ``StoreError/damaged(entry:file:)`` names.
  @discardableResult
  public func setAside(folder: String) throws -> String? {
    try setAside(folder: folder, ifStill: nil)
  }

  /// Moves a file that is no good out of the way, to `<root>/set-aside/<name>`, in place of an earlier one.
  ///
  /// - Returns: the new place.
  public func setAside(file: String, as name: String) throws -> String {
    let place = "\(root)/\(Self.setAsideName)"
    try FileSystem.createFolder(place)
    try FileSystem.rename(file, to: "\(place)/\(name)")
    return "\(place)/\(name)"
  }

  private func setAside(folder: String, ifStill identity: FileSystem.Status?) throws -> String? {
    let lock = try EntryLock.acquire("\(folder).lock") { _ in }
    defer { lock.release() }
    if let identity, try FileSystem.status("\(folder)/\(Manifest.fileName)") != identity { return nil }
    return try moveAside(folder)
  }

  /// The caller holds the lock.
  func moveAside(_ folder: String) throws -> String? {
    let parts = folder.split(separator: "/")
    precondition(parts.count >= 3, "not the folder of an entry: \(folder)")
    let (stage, key) = (parts[parts.count - 3], parts[parts.count - 1])
    var place = "\(root)/\(Self.setAsideName)"
    try FileSystem.createFolder(place)
    for number in 1... {
      let target = "\(place)/\(stage)-\(key)-\(number)"
      if try FileSystem.status(target) != nil { continue }
      do {
        try FileSystem.rename(folder, to: target)
        return target
      } catch FileSystemError.notFound {
        return nil
      } catch FileSystemError.failed(_, _, let code) where code == EEXIST || code == ENOTEMPTY {
        continue
      } catch FileSystemError.failed(_, _, EXDEV) {
        // The stage's folder is a link to another disk: then its own place of this kind.
        place = "\(root)/\(stage)/\(Self.setAsideName)"
        try FileSystem.createFolder(place)
      }
    }
    return nil
  }

  /// Where things may have been set aside.
  func asidePlaces() throws -> [String] {
    try ["\(root)/\(Self.setAsideName)"]
      + FileSystem.names(in: root).filter(Self.isName).map { "\(root)/\($0)/\(Self.setAsideName)" }
      .filter(FileSystem.leadsToFolder)
  }

  func shard(stage: String, key: String) -> String {
    "\(root)/\(stage)/\(key.prefix(2))"
  }

  static let setAsideName = "set-aside"

  static func isName(_ stage: String) -> Bool {
    let allowed = stage.utf8.allSatisfy { byte in
      byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
        || (byte < 128
          && (Character(Unicode.Scalar(byte)).isLetter || Character(Unicode.Scalar(byte)).isNumber))
    }
    return allowed && !stage.isEmpty && stage != setAsideName
  }

  static func isKey(_ key: String) -> Bool {
    key.utf8.count == 64 && key.utf8.allSatisfy(Digest.isHexadecimal)
  }
}

/// The file `<root>/format`, which keeps older programs from a newer store.
extension Store {
  private var formatPath: String { "\(root)/format" }

  private func checkFormat() throws {
    var buffer = stat()
    if stat(root, &buffer) == 0 && !FileSystem.Status(buffer).isFolder { throw StoreError.rootIsFile(root) }
    let data: Data
    do {
      data = try FileSystem.contents(of: formatPath)
    } catch FileSystemError.notFound {
      return
    }
    let text = String(decoding: data, as: UTF8.self).filter { !$0.isWhitespace }
    guard let found = Int(text) else {
      throw StoreError.unreadable(path: formatPath, reason: "it should hold one number")
    }
    if found > Self.formatVersion { throw StoreError.newerFormat(path: formatPath, found: found) }
  }

  /// Makes the root and says its format, once.
  func prepareRoot() throws {
    try FileSystem.createFolder(root)
    if access(formatPath, F_OK) != 0 {
      try FileSystem.write(Data("\(Self.formatVersion)\n".utf8), atomicallyTo: formatPath, durable: true)
    }
  }
}
