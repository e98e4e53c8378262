import CArchive
import ContentStore
import Foundation

/// Files compressed with zstd, by libarchive.
enum Zstandard {
  /// Tables of numbers become an eighth of their size; higher levels take ten times as long for a tenth less.
  private static let level = "12"
  private static let piece = 1 << 18

  /// Writes a file's contents, compressed. Equal contents make equal bytes, by the same version of the library.
  static func pack(_ source: String, to destination: String) throws {
    guard let archive = archive_write_new() else { throw failure(source, nil) }
    defer { archive_write_free(archive) }
    let status = [
      archive_write_set_format_raw(archive), archive_write_add_filter_zstd(archive),
      archive_write_set_filter_option(archive, "zstd", "compression-level", level),
      // Nothing is added to the end.
      archive_write_set_bytes_in_last_block(archive, 1),
      archive_write_open_filename(archive, destination),
    ]
    guard status.allSatisfy({ $0 == ARCHIVE_OK }) else { throw failure(destination, archive) }
    guard let entry = archive_entry_new() else { throw failure(destination, archive) }
    defer { archive_entry_free(entry) }
    // S_IFREG, which two modules declare.
    archive_entry_set_filetype(entry, 0o100000)
    archive_entry_set_pathname(entry, "data")
    guard archive_write_header(archive, entry) == ARCHIVE_OK else { throw failure(destination, archive) }
    guard let input = FileHandle(forReadingAtPath: source) else {
      throw PublishingError.badFile(place: source, reason: "it cannot be read")
    }
    defer { try? input.close() }
    while let data = try input.read(upToCount: piece), !data.isEmpty {
      let written = data.withUnsafeBytes { archive_write_data(archive, $0.baseAddress, $0.count) }
      guard written == data.count else { throw failure(destination, archive) }
    }
    guard archive_write_close(archive) == ARCHIVE_OK else { throw failure(destination, archive) }
  }

  /// Hands out a compressed file's contents piece by piece.
  static func read(_ source: String, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    guard let archive = archive_read_new() else { throw failure(source, nil) }
    defer { archive_read_free(archive) }
    archive_read_support_filter_zstd(archive)
    archive_read_support_format_raw(archive)
    archive_read_support_format_empty(archive)
    guard archive_read_open_filename(archive, source, piece) == ARCHIVE_OK else {
      throw failure(source, archive)
    }
    var entry: OpaquePointer?
    let status = archive_read_next_header(archive, &entry)
    // Nothing, compressed, is an archive without a file.
    if status == ARCHIVE_EOF { return }
    guard status == ARCHIVE_OK else { throw failure(source, archive) }
    // Else it came as it is, and would be taken for its own contents.
    guard archive_filter_count(archive) == 2 else {
      throw PublishingError.badFile(place: source, reason: "it is not compressed with zstd")
    }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: piece, alignment: 64)
    defer { buffer.deallocate() }
    while true {
      let count = archive_read_data(archive, buffer.baseAddress, buffer.count)
      guard count >= 0 else { throw failure(source, archive) }
      if count == 0 { return }
      try body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
  }

  private static func failure(_ file: String, _ archive: OpaquePointer?) -> PublishingError {
    let reason = archive.flatMap(archive_error_string).map { String(cString: $0) }
    return .badFile(place: file, reason: reason ?? "libarchive has no memory")
  }
}

extension PublishedFile {
  /// Writes the contents of the file that lies at `source` to `destination`, if they are what they should be.
  ///
  /// - Throws: ``PublishingError/badFile(place:reason:)``, whatever is wrong; `FileSystemError`. Nothing is left then.
  func unpack(_ source: String, to destination: String, place: String) throws {
    do {
      let writer = try FileWriter(path: destination)
      let (found, count) = try contents(of: source, place: place) { try writer.write(Data($0)) }
      try writer.close()
      guard count == bytes, found == digest else {
        throw PublishingError.badFile(
          place: place,
          reason: count == bytes
            ? "its SHA-256 is \(found.hex.prefix(12))…, not \(digest.hex.prefix(12))…"
            : "it holds \(count) bytes, not \(bytes)")
      }
    } catch {
      unlink(destination)
      throw error
    }
  }

  /// Whether what lies at a path is this file.
  func isWhole(_ source: String) -> Bool {
    guard let (found, count) = try? contents(of: source, place: source, { _ in }) else { return false }
    return count == bytes && found == digest
  }

  private func contents(
    of source: String, place: String, _ body: (UnsafeRawBufferPointer) throws -> Void
  ) throws -> (Digest, Int) {
    var stream: DigestStream? = DigestStream()
    var count = 0
    let limit = bytes
    func take(_ piece: UnsafeRawBufferPointer) throws {
      count += piece.count
      // A few bytes can unpack to a disk full.
      guard count <= limit else {
        throw PublishingError.badFile(place: place, reason: "it holds more than its \(limit) bytes")
      }
      stream?.update(piece)
      try body(piece)
    }
    if packed != nil {
      do { try Zstandard.read(source, take) } catch PublishingError.badFile(_, let reason) {
        throw PublishingError.badFile(place: place, reason: reason)
      }
    } else {
      guard let input = FileHandle(forReadingAtPath: source) else {
        throw PublishingError.badFile(place: place, reason: "it is missing")
      }
      defer { try? input.close() }
      while let data = try input.read(upToCount: 1 << 18), !data.isEmpty {
        try data.withUnsafeBytes(take)
      }
    }
    guard let whole = stream.take() else { preconditionFailure("the digest was just begun") }
    return (whole.finish(), count)
  }
}
