import ContentStore
import Foundation
import Specifications

/// What a published folder holds: artifacts, the results that they rest on, and where the files of these lie.
///
/// One JSON file, small enough to be read whole; equal stores make equal bytes.
public struct PublishedIndex: Codable, Sendable {
  /// The version of this form. Readers refuse newer ones.
  public static let formatVersion = 1
  /// The file's name in the folder.
  public static let fileName = "index.json"
  /// The most bytes of an index.
  public static let greatestFile = 256 << 20

  public var format = Self.formatVersion
  /// In the order of profile and name.
  public var artifacts: [Artifact] = []
  /// In the order of their keys.
  public var entries: [Entry] = []
  /// A fingerprint → the files with the digests that it was made from, so that it can be said which sources changed.
  public var fingerprints: [String: [String: String]] = [:]

  public init() {}

  /// A figure at a profile.
  public struct Artifact: Codable, Sendable {
    public var id: String
    public var title: String
    public var profile: String
    public var seeds: [UInt64]
    /// The commit of the sources that made the results, as `git describe` says it; empty where that is unknown.
    public var commit: String
    /// The SHA-256 of those sources; empty where that is unknown.
    public var sources: String
    /// When the last of its results was made, ISO 8601; empty where that is unknown.
    public var made: String
    /// On which machine; empty where that is unknown.
    public var host: String
    public var processor: String
    /// The images that it rests on.
    public var dataSets: [DataSet]
    /// What it was drawn and judged from, in the order of the plan; empty where the curves alone were kept.
    public var results: [Result]
    /// By its name's ending, the figure's numbers (`csv`) and its record (`json`).
    /// Nothing of a figure that is published in part.
    public var figure: [String: PublishedFile]
    /// Of a figure of which the curves alone were kept, how its runs can be repeated (``KeptRuns``); nil if that was not
    /// kept, or is among the index's own entries.
    public var runs: PublishedFile?

    /// Whether results are missing, so that it was not drawn: readers make them.
    public var isPart: Bool { figure.isEmpty }

    public init(
      id: String, title: String, profile: String, seeds: [UInt64], commit: String, sources: String,
      made: String, host: String, processor: String, dataSets: [DataSet], results: [Result],
      figure: [String: PublishedFile], runs: PublishedFile? = nil
    ) {
      self.id = id
      self.title = title
      self.profile = profile
      self.seeds = seeds
      self.commit = commit
      self.sources = sources
      self.made = made
      self.host = host
      self.processor = processor
      self.dataSets = dataSets
      self.results = results
      self.figure = figure
      self.runs = runs
    }
  }

  /// A set of images by where it comes from.
  public struct DataSet: Codable, Hashable, Sendable {
    public var set: String
    public var synthetic: Bool
    /// The SHA-256 of the official files, or of the synthetic set's recipe.
    public var digest: String

    public init(set: String, synthetic: Bool, digest: String) {
      self.set = set
      self.synthetic = synthetic
      self.digest = digest
    }
  }

  /// A result of an artifact, by what it is in the artifact's words.
  public struct Result: Codable, Hashable, Sendable {
    public var slot: String
    public var recipe: String
    public var key: String

    public init(slot: String, recipe: String, key: String) {
      self.slot = slot
      self.recipe = recipe
      self.key = key
    }
  }

  /// A store entry: its manifest, and which of its files are here.
  public struct Entry: Codable, Sendable {
    public var recipe: String
    public var manifest: Manifest
    /// Files of the manifest that are here → the lengths of their blobs.
    public var packed: [String: Int]
    /// What prepared images are, from their `dataset.json`.
    public var dataSet: JSONValue?

    public init(manifest: Manifest, packed: [String: Int], dataSet: JSONValue? = nil) {
      recipe = manifest.job.recipe
      self.manifest = manifest
      self.packed = packed
      self.dataSet = dataSet
    }

    /// Where a file lies; nil if it is not here.
    public func file(_ name: String) -> PublishedFile? {
      guard let packed = packed[name],
        let facts = manifest.files[name] ?? manifest.released?[name]
      else { return nil }
      return PublishedFile(digest: facts.digest, bytes: facts.bytes, packed: packed)
    }
  }

