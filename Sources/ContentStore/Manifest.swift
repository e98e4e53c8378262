/// What an entry says of itself, in its `manifest.json`.
public struct Manifest: Codable, Hashable, Sendable {
  /// A committed file.
  public struct File: Codable, Hashable, Sendable {
    public let digest: Digest
    public let bytes: Int
  }

  /// The name of the file in every entry that holds this.
  public static let fileName = "manifest.json"

  /// ``Store/formatVersion`` of the program that wrote it.
  public let format: Int
  public let key: String
  public let job: Job
  /// Path within the entry → facts.
  public internal(set) var files: [String: File]
  /// The same of files that were dropped when they had served their purpose; nil if none was.
  public internal(set) var released: [String: File]?
  /// How long the stage worked, in seconds.
  public let wallSeconds: Double
  public let host: String
  /// When it was committed, ISO 8601 in UTC.
  public let created: String
  /// Of the machine, what no result depends on: the processor's name and how many cores it has.
  public let machine: [String: String]

  /// Whether a manifest is of an earlier format: its key is none that this program asks for.
  static func isOld(_ path: String) -> Bool {
    struct Header: Decodable {
      let format: Int
    }
    guard let data = try? FileSystem.contents(of: path),
      let header = try? StoredJSON.decode(Header.self, from: data, path: path)
    else { return false }
    return header.format < Store.formatVersion
  }

  /// Decodes a manifest; a newer format is told apart from a broken file before anything else is looked at.
  static func read(_ path: String) throws -> Manifest {
    struct Header: Decodable {
      let format: Int
    }
    let data = try FileSystem.contents(of: path)
    let header = try StoredJSON.decode(Header.self, from: data, path: path)
    guard header.format <= Store.formatVersion else {
      throw StoreError.newerFormat(path: path, found: header.format)
    }
    let manifest = try StoredJSON.decode(Manifest.self, from: data, path: path)
    // What it names is read, digested and removed: nothing outside of the entry's folder.
    for file in Array(manifest.files.keys) + Array((manifest.released ?? [:]).keys)
    where !Workspace.isPlain(file) {
      throw StoreError.unreadable(path: path, reason: "it names a file outside of its folder")
    }
    return manifest
  }
}
