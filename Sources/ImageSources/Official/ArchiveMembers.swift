import CArchive
import Foundation
import PreparedImages

/// The files of a tar (plain or compressed) or zip archive, streamed: nothing is unpacked to disk.
struct ArchiveMembers: MemberCollection {
  let path: String

  func visit(_ names: [String], _ body: (Member) throws -> Void) throws {
    let wanted = Set(names)
    try visit(naming: { $0.last.flatMap { wanted.contains(String($0)) ? String($0) : nil } }, body)
  }

  func visit(below root: String, where isWanted: (String) -> Bool, _ body: (Member) throws -> Void) throws {
    let naming = { (components: [Substring]) -> String? in
      let inner = components.lastIndex { $0 == root }.map { components[($0 + 1)...] } ?? components[...]
      let name = inner.joined(separator: "/")
      return isWanted(name) ? name : nil
    }
    try visit(naming: naming, body)
  }

  /// Visits the files that `naming` gives a name, from the components of their paths.
  private func visit(naming: ([Substring]) -> String?, _ body: (Member) throws -> Void) throws {
    guard fileExists(path) else {
      throw ImageFileError.cannotRead(file: path, reason: String(cString: strerror(ENOENT)))
    }
    guard let archive = archive_read_new() else {
      throw ImageFileError.cannotRead(file: path, reason: "libarchive has no memory")
    }
    defer { archive_read_free(archive) }
    archive_read_support_filter_all(archive)
    archive_read_support_format_tar(archive)
    archive_read_support_format_zip(archive)
    guard archive_read_open_filename(archive, path, 1 << 18) == ARCHIVE_OK else { throw damage(archive) }

    var entry: OpaquePointer?
    while true {
      let status = archive_read_next_header(archive, &entry)
      if status == ARCHIVE_EOF { return }
      guard status == ARCHIVE_OK || status == ARCHIVE_WARN, let entry else { throw damage(archive) }
      guard let name = naming(components(of: entry)) else { continue }
      let member = Member(
        name: name, location: "\(path): \(name)", byteCount: Int(archive_entry_size(entry))
      ) { buffer in
        let count = archive_read_data(archive, buffer.baseAddress, buffer.count)
        guard count >= 0 else { throw damage(archive) }
        return count
      }
      try body(member)
    }
  }

  private func components(of entry: OpaquePointer) -> [Substring] {
    guard let pathname = archive_entry_pathname(entry) else { return [] }
    return String(cString: pathname).split(separator: "/").filter { $0 != "." }
  }

  private func damage(_ archive: OpaquePointer) -> DataSetError {
    let reason = archive_error_string(archive).map { String(cString: $0) } ?? "no reason given"
    return .damagedArchive(file: path, reason: reason)
  }
}