  /// The stages whose results are published: what figures are drawn from, and what that came from.
  public static let stages: Set<String> = ["prepare", "train", "measure", "compute"]
}

/// Reading and writing.
extension PublishedIndex {
  /// The text of the index.
  ///
  /// - Parameter isPretty: with a line for each fact, as long as there are few, for people and version control.
  public func encoded(isPretty: Bool = false) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    if isPretty { encoder.outputFormatting.insert(.prettyPrinted) }
    return try encoder.encode(self) + Data("\n".utf8)
  }

  /// Reads and checks an index.
  ///
  /// - Parameter place: for messages.
  /// - Throws: ``PublishingError/newerFormat(place:found:)``, ``PublishingError/malformed(place:reason:)``.
  public init(_ data: Data, place: String) throws {
    struct Header: Decodable {
      let format: Int
    }
    guard data.count <= Self.greatestFile else {
      throw PublishingError.malformed(place: place, reason: "it has more than \(Self.greatestFile) bytes")
    }
    do {
      let header = try JSONDecoder().decode(Header.self, from: data)
      guard header.format <= Self.formatVersion else {
        throw PublishingError.newerFormat(place: place, found: header.format)
      }
      self = try JSONDecoder().decode(PublishedIndex.self, from: data)
      try validate()
    } catch let error as DecodingError {
      throw PublishingError.malformed(place: place, reason: Self.reason(error))
    } catch let problem as SpecificationProblem {
      throw PublishingError.malformed(place: place, reason: "\(problem)")
    }
  }

  func validate() throws(SpecificationProblem) {
    try requireCount(artifacts.count, in: 0...10_000, "artifacts")
    try requireCount(entries.count, in: 0...500_000, "entries")
    for (index, entry) in entries.enumerated() {
      do { try entry.validate() } catch { throw error.below("entries.\(index)") }
    }
    let recipes = Dictionary(
      entries.map { ($0.manifest.key, $0.recipe) }, uniquingKeysWith: { first, _ in first })
    guard recipes.count == entries.count else { throw SpecificationProblem("entries", "holds a key twice") }
    try validateInputs()
    for (index, artifact) in artifacts.enumerated() {
      do { try artifact.validate(recipes: recipes) } catch { throw error.below("artifacts.\(index)") }
    }
    guard Set(artifacts.map { "\($0.id) at \($0.profile)" }).count == artifacts.count else {
      throw SpecificationProblem("artifacts", "holds an artifact twice")
    }
    for (fingerprint, files) in fingerprints {
      guard Digest(hex: fingerprint) != nil else {
        throw SpecificationProblem("fingerprints", "holds a name that is no digest")
      }
      try requireCount(files.count, in: 0...100_000, "fingerprints")
      for (file, digest) in files {
        try requireLine(file, upTo: 500, "fingerprints")
        try requireLine(digest, upTo: 100, "fingerprints")
      }
    }
  }

  /// Rejects an input whose key is that of another result than the one that it says to be: a key covers what an input is,
  /// not where it lies. As nothing holds its own digest, no result is made from itself then.
  private func validateInputs() throws(SpecificationProblem) {
    let known = Dictionary(
      entries.map { ($0.manifest.key, (stage: $0.manifest.job.stage, name: $0.nameAsInput)) },
      uniquingKeysWith: { first, _ in first })
    for (index, entry) in entries.enumerated() {
      for (place, input) in entry.manifest.job.inputs.enumerated() {
        guard let before = known[input.key] else { continue }
        guard before.stage == input.stage, before.name == input.recipe else {
          throw SpecificationProblem(
            "entries.\(index).manifest.job.inputs.\(place).key",
            "is the key of another result than its recipe says")
        }
      }
    }
  }

  static func reason(_ error: DecodingError) -> String {
    func words(_ context: DecodingError.Context, _ more: [any CodingKey] = []) -> String {
      let path = (context.codingPath + more).map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }
      return "\(path.isEmpty ? "" : path.joined(separator: ".") + ": ")\(context.debugDescription)"
    }
    return switch error {
    case .keyNotFound(let key, let context): words(context, [key])
    case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
      words(context)
    @unknown default: "not decodable"
    }
  }
}

