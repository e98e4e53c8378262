import Foundation

/// The few file operations that the store needs, as checked POSIX calls with typed errors.
public enum FileSystem {
  /// What `stat` says of a path. Two equal values mean the same, unchanged file.
  public struct Status: Hashable, Sendable {
    public let isFolder: Bool
    public let isFile: Bool
    /// Length in bytes.
    public let bytes: Int
    let device: UInt64
    let inode: UInt64
    /// Time of the last change, in nanoseconds since 1970.
    let modified: Int

    init(_ status: stat) {
      isFolder = status.st_mode & S_IFMT == S_IFDIR
      isFile = status.st_mode & S_IFMT == S_IFREG
      bytes = Int(status.st_size)
      device = UInt64(status.st_dev)
      inode = UInt64(status.st_ino)
      modified = Int(status.st_mtim.tv_sec) &* 1_000_000_000 &+ Int(status.st_mtim.tv_nsec)
    }
  }

  /// Repeats a call that a signal broke off; throws what `errno` says when it fails.
  @discardableResult
  static func check(
    _ operation: FileSystemError.Operation, _ path: String, _ call: () -> Int
  ) throws -> Int {
    while true {
      let result = call()
      if result >= 0 { return result }
      let code = errno
      if code != EINTR { throw FileSystemError(operation, path, code: code) }
    }
  }

  /// The status of a path, links not followed; nil where nothing is there.
  public static func status(_ path: String) throws -> Status? {
    var buffer = stat()
    do {
      try check(.inspect, path) { Int(lstat(path, &buffer)) }
    } catch FileSystemError.notFound {
      return nil
    }
    return Status(buffer)
  }

  /// Whether a path leads to a folder, over links too: stages are moved to larger disks and linked.
  static func leadsToFolder(_ path: String) throws -> Bool {
    var buffer = stat()
    do {
      try check(.inspect, path) { Int(stat(path, &buffer)) }
    } catch FileSystemError.notFound {
      return false
    } catch FileSystemError.notFolder {
      return false
    }
    return Status(buffer).isFolder
  }

  /// Whether a path leads to a file, perhaps by links, of at most so many bytes, and not to a device without end.
  static func isOrdinary(_ path: String, upTo bytes: Int) throws -> Bool {
    var buffer = stat()
    try check(.inspect, path) { Int(stat(path, &buffer)) }
    let status = Status(buffer)
    return status.isFolder || status.isFile && status.bytes <= bytes
  }

  /// Whether listings know of a path what its name may not tell yet: the first part of it that is not there by name is
  /// in the listing of the folder that it belongs in.
  ///
  /// - Parameter root: a folder that the path lies in.
  static func isListed(_ path: String, below root: String) throws -> Bool {
    var place = root
    for name in path.dropFirst(root.count).split(separator: "/") {
      let next = "\(place)/\(name)"
      if try status(next) == nil { return try names(in: place).contains(String(name)) }
      place = next
    }
    return true
  }

  static func status(descriptor: Int32, path: String) throws -> Status {
    var buffer = stat()
    try check(.inspect, path) { Int(fstat(descriptor, &buffer)) }
    return Status(buffer)
  }

  /// Runs a body with a file open for reading.
  static func withDescriptor<Result>(reading path: String, _ body: (Int32) throws -> Result) throws -> Result
  {
    let descriptor = Int32(try check(.open, path) { Int(open(path, O_RDONLY | O_CLOEXEC)) })
    defer { close(descriptor) }
    return try body(descriptor)
  }

  /// Reads the next bytes; 0 at the end of the file.
  static func read(_ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer, path: String) throws
    -> Int
  {
    try check(.read, path) { Glibc.read(descriptor, buffer.baseAddress, buffer.count) }
  }

  /// The whole of a file.
  public static func contents(of path: String) throws -> Data {
    try withDescriptor(reading: path) { descriptor in
      let status = try status(descriptor: descriptor, path: path)
      if status.isFolder { throw FileSystemError.notFile(path: path, operation: .read) }
      var data = Data()
      let buffer = UnsafeMutableRawBufferPointer.allocate(
        byteCount: max(status.bytes + 1, 4096), alignment: 16)
      defer { buffer.deallocate() }
      while true {
        let count = try read(descriptor, into: buffer, path: path)
        if count == 0 { return data }
        data.append(contentsOf: buffer[0..<count])
      }
    }
  }

  /// The names in a folder, sorted, without `.` and `..`; empty where the folder does not exist.
  public static func names(in folder: String) throws -> [String] {
    guard let stream = opendir(folder) else {
      if errno == ENOENT { return [] }
      throw FileSystemError(.list, folder, code: errno)
    }
    defer { closedir(stream) }
    var names: [String] = []
    while true {
      errno = 0
      guard let entry = readdir(stream) else {
        if errno != 0 { throw FileSystemError(.list, folder, code: errno) }
        return names.sorted()
      }
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
  }

  /// Every file below a folder as a path relative to it, sorted; links are listed, not followed.
  public static func files(below folder: String) throws -> [String] {
    var found: [String] = []
    for name in try names(in: folder) {
      guard let status = try status("\(folder)/\(name)") else { continue }
      if status.isFolder {
        found += try files(below: "\(folder)/\(name)").map { "\(name)/\($0)" }
      } else {
        found.append(name)
      }
    }
    return found
  }

  /// Bytes held by the files below a path, or by the file itself; 0 where nothing is there.
  static func bytes(at path: String) throws -> Int {
    guard let status = try status(path) else { return 0 }
    guard status.isFolder else { return status.bytes }
    return try names(in: path).reduce(0) { try $0 + bytes(at: "\(path)/\($1)") }
  }
}
