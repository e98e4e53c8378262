import ContentStore
import Specifications

/// A file of a published folder: what it holds, and where it lies.
public struct PublishedFile: Codable, Hashable, Sendable {
  /// The SHA-256 of its contents, unpacked, and their length in bytes.
  public var digest: Digest
  public var bytes: Int
  /// The length of the blob, compressed with zstd; nil for a file that lies at ``path`` as it is.
  public var packed: Int?
  /// The place below the folder of a file that is not compressed; nil for a blob.
  public var path: String?

  public init(digest: Digest, bytes: Int, packed: Int? = nil, path: String? = nil) {
    self.digest = digest
    self.bytes = bytes
    self.packed = packed
    self.path = path
  }

  /// The folder of blobs.
  public static let blobFolder = "blobs"

  /// Where the contents with a digest lie, compressed.
  public static func blobPath(_ digest: Digest) -> String {
    "\(blobFolder)/\(digest.hex.prefix(2))/\(digest.hex).zst"
  }

  /// Where it lies, relative to the folder.
  public var place: String { path ?? Self.blobPath(digest) }
  /// How many bytes lie there.
  public var length: Int { packed ?? bytes }

  /// The most bytes of a file: more than any table or snapshot has.
  static let greatestFile = 1 << 40

  /// The most bytes of a blob: what cannot be compressed grows by a 256th and a few bytes more.
  private static func greatestPacked(_ bytes: Int) -> Int { bytes + bytes / 128 + 4_096 }

  /// Rejects what leads out of the folder or is of no size, naming the key.
  func validate() throws(SpecificationProblem) {
    try require(bytes, in: 0...Self.greatestFile, "bytes")
    if let packed { try require(packed, in: 1...Self.greatestPacked(bytes), "packed") }
    guard (packed == nil) != (path == nil) else {
      throw SpecificationProblem("packed", "must be given, or else path")
    }
    if let path {
      guard isPlainPath(path), path.isOneLine(upTo: 500),
        path.utf8.allSatisfy({ $0 > 32 && $0 < 127 && !Array("\\?#%\"'".utf8).contains($0) })
      else { throw SpecificationProblem("path", "leads out of the folder, or is no plain name") }
    }
  }
}
