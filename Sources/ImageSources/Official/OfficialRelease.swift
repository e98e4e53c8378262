import PreparedImages

/// An archive as its authors publish it.
public struct OfficialArchive: Hashable, Sendable {
  public let fileName: String
  /// The address of the folder that holds the archive, without the file name.
  public let baseAddress: String
  /// The published checksum, lowercase hexadecimal.
  public let md5: String
  /// The size where it is known.
  public let byteCount: Int?

  public init(fileName: String, baseAddress: String, md5: String, byteCount: Int?) {
    self.fileName = fileName
    self.baseAddress = baseAddress
    self.md5 = md5
    self.byteCount = byteCount
  }
}

/// How the authors of a data set give it away.
public enum OfficialRelease: Hashable, Sendable {
  /// Anybody may fetch the archive.
  case archive(OfficialArchive)
  /// Files for registered people alone, who put them into the official folder themselves.
  ///
  /// - Parameters:
  ///   - site: where to register.
  ///   - files: their names, in words.
  case registered(site: String, files: String)
}
