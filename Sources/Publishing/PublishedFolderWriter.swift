import ContentStore
import Foundation

/// Writes a published folder: blobs first, then the index, then what no index names any more goes. A death in between
/// leaves the old index with all of its blobs, or the new one. As long as the value is there, nobody else gets one for the
/// folder.
public struct PublishedFolderWriter: Sendable {
  public let folder: String
  /// What lies there already; nil in a new folder.
  public let earlier: PublishedIndex?
  /// The same as it lies there.
  private let earlierData: Data?
  private let lock: FolderLock
  /// When the value was made: what has come since, others may be about to name.
  private let opened = Date()

  /// What publishing, and those who add to it, may have left in the folder.
  private static let known: Set<String> = [
    PublishedFile.blobFolder, PublishedIndex.fileName, PublishedIndex.fileName + ".sig", "README.md",
    "Makefile",
    "ro-crate-metadata.json", "attestations",
  ]

  /// - Throws: ``PublishingError`` for a folder that holds something else or that another process writes into, or an index
  ///   that cannot be read; `FileSystemError`.
  public init(folder: String) throws {
    let folder = folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder
    self.folder = folder
    for name in try FileSystem.names(in: folder) where !Self.known.contains(name) && !name.hasPrefix(".") {
      throw PublishingError.foreign(folder: folder, name: name)
    }
    try FileSystem.createFolder(folder)
    lock = try FolderLock(folder)
    let data = try Self.index(in: folder)
    earlier = try data.map { try PublishedIndex($0, place: "\(folder)/\(PublishedIndex.fileName)") }
    earlierData = data
  }

  private static func index(in folder: String) throws -> Data? {
    let path = "\(folder)/\(PublishedIndex.fileName)"
    return try FileSystem.status(path).map { _ in try FileSystem.contents(of: path) }
  }

  /// Where its blobs go.
  public var blobs: BlobShelf { BlobShelf(folder: folder) }

  /// Writes the index and what explains it, and removes blobs that it does not name.
  ///
  /// - Parameters:
  ///   - beside: further files by name.
  ///   - signature: of the encoded index; nil for none.
  /// - Throws: ``PublishingError/changed(folder:)`` where somebody else has written another index or removed blobs of this
  ///   one, as happens across machines without common locks.
  public func finish(_ index: PublishedIndex, beside: [String: Data], signature: Data? = nil) throws {
    let data = try index.encoded()
    guard try Self.index(in: folder) == earlierData, try index.files.allSatisfy(lies) else {
      throw PublishingError.changed(folder: folder)
    }
    for (name, data) in beside.sorted(by: { $0.key < $1.key }) {
      try FileSystem.write(data, atomicallyTo: "\(folder)/\(name)")
    }
    let place = "\(folder)/\(PublishedIndex.fileName)"
    // It spoke of another index.
    try FileSystem.remove(place + ".sig")
    try FileSystem.write(data, atomicallyTo: place, durable: true)
    if let signature { try FileSystem.write(signature, atomicallyTo: place + ".sig", durable: true) }
    try blobs.removeAll(but: index.files, from: opened)
  }

  private func lies(_ file: PublishedFile) throws -> Bool {
    try FileSystem.status("\(folder)/\(file.place)")?.bytes == file.length
  }
}

extension PublishedIndex {
  /// Everything that lies in the folder besides the index.
  public var files: [PublishedFile] {
    artifacts.flatMap { $0.figure.values } + artifacts.compactMap(\.runs)
      + entries.flatMap { entry in entry.packed.keys.compactMap(entry.file) }
  }
}
