import ContentStore
import Foundation
import Manuscript
import Publishing

/// What challenges have found of published runs, remembered in the store: one file for each run as it was published, part of
/// it that was repeated, and environment in which that was. A later repetition of the same takes the place of an earlier one;
/// what was found of one part says nothing of another.
struct Attestations {
  enum Outcome: String, Codable {
    /// The same bytes.
    case identical
    /// Another environment, and numbers within the tolerance.
    case within = "within tolerance"
    case different
  }

  /// A run that was repeated.
  struct Attestation: Codable, Equatable {
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
    /// Which epochs these were, in words; nil for all.
    var epochs: String?
  }

  private let folder: String
  /// By run.
  private var own: [String: [Attestation]] = [:]
  /// What others have put beside the published folder, by run.
  private var others: [String: [Attestation]] = [:]

  /// Those of the results that a folder holds now.
  init(_ source: ForeignSource) throws {
    folder = source.store.root + "/attestations"
    for name in try FileSystem.names(in: folder) where name.hasSuffix(".json") {
      guard let data = FileManager.default.contents(atPath: "\(folder)/\(name)"),
        let attestation = try? JSONDecoder().decode(Attestation.self, from: data),
        attestation.isAbout(source.results)
      else { continue }
      own[attestation.key, default: []].append(attestation)
    }
    for attestation in try OthersAttestations(source.folder).all
    where attestation.isAbout(source.results) && own[attestation.key]?.contains(attestation) != true {
      // Of a machine that tells of the same twice, the later word counts.
      others[attestation.key, default: []].removeAll {
        $0.repeatsSame(as: attestation) && $0.date <= attestation.date
      }
      if !others[attestation.key, default: []].contains(where: { $0.repeatsSame(as: attestation) }) {
        others[attestation.key]?.append(attestation)
      }
    }
  }

  /// Whether anybody has repeated runs of a published folder, as far as is known here, whatever became of them since.
  static func areKept(of source: ForeignSource) throws -> Bool {
    try FileSystem.names(in: source.store.root + "/attestations").contains { $0.hasSuffix(".json") }
      || !OthersAttestations(source.folder).all.isEmpty
  }

  /// A digest of what the files of a published result hold.
  static func digest(_ entry: PublishedIndex.Entry) -> String { entry.manifest.filesDigest }

  /// Remembers one, in place of an earlier one of the same part of the same published run in the same environment.
  ///
  /// - Returns: the file.
  func save(_ attestation: Attestation, environment: [String: String]) throws -> String {
    try FileSystem.createFolder(folder)
    let subject: JSONValue = [
      "environment": .object(environment.mapValues(JSONValue.string)),
      "epochs": .string(attestation.epochs ?? ""),
      "results": .object(attestation.results.mapValues(JSONValue.string)),
    ]
    let path = "\(folder)/\(attestation.key)-\(Digest(of: subject.canonical).hex.prefix(12)).json"
    try FileSystem.update(path, to: JSONEncoder.stable.encode(attestation) + Data("\n".utf8))
    return path
  }

  /// How many of some runs were repeated here, how they came out, and of how many nothing but parts was repeated. A run is
  /// different if anything of it is, and identical if everything is.
  func count(among keys: Set<String>) -> (repeated: Int, identical: Int, different: Int, parts: Int) {
    let found = keys.compactMap { own[$0] }
    return (
      found.count, found.count { $0.allSatisfy { $0.outcome == .identical } },
      found.count { $0.contains { $0.outcome == .different } },
      found.count { $0.allSatisfy { $0.part != nil } }
    )
  }

  /// What others say of some runs: how many they have repeated, of how many one at least says that it came out different,
  /// and where that was. As they say it: nobody has looked over their shoulders.
  func othersCount(among keys: Set<String>) -> (repeated: Int, different: Int, machines: [String]) {
    let found = keys.compactMap { others[$0] }.filter { !$0.isEmpty }
    return (
      found.count, found.count { $0.contains { $0.outcome == .different } },
      Set(found.joined().map(\.machine)).sorted()
    )
  }
}
