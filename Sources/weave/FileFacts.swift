import ContentStore
import Foundation

/// A digest of what the file system says of files: name, size, inode, and the times of the last modification and of the
/// last change. The latter no program can set, so that a file that was written to, replaced or renamed is noticed
/// without being read.
struct FileFacts: ~Copyable {
  private var stream = DigestStream()
  /// The last change of any of the files, in seconds since 1970.
  private(set) var lastChange = Int.min

  /// Takes a text in.
  mutating func add(_ text: String) {
    // The zero ends it: no two lists of texts give the same bytes.
    var bytes = Array(text.utf8)
    bytes.append(0)
    bytes.withUnsafeBytes { stream.update($0) }
  }

  /// Takes in what a path leads to, or that there is nothing.
  ///
  /// - Returns: whether that is a folder.
  @discardableResult
  mutating func add(path: String) -> Bool {
    add(path)
    var status = stat()
    guard stat(path, &status) == 0 else {
      add("nothing")
      return false
    }
    let facts = [
      Int(status.st_mode), Int(status.st_size), Int(status.st_dev), Int(status.st_ino), status.st_mtim.tv_sec,
      status.st_mtim.tv_nsec, status.st_ctim.tv_sec, status.st_ctim.tv_nsec,
    ]
    facts.withUnsafeBytes { stream.update($0) }
    lastChange = max(lastChange, status.st_ctim.tv_sec)
    return status.st_mode & S_IFMT == S_IFDIR
  }

  /// Takes in a path with everything below it.
  mutating func add(tree path: String) throws {
    guard add(path: path) else { return }
    for name in try FileSystem.names(in: path) { try add(tree: "\(path)/\(name)") }
  }

  /// The digest of everything taken in.
  consuming func digest() -> String { stream.finish().hex }
}
