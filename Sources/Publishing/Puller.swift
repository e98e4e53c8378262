import ContentStore
import Foundation
import Synchronization
import Transfers

/// Brings results from a published folder into a store, several at once: each file is checked before its entry exists.
///
/// What is on its way lies in the entry's own unfinished folder, under the entry's lock: a later process goes on from
/// there, and two at once do not fetch anything twice.
public struct Puller: Sendable {
  /// An entry that is wanted.
  public struct Item: Sendable {
    public let job: Job
    /// What it says of itself; nil for what is an entry here alone, whose manifest is written here.
    public let manifest: Manifest?
    /// Name in the entry → the published file.
    public let files: [String: PublishedFile]

    /// A published entry; nil if one of its files is not published.
    public init?(_ entry: PublishedIndex.Entry) {
      job = entry.manifest.job
      manifest = entry.manifest
      var files: [String: PublishedFile] = [:]
      for name in entry.manifest.files.keys {
        guard let file = entry.file(name) else { return nil }
        files[name] = file
      }
      self.files = files
    }

    public init(job: Job, files: [String: PublishedFile]) {
      self.job = job
      manifest = nil
      self.files = files
    }

    var bytes: Int { files.values.map(\.length).reduce(0, +) }

    /// Whether a store holds it, file by file: others may have published other files under the same key.
    public func isHeld(by store: Store) throws -> Bool {
      do {
        return try store.entry(stage: job.stage, key: job.key).map(isWhole) ?? false
      } catch StoreError.damaged {
        return false
      }
    }

    /// Sets aside what a store has under the key, if that is something else.
    fileprivate func makeRoom(in store: Store) throws {
      do {
        guard let entry = try store.entry(stage: job.stage, key: job.key), !isWhole(entry) else { return }
        try store.setAside(entry)
      } catch StoreError.damaged(let folder, _) { try store.setAside(folder: folder) }
    }

    private func isWhole(_ entry: Entry) -> Bool {
      entry.manifest.files.mapValues(\.digest) == files.mapValues(\.digest)
    }
  }

  /// A file that is not what the index says, and where it was put.
  public struct Bad: Sendable, CustomStringConvertible {
    public let title: String
    public let reason: String
    public let setAside: String?

    public var description: String {
      "\(reason); " + (setAside.map { "set aside as \($0), and " } ?? "") + "left out: \(title)"
    }
  }

  /// How far it is, in bytes as they are sent.
  public struct Progress: Sendable {
    public let bytes: Int
    public let totalBytes: Int
    public let items: Int
    public let totalItems: Int
  }

  public let place: PublishedPlace
  public let store: Store
  public var patience = Retrieval.Patience()
  /// So many at once: more would be a burden to a small server.
  static let workers = 6

  public init(place: PublishedPlace, store: Store, patience: Retrieval.Patience = Retrieval.Patience()) {
    self.place = place
    self.store = store
    self.patience = patience
  }

  private struct State {
    var bytes = 0
    var done = 0
    var bad: [Bad] = []
  }

  /// Fetches those of the items that are not in the store. What the store has under the key of one, with other files, is
  /// set aside.
  ///
  /// - Parameter shouldStop: looked at before each file.
  /// - Returns: what was left out because its files are not what they should be.
  /// - Throws: `TransferError` for a server that cannot be reached; `FileSystemError`; `StoreError`.
  public func pull(
    _ items: [Item], progress: @escaping @Sendable (Progress) -> Void,
    shouldStop: @escaping @Sendable () -> Bool
  ) throws -> [Bad] {
    let missing = try items.filter { try !$0.isHeld(by: store) }
    for item in missing { try item.makeRoom(in: store) }
    let total = missing.map(\.bytes).reduce(0, +)
    let state = Mutex(State())
    try ParallelWork.run(
      missing.count, workers: Self.workers, shouldStop: shouldStop,
      begin: { () -> Connection? in
        // Behind an address alone is there anything to connect to.
        if case .address = place { try Connection() } else { nil }
      },
      body: { index, connection in
        let item = missing[index]
        let bad = try fetch(item, over: connection)
        let now = state.withLock { state in
          state.bytes += item.bytes
          state.done += 1
          if let bad { state.bad.append(bad) }
          return Progress(
            bytes: state.bytes, totalBytes: total, items: state.done, totalItems: missing.count)
        }
        progress(now)
      })
    return state.withLock { $0.bad.sorted { $0.title < $1.title } }
  }

  /// - Returns: what is bad about it; nil if it is in the store.
  private func fetch(_ item: Item, over connection: Connection?) throws -> Bad? {
    guard case .workspace(let workspace) = try store.workspace(for: item.job) else { return nil }
    for (name, file) in item.files.sorted(by: { $0.key < $1.key }) {
      do {
        try fetch(file, to: workspace.path(of: name), over: connection)
      } catch let error as Rejected {
        return Bad(title: item.job.title, reason: error.reason, setAside: error.setAside)
      }
    }
    if let manifest = item.manifest {
      _ = try workspace.commit(as: manifest)
    } else {
      _ = try workspace.commit(files: item.files.keys.sorted(), wallSeconds: 0)
    }
    return nil
  }

  /// A file that stays wrong.
  private struct Rejected: Error {
    let reason: String
    let setAside: String?
  }

  private func fetch(_ file: PublishedFile, to path: String, over connection: Connection?) throws {
    // What an earlier process had unpacked.
    if let status = try FileSystem.status(path), status.isFile, status.bytes == file.bytes,
      (try? Digest(file: path)) == file.digest
    {
      return
    }
    try FileSystem.createFolder((path as NSString).deletingLastPathComponent)
    let source = place.place(of: file.place)
    switch place {
    case .folder:
      do { try file.unpack(source, to: path, place: source) } catch let error as PublishingError {
        // It is not ours to move.
        throw Rejected(reason: "\(error)", setAside: nil)
      }
    case .address:
      guard let connection else { preconditionFailure("there is a connection for every address") }
      let part = path + ".part"
      for attempt in 1...2 {
        let began = (try FileSystem.status(part))?.bytes ?? 0
        do {
          try Retrieval(
            address: source, part: part, total: file.length, limit: file.length, patience: patience
          ).run(over: connection)
          try file.unpack(part, to: path, place: source)
          return try FileSystem.remove(part)
        } catch TransferError.refused(let address, let status) where (400..<500).contains(status) {
          // One file that is not there says nothing about the others.
          throw Rejected(reason: "\(TransferError.refused(address: address, status: status))", setAside: nil)
        } catch let error where error is PublishingError || Self.isTooLong(error) {
          // What lay there may have been the beginning of something else: once more, from the start.
          if began > 0, attempt == 1 {
            try FileSystem.remove(part)
            continue
          }
          throw Rejected(reason: "\(error)", setAside: try setAside(part, as: file))
        }
      }
    }
  }

  private static func isTooLong(_ error: any Error) -> Bool {
    if case TransferError.tooLong = error { true } else { false }
  }

  private func setAside(_ part: String, as file: PublishedFile) throws -> String? {
    guard try FileSystem.status(part) != nil else { return nil }
    return try store.setAside(file: part, as: "blob-\(file.digest.hex).zst")
  }
}