extension PublishedIndex.Entry {
  /// Of one core, three centuries.
  private static let mostSeconds = 1e10

  private var isImages: Bool { manifest.job.stage == "prepare" }

  /// What readers call the recipe of this input: of images, a digest of what these are.
  fileprivate var nameAsInput: String? {
    isImages ? dataSet.flatMap { try? PublishedIndex.contents(ofDataSet: $0) } : recipe
  }

  fileprivate func validate() throws(SpecificationProblem) {
    do { try manifest.validate() } catch { throw error.below("manifest") }
    // What is added up over all results must stay a number of seconds.
    for (seconds, key) in [
      (manifest.wallSeconds, "wallSeconds"),
      (manifest.coreSeconds, "machine.\(Manifest.processorSeconds)"),
    ] {
      try require(seconds, in: 0...Self.mostSeconds, "manifest.\(key)")
    }
    guard PublishedIndex.stages.contains(manifest.job.stage) else {
      throw SpecificationProblem(
        "manifest.job.stage", "is '\(manifest.job.stage)', whose results are not published")
    }
    guard recipe == manifest.job.recipe else {
      throw SpecificationProblem("recipe", "is not that of the job")
    }
    guard !isImages || manifest.job.inputs.isEmpty else {
      throw SpecificationProblem("manifest.job.inputs", "must be none: images are made from official files")
    }
    for name in packed.keys.sorted() {
      guard let file = file(name) else {
        throw SpecificationProblem("packed", "names a file that the manifest does not")
      }
      do { try file.validate() } catch { throw error.below("packed") }
    }
  }
}

extension PublishedIndex.Artifact {
  fileprivate func validate(recipes: [String: String]) throws(SpecificationProblem) {
    try requireFileName(id, "id")
    try requireLine(title, "title")
    try requireFileName(profile, "profile")
    try requireCount(seeds.count, in: 0...1_000, "seeds")
    for (text, key) in [
      (commit, "commit"), (sources, "sources"), (made, "made"), (host, "host"), (processor, "processor"),
    ] {
      try requireLine(text, upTo: 300, key)
    }
    // It is handed to git.
    if !commit.isEmpty { try requireFileName(commit, "commit") }
    try requireCount(dataSets.count, in: 0...100, "dataSets")
    for (index, set) in dataSets.enumerated() {
      try requireLine(set.set, upTo: 100, "dataSets.\(index).set")
      try requireLine(set.digest, upTo: 200, "dataSets.\(index).digest")
    }
    try requireCount(results.count, in: 0...100_000, "results")
    for (index, result) in results.enumerated() {
      try requireLine(result.slot, "results.\(index).slot")
      guard let recipe = recipes[result.key] else {
        throw SpecificationProblem("results.\(index).key", "is not among the entries")
      }
      guard recipe == result.recipe else {
        throw SpecificationProblem("results.\(index).recipe", "is not that of the entry")
      }
    }
    for (ending, file) in figure.sorted(by: { $0.key < $1.key }) {
      guard ["csv", "json"].contains(ending) else {
        throw SpecificationProblem("figure", "holds '\(ending)'; there are csv and json")
      }
      // Both are read whole.
      try require(file.bytes, in: 0...(256 << 20), "figure.\(ending).bytes")
      do { try file.validate() } catch { throw error.below("figure.\(ending)") }
    }
    if let runs {
      try require(runs.bytes, in: 0...(256 << 20), "runs.bytes")
      do { try runs.validate() } catch { throw error.below("runs") }
    }
  }
}

/// Images count by content.
extension PublishedIndex {
  /// A digest of everything about prepared images but where they come from: what recipes hold of them.
  ///
  /// - Parameter dataSet: their `dataset.json`.
  /// - Throws: `StoreError` for anything but an object.
  public static func contents(ofDataSet dataSet: JSONValue) throws -> String {
    guard case .object(var facts) = dataSet else {
      throw StoreError.unreadable(path: "dataset.json", reason: "it should hold an object")
    }
    for name in ["name", "title", "synthetic", "sourceDigest"] { facts[name] = nil }
    return Digest(of: JSONValue.object(facts).canonical).hex
  }
}
