import ContentStore
import Foundation
import Publishing

/// What challenges have found of published runs, remembered in the store: one file for each run and machine.
struct Attestations {
  enum Outcome: String, Codable {
    /// The same bytes.
    case identical
    /// Another environment, and numbers within the tolerance.
    case within = "within tolerance"
    case different
  }

  /// A run that was repeated.
  struct Attestation: Codable {
    /// Of the run as it was published.
    var key: String
    var recipe: String
    var title: String
    var outcome: Outcome
    /// Whether bytes were compared.
    var isExact: Bool
    /// Where they were not, how far curves are from one another, in shares of their range: the median.
    var distance: Double
    /// What was compared.
    var compared: String
    var differences: [String]
    /// The draw that it was part of.
    var seed: UInt64
    var host: String
    var processor: String
    var date: String
    /// Of every published result that was compared, by key, a digest of its files' digests: what is published anew with
    /// other files has not been repeated.
    var results: [String: String]
    /// Which share of the run's epochs was repeated; nil for all.
    var part: Double?
  }

  private let folder: String
  private var byKey: [String: Attestation] = [:]

  /// Those of the results that a folder holds now.
  init(_ source: ForeignSource) throws {
    folder = source.store.root + "/attestations"
    for name in try FileSystem.names(in: folder) where name.hasSuffix(".json") {
      guard let data = FileManager.default.contents(atPath: "\(folder)/\(name)"),
        let attestation = try? JSONDecoder().decode(Attestation.self, from: data),
        attestation.results.allSatisfy({ source.results.byKey[$0.key].map(Self.digest) == $0.value })
      else { continue }
      byKey[attestation.key] = attestation
    }
  }

  /// A digest of what the files of a published result hold.
  static func digest(_ entry: PublishedIndex.Entry) -> String {
    let manifest = entry.manifest
    let files = manifest.files.merging(manifest.released ?? [:]) { first, _ in first }
    return Digest(of: files.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.digest)\n" }.joined()).hex
  }

  /// Remembers one, in place of an earlier one of the same run.
  ///
  /// - Returns: the file.
  func save(_ attestation: Attestation) throws -> String {
    try FileSystem.createFolder(folder)
    let path = "\(folder)/\(attestation.key).json"
    try FileSystem.update(path, to: JSONEncoder.stable.encode(attestation) + Data("\n".utf8))
    return path
  }

  /// How many of some runs were repeated here, how they came out, and of how many it was a part.
  func count(among keys: Set<String>) -> (repeated: Int, identical: Int, different: Int, parts: Int) {
    let found = keys.compactMap { byKey[$0] }
    return (
      found.count, found.count { $0.outcome == .identical }, found.count { $0.outcome == .different },
      found.count { $0.part != nil }
    )
  }
}
