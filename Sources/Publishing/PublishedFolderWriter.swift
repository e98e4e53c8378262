import ContentStore
import Foundation

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

  /// Where its blobs go.
  public var blobs: BlobShelf { BlobShelf(folder: folder) }

  /// Writes the index and what explains it, and removes blobs that it does not name.
  ///
  /// - Parameters:
  ///   - beside: further files by name.
  ///   - signature: of the encoded index; nil for none.
  public func finish(_ index: PublishedIndex, beside: [String: Data], signature: Data? = nil) throws {
    let data = try index.encoded()
    for (name, data) in beside.sorted(by: { $0.key < $1.key }) {
      try FileSystem.write(data, atomicallyTo: "\(folder)/\(name)")
    }
    let place = "\(folder)/\(PublishedIndex.fileName)"
    // It spoke of another index.
    try FileSystem.remove(place + ".sig")
    try FileSystem.write(data, atomicallyTo: place, durable: true)
    if let signature { try FileSystem.write(signature, atomicallyTo: place + ".sig", durable: true) }
    try blobs.removeAll(but: index.files)
  }
}

extension PublishedIndex {
  /// Everything that lies in the folder besides the index.
  public var files: [PublishedFile] {
    artifacts.flatMap { $0.figure.values } + artifacts.compactMap(\.runs)
      + entries.flatMap { entry in entry.packed.keys.compactMap(entry.file) }
  }
}
