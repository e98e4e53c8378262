import ContentStore
import Foundation
import Synchronization

/// The blobs of a published folder: files by the SHA-256 of what they hold, compressed.
public struct BlobShelf: Sendable {
  /// The published folder, with the blobs below it.
  public let folder: String

  public init(folder: String) { self.folder = folder }

  /// Compresses files into blobs, those that are not there yet.
  ///
  /// - Parameter files: paths with what they hold.
  /// - Returns: the lengths of the blobs.
  /// - Throws: what reading and writing throw.
  public func pack(
    _ files: [(path: String, facts: Manifest.File)],
    progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in },
    shouldStop: @escaping @Sendable () -> Bool = { false }
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
      if known.isWhole(blob) {
        // It is as good as new: nobody else takes it for one that is left over.
        utimensat(AT_FDCWD, blob, nil, 0)
        return status.bytes
      }
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

  /// Removes what an index does not name any more.
  ///
  /// - Parameters:
  ///   - named: the files that stay.
  ///   - date: what has been written since stays, too: others may be about to name it.
  public func removeAll(but named: some Sequence<PublishedFile>, from date: Date = .distantFuture) throws {
    let places = Set(named.filter { $0.path == nil }.map(\.place))
    for file in try FileSystem.files(below: "\(folder)/\(PublishedFile.blobFolder)") {
      let place = "\(PublishedFile.blobFolder)/\(file)"
      if !places.contains(place), !isWritten("\(folder)/\(place)", since: date) {
        try FileSystem.remove("\(folder)/\(place)")
      }
    }
  }

  private func isWritten(_ path: String, since date: Date) -> Bool {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    return (attributes?[.modificationDate] as? Date).map { $0 >= date } ?? false
  }
}
