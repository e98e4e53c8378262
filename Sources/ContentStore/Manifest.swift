import Specifications

/// What an entry says of itself, in its `manifest.json`.
public struct Manifest: Codable, Hashable, Sendable {
  /// A committed file.
  public struct File: Codable, Hashable, Sendable {
    public let digest: Digest
    public let bytes: Int

    public init(digest: Digest, bytes: Int) {
      self.digest = digest
      self.bytes = bytes
    }
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
  /// How long the stage worked, in seconds, with the attempts that it went on from.
  public let wallSeconds: Double
  public let host: String
  /// When it was committed, ISO 8601 in UTC.
  public let created: String
  /// Of the machine, what no result depends on: the processor's name, how many cores it has, and what these worked.
  public let machine: [String: String]

  /// The key in ``machine`` of the seconds that all cores together were at work.
  public static let processorSeconds = "processorSeconds"

  /// Seconds of one core: what all threads worked where that is known, else ``wallSeconds``.
  public var coreSeconds: Double {
    guard let text = machine[Self.processorSeconds], let seconds = Double(text), seconds > 0, seconds.isFinite
    else { return wallSeconds }
    return seconds
  }

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

extension Manifest {
  /// Rejects what no program of this format wrote: for manifests that come from strangers, naming the key.
  ///
  /// - Throws: `SpecificationProblem`.
  public func validate() throws(SpecificationProblem) {
    guard format == Store.formatVersion else {
      throw SpecificationProblem("format", "is \(format); this program knows \(Store.formatVersion)")
    }
    try job.validate()
    guard key == job.key else { throw SpecificationProblem("key", "is not that of the job") }
    let all = files.merging(released ?? [:]) { first, _ in first }
    try requireCount(all.count, in: 1...1_000_000, "files")
    for (file, facts) in all.sorted(by: { $0.key < $1.key }) {
      guard Workspace.isPlain(file), file.isOneLine(upTo: 500), file != Self.fileName else {
        throw SpecificationProblem("files", "names a file outside of its folder")
      }
      try require(facts.bytes, in: 0...(1 << 50), "files.\(file).bytes")
    }
    try requireNotNegative(wallSeconds, "wallSeconds")
    try requireLine(host, upTo: 300, "host")
    try requireLine(created, upTo: 40, "created")
    try requireCount(machine.count, in: 0...100, "machine")
    for (name, value) in machine.sorted(by: { $0.key < $1.key }) {
      try requireLine(name, upTo: 200, "machine")
      try requireLine(value, upTo: 500, "machine.\(name)")
    }
  }
}

/// Whether a path leads to a file in the folder that it is relative to, or below: none that comes from strangers may lead
/// elsewhere.
public func isPlainPath(_ path: String) -> Bool { Workspace.isPlain(path) }
