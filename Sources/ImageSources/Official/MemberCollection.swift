import PreparedImages

/// The files of a data set, wherever they lie: in a folder or in an archive.
protocol MemberCollection {
  /// The folder or archive, for messages.
  var path: String { get }

  /// Calls `body` for every member that exists among `names`, in an order of the collection's own (a folder
  /// keeps the order of `names`, an archive has its own).
  func visit(_ names: [String], _ body: (Member) throws -> Void) throws

  /// Calls `body` for every file whose path `isWanted` accepts, in an order of the collection's own.
  ///
  /// Paths are relative to the official folder, called `root` in an archive: what lies above it there does not
  /// matter. They are the members' names.
  func visit(below root: String, where isWanted: (String) -> Bool, _ body: (Member) throws -> Void) throws
}

/// One file while it is being visited.
struct Member {
  /// The file's name, or its path below the official folder where such paths are asked for.
  let name: String
  /// The whole path, for messages.
  let location: String
  /// The size that the folder or archive announces.
  let byteCount: Int
  /// Reads up to the buffer's size; 0 at the end.
  let read: (UnsafeMutableRawBufferPointer) throws -> Int

  /// Fills the whole buffer; `offset` is where in the member it starts, for the message if the member is
  /// shorter. Throws ``ImageFileError/truncated(file:expected:found:)`` then.
  func fill(_ buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws {
    var filled = 0
    while filled < buffer.count {
      let count = try read(UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
      guard count > 0 else {
        throw ImageFileError.truncated(file: location, expected: byteCount, found: offset + filled)
      }
      filled += count
    }
  }

  /// The whole member as text; bytes that are not UTF-8 become replacement characters.
  func text() throws -> String {
    var bytes = [UInt8](repeating: 0, count: byteCount)
    try bytes.withUnsafeMutableBytes { try fill($0, at: 0) }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// The files of a folder.
struct FolderMembers: MemberCollection {
  let path: String

  func visit(_ names: [String], _ body: (Member) throws -> Void) throws {
    for name in names where fileExists(join(path, name)) { try visit(name, body) }
  }

  func visit(below root: String, where isWanted: (String) -> Bool, _ body: (Member) throws -> Void) throws {
    for name in try FileTree.files(below: path) where isWanted(name) { try visit(name, body) }
  }

  private func visit(_ name: String, _ body: (Member) throws -> Void) throws {
    let file = try InputFile(join(path, name))
    try body(
      Member(name: name, location: file.path, byteCount: file.byteCount) { try file.read(into: $0) })
  }
}
