import Glibc

/// Files that appear whole or not at all.
enum AtomicFile {
  /// Writes beside the place under a temporary name, flushes to the disk, and renames.
  static func write(_ bytes: [UInt8], to path: String) throws(FigureError) {
    guard !path.utf8.contains(0) else { throw .unwritable(path: path, reason: "the path has a zero byte") }
    let temporary = "\(path).\(getpid()).\(UInt64.random(in: 0...UInt64.max)).partial"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw failure(path) }
    do throws(FigureError) {
      do throws(FigureError) {
        try fill(descriptor, with: bytes, path: path)
        guard fsync(descriptor) == 0 else { throw failure(path) }
      } catch {
        close(descriptor)
        throw error
      }
      guard close(descriptor) == 0 else { throw failure(path) }
      guard rename(temporary, path) == 0 else { throw failure(path) }
    } catch {
      unlink(temporary)
      throw error
    }
  }

  private static func fill(_ descriptor: Int32, with bytes: [UInt8], path: String) throws(FigureError) {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        Glibc.write(descriptor, buffer.baseAddress.map { $0 + written }, buffer.count - written)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw failure(path) }
      written += count
    }
  }

  private static func failure(_ path: String) -> FigureError {
    .unwritable(path: path, reason: String(cString: strerror(errno)))
  }
}
