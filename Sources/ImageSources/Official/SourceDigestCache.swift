import Foundation
import PreparedImages

/// Remembers the content digests of folders with very many or very large files, which take seconds to read.
///
/// A digest is remembered together with what the file system says of every file: name, size, inode, and the
/// times of its last modification and of its last change. The latter no program can set, so a file that was
/// written to since, replaced or renamed is noticed even where its size and date are as before; then, and where
/// nothing is remembered, everything is read. Whoever removes the cache loses time alone.
public struct SourceDigestCache: Sendable {
  /// One small file for each folder of data.
  public let folder: String
  /// Sources of both fewer files and fewer bytes are read every time, as are archives.
  public let fewestFiles: Int
  public let fewestBytes: Int

  public init(folder: String, fewestFiles: Int = 1_000, fewestBytes: Int = 1_000_000_000) {
    self.folder = folder
    self.fewestFiles = fewestFiles
    self.fewestBytes = fewestBytes
  }

  /// ``DataSetSource/contentDigest()`` of the source, remembered where possible.
  ///
  /// Throws ``DataSetError`` as that does; a cache that cannot be read or written is no error.
  public func digest(of source: DataSetSource) throws -> String {
    try digest(of: source, now: time(nil))
  }

  /// - Parameter now: seconds since 1970.
  func digest(of source: DataSetSource, now: Int) throws -> String {
    guard case .folder(let path) = source.origin else { return try source.contentDigest() }
    let names = try source.description.format.memberNames(inFolder: path)
    let before = try Listing(path, names)
    guard names.count >= fewestFiles || before.byteCount >= fewestBytes else {
      return try source.contentDigest()
    }
    let file = try place(of: path)
    let remembered = (try? String(contentsOfFile: file, encoding: .utf8))?.split(separator: "\n") ?? []
    if remembered.count == 2, remembered[0] == before.digest { return String(remembered[1]) }

    let digest = try source.contentDigest()
    // The clock of a file system ticks slowly: what changed just now could change again unnoticed.
    if before.lastChange + 2 < now, try Listing(path, names).digest == before.digest {
      try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try? "\(before.digest)\n\(digest)\n".write(toFile: file, atomically: true, encoding: .utf8)
    }
    return digest
  }

  private func place(of path: String) throws -> String {
    let name = try MessageDigest(.sha256)
    name.update(URL(fileURLWithPath: path).standardizedFileURL.path)
    return join(folder, name.finish())
  }

  /// What the file system says of files, digested.
  private struct Listing {
    let digest: String
    /// In seconds since 1970.
    private(set) var lastChange = Int.min
    /// Of all files.
    private(set) var byteCount = 0

    init(_ folder: String, _ names: [String]) throws {
      let digest = try MessageDigest(.sha256)
      for name in names {
        var status = stat()
        guard stat(join(folder, name), &status) == 0 else {
          throw DataSetError.missingMember(source: folder, member: name)
        }
        digest.update(name)
        let facts = [
          Int(status.st_size), Int(status.st_ino), status.st_mtim.tv_sec, status.st_mtim.tv_nsec,
          status.st_ctim.tv_sec, status.st_ctim.tv_nsec,
        ]
        facts.withUnsafeBytes { digest.update($0) }
        lastChange = max(lastChange, status.st_ctim.tv_sec)
        byteCount += Int(status.st_size)
      }
      self.digest = digest.finish()
    }
  }
}
