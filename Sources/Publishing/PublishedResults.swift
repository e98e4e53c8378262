import ContentStore
import Synchronization

/// The entries of an index, found by what they are.
///
/// A result counts as the one that is asked for in three degrees: the same key, which is the same bits; the same recipe,
/// computed with other tools or on another processor; the same parameters and images all the way down, made by other
/// sources.
public final class PublishedResults: Sendable {
  /// How near a published result is to the one that would be made here.
  public enum Degree: Int, Sendable, Comparable {
    case same, otherEnvironment, otherSources

    public static func < (left: Degree, right: Degree) -> Bool { left.rawValue < right.rawValue }
  }

  public struct Match: Sendable {
    public let entry: PublishedIndex.Entry
    public let degree: Degree
  }

  public let index: PublishedIndex
  public let byKey: [String: PublishedIndex.Entry]
  private let byRecipe: [String: PublishedIndex.Entry]
  /// Prepared images by their contents.
  private let byContents: [String: PublishedIndex.Entry]
  private let byExperiment = Mutex<[String: PublishedIndex.Entry]>([:])
  /// What jobs of known keys compute.
  private let experiments = Mutex<[String: String]>([:])

  /// The longest chain of results, each made from the one before.
  public static let greatestDepth = 500

  public init(_ index: PublishedIndex) {
    self.index = index
    byKey = Dictionary(index.entries.map { ($0.manifest.key, $0) }, uniquingKeysWith: { first, _ in first })
    // Entries come in the order of keys: of several with the same recipe always the same one.
    byRecipe = Dictionary(index.entries.map { ($0.recipe, $0) }, uniquingKeysWith: { first, _ in first })
    byContents = Dictionary(
      index.entries.compactMap { entry in
        guard let contents = entry.dataSet.flatMap({ try? PublishedIndex.contents(ofDataSet: $0) }) else {
          return nil
        }
        return (contents, entry)
      }, uniquingKeysWith: { first, _ in first })
    for entry in index.entries {
      guard let experiment = experiment(of: entry.manifest.job, depth: 0) else { continue }
      byExperiment.withLock { $0[experiment] = $0[experiment] ?? entry }
    }
  }

  /// What a job reads: the entry of its key or, of images, one with the same contents, since they are not made again for
  /// whoever prepared them otherwise.
  public func entry(for input: JobInput) -> PublishedIndex.Entry? {
    byKey[input.key] ?? (input.stage == "prepare" ? byContents[input.recipe] : nil)
  }

  /// The published result that stands for a job's, the nearest one; nil if there is none.
  ///
  /// - Parameter job: of a plan, whose other jobs have been asked for before.
  public func match(_ job: Job, key: String) -> Match? {
    let experiment = experiment(of: job, depth: 0)
    experiments.withLock { $0[key] = experiment }
    if let entry = byKey[key] { return Match(entry: entry, degree: .same) }
    if let entry = byRecipe[job.recipe] { return Match(entry: entry, degree: .otherEnvironment) }
    if let experiment, let entry = byExperiment.withLock({ $0[experiment] }) {
      return Match(entry: entry, degree: .otherSources)
    }
    return nil
  }

  /// A digest of what is computed, whatever sources compute it: stage, parameters, and the same of what it is made from;
  /// nil where that is not known.
  private func experiment(of job: Job, depth: Int) -> String? {
    guard depth < Self.greatestDepth else { return nil }
    var inputs: [JSONValue] = []
    for input in job.inputs {
      // Images count by content.
      guard
        let known = input.stage == "prepare" ? input.recipe : experiment(ofKey: input.key, depth: depth + 1)
      else { return nil }
      inputs.append([.string(input.name), .string(input.stage), .string(known)])
    }
    var parameters = job.parameters
    // Which file of a set the images were read from says nothing about them.
    if job.stage == "prepare", case .object(var members) = parameters {
      members["digest"] = nil
      parameters = .object(members)
    }
    return Digest(
      of: JSONValue.object([
        "stage": .string(job.stage), "module": .string(job.module), "parameters": parameters,
        "inputs": .array(inputs),
      ]).canonical
    ).hex
  }

  private func experiment(ofKey key: String, depth: Int) -> String? {
    if let known = experiments.withLock({ $0[key] }) { return known }
    guard let entry = byKey[key] else { return nil }
    let found = experiment(of: entry.manifest.job, depth: depth)
    experiments.withLock { $0[key] = found }
    return found
  }

  /// The modules of which a source has changed between two fingerprints, as the index and `here` know them; nil where one
  /// is not known.
  ///
  /// - Parameter here: the files of the fingerprint as it is now, `Module/File.swift` → digest.
  public func changedModules(since fingerprint: String, here: [String: String]) -> [String]? {
    guard let then = index.fingerprints[fingerprint], !then.isEmpty, !here.isEmpty else { return nil }
    let files = Set(then.keys).union(here.keys).filter { then[$0] != here[$0] }
    return Set(files.map(Self.module)).sorted()
  }

  private static func module(ofFile file: String) -> String {
    if file.hasPrefix("Package.swift") { return "Package.swift" }
    return "Sources/" + (file.split(separator: "/").first.map(String.init) ?? file)
  }

  /// What an artifact's results rest on, each after what it is made from.
  public func closure(of keys: [String]) -> [PublishedIndex.Entry] {
    var seen: Set<String> = []
    var result: [PublishedIndex.Entry] = []
    // Iterative: a chain may be long.
    var stack = keys.reversed().compactMap { byKey[$0] }.map { (entry: $0, isOpen: false) }
    while let (entry, isOpen) = stack.popLast() {
      if isOpen {
        result.append(entry)
      } else if seen.insert(entry.manifest.key).inserted {
        stack.append((entry, true))
        stack += entry.manifest.job.inputs.reversed().compactMap(self.entry).map { ($0, false) }
      }
    }
    return result
  }
}
