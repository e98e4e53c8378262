import Foundation
import PreparedImages
import Transfers

/// Fetches an official archive into the data folder: resumable, checked, whole or absent.
///
/// What has arrived lies in `<name>.part` until size and checksum are right; a later call goes on from there.
public struct Download: Sendable {
  public typealias Patience = Retrieval.Patience
  /// Bytes that are there and bytes that there will be, where the server or the archive's authors say.
  public typealias Progress = Retrieval.Progress

  public let archive: OfficialArchive
  public let dataFolder: String
  public let address: String
  public let patience: Patience

  /// - Parameter baseAddress: another place to fetch from than the official one: the address of the folder that
  ///   holds the archive.
  public init(
    archive: OfficialArchive, dataFolder: String = "data", baseAddress: String? = nil,
    patience: Patience = Patience()
  ) {
    self.archive = archive
    self.dataFolder = dataFolder
    self.patience = patience
    address = join(baseAddress ?? archive.baseAddress, archive.fileName)
  }

  /// Where the archive will be.
  public var destination: String { join(dataFolder, archive.fileName) }
  private var part: String { destination + ".part" }

  /// Fetches what is missing; an archive that is already there is only checked.
  ///
  /// - Throws: ``DownloadError``. What has arrived stays for the next call, unless it is known to be wrong.
  public func run(progress: @escaping Progress = { _, _ in }) throws {
    if fileExists(destination) { return try checkWhatIsThere() }
    do {
      try FileManager.default.createDirectory(atPath: dataFolder, withIntermediateDirectories: true)
    } catch {
      throw DownloadError.cannotWrite(file: dataFolder, reason: error.localizedDescription)
    }
    let resumed = size(of: part) > 0
    try fetch(progress)
    do {
      try check(part)
    } catch {
      remove(part)
      guard resumed else { throw error }
      // What lay there may have been the beginning of something else: once more, from the start.
      try fetch(progress)
      try checkOrRemove()
    }
    guard rename(part, destination) == 0 else {
      throw DownloadError.cannotWrite(file: destination, reason: systemReason())
    }
  }

  private func checkWhatIsThere() throws {
    do {
      try check(destination)
    } catch DownloadError.wrongSize(let file, let expected, let found) {
      throw DownloadError.foreignFile(file: file, reason: "\(found) bytes instead of \(expected)")
    } catch DownloadError.wrongChecksum(let file, let expected, let found) {
      throw DownloadError.foreignFile(file: file, reason: "MD5 \(found) instead of \(expected)")
    }
  }

  private func checkOrRemove() throws {
    do {
      try check(part)
    } catch {
      remove(part)
      throw error
    }
  }

  /// Compares size and MD5 of a file with the published ones.
  func check(_ file: String) throws {
    if let expected = archive.byteCount, size(of: file) != expected {
      throw DownloadError.wrongSize(file: file, expected: expected, found: size(of: file))
    }
    let digest = try MessageDigest(.md5)
    try digest.update(fileAt: file)
    let found = digest.finish()
    guard found == archive.md5 else {
      throw DownloadError.wrongChecksum(file: file, expected: archive.md5, found: found)
    }
  }

  /// Attempts until the part is complete.
  private func fetch(_ progress: @escaping Progress) throws {
    do {
      try Retrieval(address: address, part: part, total: archive.byteCount, patience: patience)
        .run(over: Connection(), progress: progress)
    } catch let error as TransferError {
      throw DownloadError(error, destination: destination)
    }
  }

  private func size(of file: String) -> Int {
    var status = stat()
    return stat(file, &status) == 0 ? Int(status.st_size) : 0
  }

  private func remove(_ file: String) { unlink(file) }
}
