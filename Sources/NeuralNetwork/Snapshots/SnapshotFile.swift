import Glibc

/// Checked reading and writing of a snapshot's bytes.
final class SnapshotFile {
  private let path: String
  private var descriptor: Int32

  init(creating path: String) throws {
    self.path = path
    descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw Self.failure(path, "create the file") }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  func write(_ bytes: UnsafeRawBufferPointer) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let part = UnsafeRawBufferPointer(rebasing: rest)
      let count = Glibc.write(descriptor, part.baseAddress, part.count)
      if count < 0 {
        if errno == EINTR { continue }
        throw Self.failure(path, "write")
      }
      rest = rest.dropFirst(count)
    }
  }

  /// Syncs and closes; only then is the file surely on the disk.
  func finish() throws {
    guard fsync(descriptor) == 0 else { throw Self.failure(path, "sync") }
    let closing = descriptor
    descriptor = -1
    guard close(closing) == 0 else { throw Self.failure(path, "close") }
  }

  /// The whole file at `path`.
  static func read(_ path: String) throws -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(path, "open the file") }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw failure(path, "measure the file") }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw SnapshotError.inputOutput(path: path, operation: "read", reason: "not a regular file")
    }
    let size = Int(status.st_size)
    var bytes = [UInt8](repeating: 0, count: size)
    var offset = 0
    try bytes.withUnsafeMutableBytes { buffer in
      while offset < size {
        let part = UnsafeMutableRawBufferPointer(rebasing: buffer[offset...])
        let count = Glibc.read(descriptor, part.baseAddress, part.count)
        if count < 0 {
          if errno == EINTR { continue }
          throw failure(path, "read")
        }
        guard count > 0 else { throw SnapshotError.wrongSize(path: path, expected: size, actual: offset) }
        offset += count
      }
    }
    return bytes
  }

  private static func failure(_ path: String, _ operation: String) -> SnapshotError {
    .inputOutput(path: path, operation: operation, reason: String(cString: strerror(errno)))
  }
}
