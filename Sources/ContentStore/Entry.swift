import Foundation
import Synchronization

/// A whole result in the store.
public struct Entry: Sendable {
  /// The folder that holds its files.
  public let folder: String
  public let manifest: Manifest
  /// Tells this entry from one that has been rebuilt in its place.
  let identity: FileSystem.Status

  /// Files that this process has digested, by path, as they were then.
  private static let verified = Mutex<[String: FileSystem.Status]>([:])

  /// The path of a committed file, its digest verified on the first access in this process.
  ///
  /// - Throws: ``StoreError/damaged(entry:file:)`` where it is missing or changed;
  ///   ``StoreError/noSuchFile(entry:file:)``; ``FileSystemError`` where it cannot be read.
  public func path(of file: String) throws -> String {
    guard let facts = manifest.files[file] else { throw StoreError.noSuchFile(entry: folder, file: file) }
    let path = "\(folder)/\(file)"
    guard let status = try FileSystem.status(path), status.isFile, status.bytes == facts.bytes else {
      throw StoreError.damaged(entry: folder, file: file)
    }
    if Self.verified.withLock({ $0[path] }) == status { return path }
    guard try Digest(file: path) == facts.digest else { throw StoreError.damaged(entry: folder, file: file) }
    Self.verified.withLock { $0[path] = status }
    return path
  }
}
