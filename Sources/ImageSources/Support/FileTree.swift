import Foundation
import PreparedImages

/// The regular files below a folder.
enum FileTree {
  /// Folders within folders that are looked into: enough for `train/<class>/images`, and an end to links that
  /// lead round in a circle.
  private static let greatestDepth = 4

  /// Paths relative to `folder`, in ascending order whatever the file system's own order is.
  ///
  /// Names that begin with a dot are left out: they belong to the system, not to the data. Throws
  /// ``ImageFileError/cannotRead(file:reason:)``.
  static func files(below folder: String) throws -> [String] {
    var paths: [String] = []
    try collect(folder, prefix: "", depth: 0, into: &paths)
    paths.sort()
    return paths
  }

  /// How many names without a dot in front a folder holds; 0 where it cannot be read.
  static func count(in folder: String) -> Int {
    guard let stream = opendir(folder) else { return 0 }
    defer { closedir(stream) }
    var count = 0
    while let entry = readdir(stream) {
      if entry.pointee.d_name.0 != CChar(UInt8(ascii: ".")) { count += 1 }
    }
    return count
  }

  private static func collect(
    _ folder: String, prefix: String, depth: Int, into paths: inout [String]
  ) throws {
    guard let stream = opendir(folder) else {
      throw ImageFileError.cannotRead(file: folder, reason: systemReason())
    }
    defer { closedir(stream) }
    var folders: [String] = []
    errno = 0
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name.hasPrefix(".") { continue }
      switch kind(of: entry.pointee.d_type, at: join(folder, name)) {
      case S_IFREG: paths.append(prefix + name)
      case S_IFDIR: folders.append(name)
      default: break
      }
      errno = 0
    }
    guard errno == 0 else { throw ImageFileError.cannotRead(file: folder, reason: systemReason()) }
    guard depth < greatestDepth else { return }
    for name in folders {
      try collect(join(folder, name), prefix: prefix + name + "/", depth: depth + 1, into: &paths)
    }
  }

  /// Regular file, folder or something else; links count as what they lead to.
  private static func kind(of type: UInt8, at path: @autoclosure () -> String) -> mode_t {
    switch Int(type) {
    case Int(DT_REG): return S_IFREG
    case Int(DT_DIR): return S_IFDIR
    case Int(DT_LNK), Int(DT_UNKNOWN):
      var status = stat()
      return stat(path(), &status) == 0 ? status.st_mode & S_IFMT : 0
    default: return 0
    }
  }
}
