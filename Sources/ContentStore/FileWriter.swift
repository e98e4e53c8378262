import Foundation
import Synchronization

/// A file being written, every call checked: a full disk is an error here and now, not a short file later.
public final class FileWriter: Sendable {
  public let path: String
  private let descriptor: Mutex<Int32>

  /// Creates the file, or empties the one that is there.
  public init(path: String) throws {
    self.path = path
    let flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC
    descriptor = Mutex(Int32(try FileSystem.check(.createFile, path) { Int(open(path, flags, 0o666)) }))
  }

  deinit {
    descriptor.withLock { if $0 >= 0 { _ = Glibc.close($0) } }
  }

  /// Appends all the bytes.
  public func write(_ bytes: some ContiguousBytes) throws {
    try descriptor.withLock { descriptor in
      precondition(descriptor >= 0, "written after close")
      try bytes.withUnsafeBytes { buffer in
        var rest = buffer[...]
        while !rest.isEmpty {
          let part = UnsafeRawBufferPointer(rebasing: rest)
          let count = try FileSystem.check(.write, path) {
            Glibc.write(descriptor, part.baseAddress, part.count)
          }
          rest = rest.dropFirst(count)
        }
      }
    }
  }

  /// Waits until the device has everything written so far.
  public func sync() throws {
    try descriptor.withLock { descriptor in
      _ = try FileSystem.check(.sync, path) { Int(fsync(descriptor)) }
    }
  }

  /// Closes the file; network file systems report a full disk only here.
  public func close() throws {
    try descriptor.withLock { descriptor in
      let open = descriptor
      descriptor = -1
      // After an interrupted close the descriptor is gone on Linux, so this call is never repeated.
      if open >= 0 && Glibc.close(open) != 0 && errno != EINTR {
        throw FileSystemError(.close, path, code: errno)
      }
    }
  }
}
