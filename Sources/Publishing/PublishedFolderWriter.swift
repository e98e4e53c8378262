import ContentStore
import Foundation
import Synchronization

/// Writes a published folder: blobs first, then the index, then what no index names any more goes. A death in between
/// leaves the old index with all of its blobs, or the new one.
public struct PublishedFolderWriter: Sendable {
  public let folder: String
  /// What lies there already; nil in a new folder.
  public let earlier: PublishedIndex?

  /// What publishing, and those who add to it, may have left in the folder.
  private static let known: Set<String> = [
    PublishedFile.blobFolder, PublishedIndex.fileName, PublishedIndex.fileName + ".sig", "README.md",
    "Makefile",
    "ro-crate-metadata.json", "attestations",
  ]

  /// - Throws: ``PublishingError`` for a folder that holds something else, or an index that cannot be read;
  ///   `FileSystemError`.
  public init(folder: String) throws {
    self.folder = folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder
    for name in try FileSystem.names(in: folder) where !Self.known.contains(name) && !name.hasPrefix(".") {
      throw PublishingError.foreign(folder: folder, name: name)
    }
    let path = "\(self.folder)/\(PublishedIndex.fileName)"
    earlier = try FileSystem.status(path).map { _ in
      try PublishedIndex(FileSystem.contents(of: path), place: path)
    }
  }

  /// Compresses files into blobs, those that are not there yet.
  ///
  /// - Parameter files: paths with what they hold.
  /// - Returns: the lengths of the blobs.
  /// - Throws: what reading and writing throw.
  public func pack(
    _ files: [(path: String, facts: Manifest.File)],
    progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void,
    shouldStop: @escaping @Sendable () -> Bool
  ) throws -> [Digest: Int] {
    var seen: Set<Digest> = []
    let files = files.filter { seen.insert($0.facts.digest).inserted }
    for shard in Set(files.map { "\($0.facts.digest.hex.prefix(2))" }).sorted() {
      try FileSystem.createFolder("\(folder)/\(PublishedFile.blobFolder)/\(shard)")
    }
    let lengths = Mutex<[Digest: Int]>([:])
    try ParallelWork.run(
      files.count, workers: ProcessInfo.processInfo.activeProcessorCount, shouldStop: shouldStop, begin: {},
      body: { index, _ in
        let length = try pack(files[index].path, files[index].facts)
        let done = lengths.withLock { lengths in
          lengths[files[index].facts.digest] = length
          return lengths.count
        }
        progress(done, files.count)
      })
    return lengths.withLock { $0 }
  }

  private func pack(_ path: String, _ facts: Manifest.File) throws -> Int {
    let blob = "\(folder)/\(PublishedFile.blobPath(facts.digest))"
    if let status = try FileSystem.status(blob), status.isFile, status.bytes > 0 {
      let known = PublishedFile(digest: facts.digest, bytes: facts.bytes, packed: status.bytes)
      if known.isWhole(blob) { return status.bytes }
    }
    let temporary = "\(folder)/\(PublishedFile.blobFolder)/.\(facts.digest.hex).\(getpid()).tmp"
    do {
      try Zstandard.pack(path, to: temporary)
      guard let length = try FileSystem.status(temporary)?.bytes else {
        throw PublishingError.badFile(place: temporary, reason: "it was not written")
      }
      // The file may have changed under our hands.
      guard PublishedFile(digest: facts.digest, bytes: facts.bytes, packed: length).isWhole(temporary) else {
        throw PublishingError.badFile(
          place: path, reason: "it is not what its manifest says; run 'make verify'")
      }
      try FileSystem.move(temporary, to: blob)
      return length
    } catch {
      unlink(temporary)
      throw error
    }
  }

  /// Writes the index and what explains it, and removes blobs that it does not name.
  ///
  /// - Parameter beside: further files by name.
  public func finish(_ index: PublishedIndex, beside: [String: Data]) throws {
    for (name, data) in beside.sorted(by: { $0.key < $1.key }) {
      try FileSystem.write(data, atomicallyTo: "\(folder)/\(name)")
    }
    // It spoke of another index.
    try FileSystem.remove("\(folder)/\(PublishedIndex.fileName).sig")
    try FileSystem.write(index.encoded(), atomicallyTo: "\(folder)/\(PublishedIndex.fileName)", durable: true)
    let named = Set(index.files.filter { $0.path == nil }.map(\.place))
    for file in try FileSystem.files(below: "\(folder)/\(PublishedFile.blobFolder)") {
      let place = "\(PublishedFile.blobFolder)/\(file)"
      if !named.contains(place) { try FileSystem.remove("\(folder)/\(place)") }
    }
  }
}

extension PublishedIndex {
  /// Everything that lies in the folder besides the index.
  public var files: [PublishedFile] {
    artifacts.flatMap { $0.figure.values }
      + entries.flatMap { entry in entry.packed.keys.compactMap(entry.file) }
  }
}
