import Foundation
import Synchronization

/// The operations that change something; the others are beside.
extension FileSystem {
  /// Makes a folder and those above it that are missing, and makes them last.
  public static func createFolder(_ path: String) throws {
    if mkdir(path, 0o777) == 0 { return try syncFolder(parent(of: path)) }
    switch errno {
    case EEXIST:
      // A link to a folder is as good as a folder.
      var buffer = stat()
      try check(.createFolder, path) { Int(stat(path, &buffer)) }
      if !Status(buffer).isFolder { throw FileSystemError.notFolder(path: path, operation: .createFolder) }
    case ENOENT where path.contains("/") && parent(of: path) != path:
      try createFolder(parent(of: path))
      if mkdir(path, 0o777) != 0 && errno != EEXIST {
        throw FileSystemError(.createFolder, path, code: errno)
      }
      try syncFolder(parent(of: path))
    default:
      throw FileSystemError(.createFolder, path, code: errno)
    }
  }

  /// Renames a file or a folder within one file system.
  static func rename(_ old: String, to new: String) throws {
    try check(.rename, new) { Int(Glibc.rename(old, new)) }
  }

  /// Renames a file within one file system, over one that is there.
  public static func move(_ old: String, to new: String) throws { try rename(old, to: new) }

  /// Removes a file, or a folder with all that it holds. Nothing there is no error.
  public static func remove(_ path: String) throws {
    guard let status = try status(path) else { return }
    do {
      if status.isFolder {
        for name in try names(in: path) { try remove("\(path)/\(name)") }
        try check(.remove, path) { Int(rmdir(path)) }
      } else {
        try check(.remove, path) { Int(unlink(path)) }
      }
    } catch FileSystemError.notFound {
      return
    }
  }

  /// Makes a folder's names last over a loss of power.
  static func syncFolder(_ path: String) throws {
    let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC
    let descriptor = Int32(try check(.open, path) { Int(open(path, flags)) })
    defer { close(descriptor) }
    do {
      try check(.sync, path) { Int(fsync(descriptor)) }
    } catch FileSystemError.failed(_, _, EINVAL) {
      // Some network file systems have no fsync for folders; their renames last by themselves.
    }
  }

  private static let serial = Atomic<Int>(0)
  /// Processes on several nodes may have the same number.
  private static let processTag = String(UInt32.random(in: 0...(.max)), radix: 36)

  /// Writes a file so that readers see the old text or the new one, never a part.
  ///
  /// - Parameter durable: also survives a loss of power (costs two waits for the device).
  public static func write(_ bytes: some ContiguousBytes, atomicallyTo path: String, durable: Bool = false)
    throws
  {
    let number = serial.add(1, ordering: .relaxed).newValue
    let temporary = "\(parent(of: path))/.\(name(of: path)).\(getpid())-\(processTag).\(number).tmp"
    do {
      let writer = try FileWriter(path: temporary)
      try writer.write(bytes)
      if durable { try writer.sync() }
      try writer.close()
      try rename(temporary, to: path)
    } catch {
      unlink(temporary)
      throw error
    }
    if durable { try syncFolder(parent(of: path)) }
  }

  /// Leaves a note that is good to have, unless the place is not to be written to: a store that others keep, or one on
  /// a disc that is read only, serves as it is.
  public static func whereWritable(_ note: () throws -> Void) throws {
    do { try note() } catch FileSystemError.readOnly {} catch FileSystemError.notPermitted {}
  }

  static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  static func name(of path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }
}
