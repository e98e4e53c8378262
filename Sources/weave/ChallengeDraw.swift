import Console
import ContentStore
import Foundation
import LinearAlgebra
import Manuscript
import Publishing
import Training

/// A run that can be repeated, with what was found in it.
struct ChallengeRun: Sendable {
  /// The trained run, or the table that was computed without one.
  let entry: PublishedIndex.Entry
  /// What looks at it.
  var readers: [PublishedIndex.Entry]
  /// How long all that has to be done again took where it was made, in seconds.
  let seconds: Double
  /// Whether it begins with a published network instead of with the run that it goes on from.
  let isSegment: Bool
  /// The part of it that is repeated; nil for all of it.
  var part: RunPart?

  var key: String { entry.manifest.key }
  var title: String { entry.manifest.job.title }

  /// What a repetition in another environment is compared with, curve by curve: what looks at the run if its tables are
  /// there, else the run's own; empty if there are none.
  var comparableEntries: [PublishedIndex.Entry] {
    let looks = readers.filter { !$0.tables.isEmpty }
    return looks.isEmpty ? [entry].filter { !$0.tables.isEmpty } : looks
  }

  /// Whether digests or curves can be compared with what comes out in an environment.
  func isComparable(in environment: [String: String]) -> Bool {
    part != nil || !comparableEntries.isEmpty
      || ([entry] + readers).allSatisfy { $0.manifest.job.environment == environment }
  }
}

extension PublishedIndex.Entry {
  /// Its tables that are here, by name.
  var tables: [String: PublishedFile] {
    let names = manifest.files.keys.filter { $0.hasSuffix(".csv") }
    return Dictionary(
      names.compactMap { name in file(name).map { (name, $0) } }, uniquingKeysWith: { first, _ in first })
  }
}

/// Which runs are repeated, drawn by chance.
struct ChallengeDraw {
  /// How many there are to draw from.
  let population: Int
  let drawn: [ChallengeRun]
  /// What a limited time does to the draw; nil where every run was as likely as every other.
  let bias: String?
  /// The same, of how many runs the bound speaks.
  let reach: Int

  /// All runs that some artifacts rest on; of those whose checkpoints are published, a part of each.
  ///
  /// - Parameters:
  ///   - seed: draws the parts.
  ///   - limit: a part is cut to so many seconds, but to no less than an epoch.
  static func population(
    _ artifacts: [PublishedIndex.Artifact], in results: PublishedResults, seed: UInt64, limit: Double?
  ) -> [ChallengeRun] {
    let closure = results.closure(of: artifacts.flatMap(\.results).map(\.key))
    let readers = Dictionary(
      grouping: closure.filter { entry in entry.manifest.job.inputs.contains { $0.name == "run" } }
    ) { $0.manifest.job.inputs.first { $0.name == "run" }?.key ?? "" }
    var chains: [String: Double] = [:]
    var runs: [ChallengeRun] = []
    for entry in closure where entry.manifest.isRun {
      let manifest = entry.manifest
      let start = manifest.job.inputs.first { $0.name == "start" }.flatMap { results.byKey[$0.key] }
      let isSegment = start.map { StartingPoint($0) != nil } ?? false
      let chain = manifest.coreSeconds + (start.flatMap { chains[$0.manifest.key] } ?? 0)
      chains[manifest.key] = chain
      let looks = readers[manifest.key] ?? []
      // What nobody looked at changes no figure.
      guard manifest.job.stage == Stage.compute.rawValue || !looks.isEmpty else { continue }
      let whole = ChallengeRun(
        entry: entry, readers: looks,
        seconds: (isSegment ? manifest.coreSeconds : chain) + looks.map(\.manifest.coreSeconds).reduce(0, +),
        isSegment: isSegment)
      runs.append(whole.part(seed: seed, limit: limit) ?? whole)
    }
    return runs
  }

  /// Draws so many of the runs, each as likely as every other.
  init(_ runs: [ChallengeRun], count: Int, seed: UInt64) {
    population = runs.count
    reach = runs.count
    drawn = Array(Self.shuffled(runs, seed: seed).prefix(count))
    bias = nil
  }

  /// Draws as many as a time allows, on some cores: cheap ones first.
  ///
  /// Runs are put into classes by the doubled time that they take, and from the cheapest class on as many are drawn as
  /// there is time for.
  init(_ runs: [ChallengeRun], budget: Double, cores: Int, seed: UInt64) {
    population = runs.count
    let shuffled = Self.shuffled(runs, seed: seed)
    func group(_ run: ChallengeRun) -> Int { Int(log2(max(run.seconds, 1)).rounded(.down)) }
    let groups = Dictionary(grouping: shuffled, by: group).sorted { $0.key < $1.key }
    var left = budget * Double(cores)
    var drawn: [ChallengeRun] = []
    var last = Int.min
    for (number, members) in groups {
      for run in members where run.seconds <= left && run.seconds <= budget {
        left -= run.seconds
        drawn.append(run)
        last = number
      }
      if drawn.count < groups.prefix(while: { $0.key <= number }).map(\.value.count).reduce(0, +) { break }
    }
    self.drawn = drawn
    reach = runs.count { group($0) <= last }
    let costliest = runs.filter { group($0) <= last }.map(\.seconds).max() ?? 0
    bias =
      reach == runs.count
      ? nil
      : "cheap runs come first: drawn from the \(Format.grouped(reach)) of \(Format.grouped(runs.count)) that take up to "
        + "\(Format.duration(costliest)), so that nothing is said of longer ones"
  }

  private static func shuffled(_ runs: [ChallengeRun], seed: UInt64) -> [ChallengeRun] {
    // Drawn by what runs are, not by where they stand: of a folder that has grown, the same seed draws the same runs, and
    // what is new.
    func mark(_ run: ChallengeRun) -> UInt64 {
      var stream = RandomStream(seed: seed, purpose: "challenge of \(run.key)")
      return UInt64(stream.nextWord()) << 32 | UInt64(stream.nextWord())
    }
    return runs.map { (run: $0, mark: mark($0)) }
      .sorted { ($0.mark, $0.run.key) < ($1.mark, $1.run.key) }.map(\.run)
  }

  /// The largest share of wrong runs with which as many right ones would still be drawn once in twenty times.
  static func bound(_ count: Int) -> Double { 1 - pow(0.05, 1 / Double(max(count, 1))) }

  /// What follows where none of the runs that were repeated is different.
  func conclusion(repeated: Int) -> String {
    let share = String(format: "%.0f", 100 * Self.bound(repeated))
    return "\(repeated) \(repeated == 1 ? "run" : "runs") repeated and none different: at most \(share) % of "
      + (reach == population
        ? "all \(Format.grouped(population)) runs" : "the \(Format.grouped(reach)) runs drawn from")
      + " can be wrong (95 % confidence)"
      + (drawn.contains { $0.part != nil }
        ? "; of long runs a part was repeated, so that this is said of such parts" : "")
  }
}

/// A published network that a run goes on from.
struct StartingPoint {
  let entry: PublishedIndex.Entry
  /// The snapshot's name in the entry.
  let file: String
  let published: PublishedFile

  /// - Returns: nil if the last network of a run is not published.
  init?(_ entry: PublishedIndex.Entry) {
    let names = Array(entry.manifest.files.keys) + Array((entry.manifest.released ?? [:]).keys)
    guard let last = SnapshotName.all(among: names).last.map({ "snapshots/" + $0.fileName }),
      let published = entry.file(last)
    else { return nil }
    (self.entry, file, self.published) = (entry, last, published)
  }
}
