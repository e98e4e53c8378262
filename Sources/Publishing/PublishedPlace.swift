import ContentStore
import Foundation
import Transfers

/// Where a published folder is: on this machine, or behind an address.
public enum PublishedPlace: Sendable, Hashable, CustomStringConvertible {
  case folder(String)
  case address(String)

  /// Reads what a user wrote.
  ///
  /// - Throws: ``PublishingError/badPlace(_:reason:)``.
  public init(_ text: String) throws {
    let trimmed = text.hasSuffix("/") && text.count > 1 ? String(text.dropLast()) : text
    guard let scheme = text.firstRange(of: "://") else {
      guard !text.isEmpty, text.isOneLine(upTo: 4_000) else {
        throw PublishingError.badPlace(text, reason: "is no folder and no address")
      }
      self = .folder(trimmed)
      return
    }
    guard ["http", "https"].contains(text[..<scheme.lowerBound].lowercased()) else {
      throw PublishingError.badPlace(text, reason: "is no address that begins with http:// or https://")
    }
    let rest = text[scheme.upperBound...]
    guard !rest.isEmpty, !rest.hasPrefix("/"), text.utf8.allSatisfy({ $0 > 32 && $0 < 127 }),
      !text.contains(where: { "?#\"'\\".contains($0) })
    else {
      throw PublishingError.badPlace(text, reason: "is no address of a folder; it may hold no ? # or quotes")
    }
    self = .address(trimmed)
  }

  public var description: String {
    switch self {
    case .folder(let folder): folder
    case .address(let address): address
    }
  }

  /// Where a file of the folder is, in words.
  public func place(of file: String) -> String { "\(self)/\(file)" }

  /// Fetches the index.
  ///
  /// - Parameter scratch: a folder for what is on its way.
  /// - Throws: ``PublishingError``, `TransferError`, `FileSystemError`.
  public func index(scratch: String, patience: Retrieval.Patience) throws -> (PublishedIndex, data: Data) {
    let data = try contents(
      of: PublishedIndex.fileName, limit: PublishedIndex.greatestFile, scratch: scratch, patience: patience)
    guard let data else { throw PublishingError.absent(place: description) }
    return (try PublishedIndex(data, place: place(of: PublishedIndex.fileName)), data)
  }

  /// A small file as it lies there; nil if it does not.
  ///
  /// - Parameter isOptional: whatever a server has against handing it out counts as its not being there: some say that
  ///   it is forbidden to ask for what they do not have.
  public func contents(
    of name: String, limit: Int, isOptional: Bool = false, scratch: String, patience: Retrieval.Patience
  ) throws -> Data? {
    switch self {
    case .folder(let folder):
      let path = "\(folder)/\(name)"
      guard let status = try status(path) else { return nil }
      guard status.isFile, status.bytes <= limit else {
        throw PublishingError.malformed(place: path, reason: "it is no file of at most \(limit) bytes")
      }
      return try FileSystem.contents(of: path)
    case .address(let address):
      try FileSystem.createFolder(scratch)
      // It may have changed since: what an earlier process fetched of it is no beginning of this one.
      let part = "\(scratch)/.\(name.replacing("/", with: "-")).\(getpid()).part"
      defer { unlink(part) }
      do {
        try Retrieval(address: "\(address)/\(name)", part: part, limit: limit, patience: patience)
          .run(over: Connection())
      } catch TransferError.refused(_, let status)
        where status == 404 || status == 410 || isOptional && (400..<500).contains(status)
      {
        return nil
      }
      return try FileSystem.contents(of: part)
    }
  }

  /// What a file holds that an index names, unpacked and checked.
  ///
  /// - Parameter scratch: a folder for what is on its way.
  /// - Throws: ``PublishingError/badFile(place:reason:)``, `TransferError`, `FileSystemError`.
  public func contents(of file: PublishedFile, scratch: String, patience: Retrieval.Patience) throws -> Data {
    let words = place(of: file.place)
    guard file.bytes <= PublishedIndex.greatestFile else {
      throw PublishingError.badFile(
        place: words, reason: "it has more than \(PublishedIndex.greatestFile) bytes")
    }
    guard let data = try contents(of: file.place, limit: file.length, scratch: scratch, patience: patience)
    else {
      throw PublishingError.badFile(place: words, reason: "it is missing")
    }
    try FileSystem.createFolder(scratch)
    let unpacked = "\(scratch)/.\(file.digest.hex).\(getpid())"
    let packed = unpacked + ".part"
    defer {
      unlink(packed)
      unlink(unpacked)
    }
    try FileSystem.write(data, atomicallyTo: packed)
    try file.unpack(packed, to: unpacked, place: words)
    return try FileSystem.contents(of: unpacked)
  }

  private func status(_ path: String) throws -> FileSystem.Status? {
    do { return try FileSystem.status(path) } catch FileSystemError.notFolder { return nil }
  }
}
