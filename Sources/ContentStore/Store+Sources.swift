import Foundation

/// What the fingerprints of results were made from, kept once for each, so that it can be said later which source
/// changed.
extension Store {
  private func path(ofSources digest: String) -> String { "\(root)/sources/\(digest).json" }

  /// Keeps the files that a fingerprint was made from.
  ///
  /// - Throws: ``FileSystemError``.
  public func keepSources(of fingerprint: SourceFingerprint) throws {
    let path = path(ofSources: fingerprint.digest)
    guard access(path, F_OK) != 0 else { return }
    try FileSystem.createFolder("\(root)/sources")
    try FileSystem.write(StoredJSON.encode(fingerprint.files), atomicallyTo: path)
  }

  /// The files and digests that a fingerprint was made from; nil if they were never kept.
  public func sources(of digest: String) -> [String: String]? {
    guard Self.isKey(digest), let data = try? FileSystem.contents(of: path(ofSources: digest)) else {
      return nil
    }
    return try? JSONDecoder().decode([String: String].self, from: data)
  }
}
