import Foundation

/// The system's words for the current `errno`.
package func systemReason() -> String { String(cString: strerror(errno)) }

/// A file open for reading, closed with the object.
package final class InputFile {
  package let path: String
  package let byteCount: Int
  private let descriptor: Int32

  /// Throws ``ImageFileError/cannotRead(file:reason:)``.
  package init(_ path: String) throws {
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw ImageFileError.cannotRead(file: path, reason: systemReason()) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw ImageFileError.cannotRead(file: path, reason: "not a regular file")
    }
    self.path = path
    byteCount = Int(status.st_size)
  }

  deinit { close(descriptor) }

  /// Reads up to the buffer's size; 0 at the end of the file.
  package func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    while true {
      let count = Foundation.read(descriptor, buffer.baseAddress, buffer.count)
      if count >= 0 { return count }
      guard errno == EINTR else { throw ImageFileError.cannotRead(file: path, reason: systemReason()) }
    }
  }

  /// The whole file.
  ///
  /// - Throws: ``ImageFileError/truncated(file:expected:found:)`` if it has become shorter since it was opened.
  package func readAll() throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: byteCount)
    try bytes.withUnsafeMutableBytes { buffer in
      var filled = 0
      while filled < buffer.count {
        let count = try read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
        guard count > 0 else {
          throw ImageFileError.truncated(file: path, expected: byteCount, found: filled)
        }
        filled += count
      }
    }
    return bytes
  }

  /// The whole file as read-only memory, shared with the page cache; nil for an empty file.
  package func map() throws -> UnsafeRawBufferPointer? {
    guard byteCount > 0 else { return nil }
    guard let memory = mmap(nil, byteCount, PROT_READ, MAP_PRIVATE, descriptor, 0), memory != MAP_FAILED
    else {
      throw ImageFileError.cannotRead(file: path, reason: systemReason())
    }
    return UnsafeRawBufferPointer(start: memory, count: byteCount)
  }
}

/// A file open for writing, emptied when opened, closed with the object.
package final class OutputFile {
  package let path: String
  private let descriptor: Int32

  /// Throws ``ImageFileError/cannotWrite(file:reason:)``.
  package init(_ path: String) throws {
    descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw ImageFileError.cannotWrite(file: path, reason: systemReason()) }
    self.path = path
  }

  deinit { close(descriptor) }

  /// Writes all bytes at an offset from the start of the file.
  package func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws {
    var rest = bytes
    while let start = rest.baseAddress, rest.count > 0 {
      let count = pwrite(descriptor, start, rest.count, off_t(offset + bytes.count - rest.count))
      if count < 0 {
        guard errno == EINTR else { throw ImageFileError.cannotWrite(file: path, reason: systemReason()) }
      } else {
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
      }
    }
  }
}

/// Whether there is a folder at `path`.
package func folderExists(_ path: String) -> Bool {
  var isFolder: ObjCBool = false
  return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
}

/// `folder` and `name` as one path.
package func join(_ folder: String, _ name: String) -> String {
  folder.isEmpty ? name : folder.hasSuffix("/") ? folder + name : folder + "/" + name
}

/// Whether there is anything at `path`.
package func fileExists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }
