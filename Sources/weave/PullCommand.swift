import Console
import ContentStore
import Figures
import Manuscript
import Publishing

/// `weave pull`: a single published result into the store, whose entry has been set aside or pruned since the graph was
/// written.
enum PullCommand {
  static func run(_ arguments: [String]) throws {
    var options = PlanOptions("pull", "Fetches a published result into the store.")
    let key = options.positional("KEY", help: "of the result")
    let parsed = try options.parse(arguments)
    guard let source = try parsed.foreign() else { throw MissingSource() }
    Interruption.install()
    let wanted = parsed.arguments[key]
    let rejected = try source.pull([wanted])
    guard rejected.isEmpty else {
      try source.reject(source.rejected.union(rejected))
      throw UnusableResult(key: wanted, place: "\(source.place)")
    }
  }

  /// A plan from published results, of which those that goals need are fetched; what comes broken is planned to be made
  /// here. Says what was found.
  static func pulledPlan(
    _ source: ForeignSource, parsed: PlanOptions.Parsed, goals: [String], tables: [MakeGraph.TableTarget],
    isDryRun: Bool
  ) throws -> Plan {
    // What was broken may have been mended.
    try source.reject([])
    let planner = try parsed.foreignPlan(source)
    var (plan, findings) = try planner.plan(parsed.profile, isBest: parsed.isBest)
    let wanted = Set(WorkList(plan, tables: tables).figures(for: goals).map(\.id))
    if parsed.isKeptOnly {
      try requireRecords(plan.artifacts.filter { wanted.contains($0.artifact.block.id) })
    }
    guard !isDryRun else { return plan }
    try TakenResults(source.store).setAside(plan.jobs.filter { !$0.isForeign })
    let keys = Set(
      plan.artifacts.filter { wanted.contains($0.artifact.block.id) }.flatMap(\.jobs).filter(\.isForeign).map(
        \.key))
    guard try source.held(keys).count < keys.count else { return plan }
    Interruption.install()
    let rejected = try source.pull(keys)
    if !rejected.isEmpty {
      try source.reject(rejected)
      (plan, findings) = try planner.plan(parsed.profile, isBest: parsed.isBest)
    }
    let text = ForeignText.brief(findings.filter { wanted.contains($0.artifact) }, source: source)
    for line in text { Console.tell(line) }
    return plan
  }
}

extension PullCommand {
  /// Refuses figures that would be made of runs made here; what is computed without chance is no matter of records.
  private static func requireRecords(_ artifacts: [ArtifactPlan]) throws {
    let missing = artifacts.filter { artifact in
      !artifact.seeds.isEmpty && artifact.jobs.contains { $0.isTable && !$0.isForeign }
    }
    guard let first = missing.first else { return }
    throw MissingRecords(
      figures: missing.map(\.artifact.block.id), profile: first.artifact.profile)
  }
}

/// Runs would be made where results were to be kept ones.
struct MissingRecords: Error, Equatable, CustomStringConvertible {
  let figures: [String]
  let profile: Profile

  var description: String {
    let one = figures.count == 1 ? figures[0] : "figures"
    return "no record is kept at \(profile.rawValue) of \(figures.joined(separator: ", ")); "
      + "'make \(one) PROFILE=\(profile.rawValue)', without FROM, makes the runs"
  }
}

/// A published result is asked for, and no place to take it from.
struct MissingSource: Error, Equatable, CustomStringConvertible {
  var description: String { "there is nowhere to take results from; name a folder or an address with FROM=" }
}

/// A published result cannot be had.
struct UnusableResult: Error, Equatable, CustomStringConvertible, ExitCodeProviding {
  let key: String
  let place: String
  var exitCode: Int32 { 3 }
  var description: String {
    "the result \(key.prefix(12))… cannot be taken from \(place); run 'make' again, which makes it here"
  }
}

/// What was found in a published folder, in words.
enum ForeignText {
  /// A few lines for the terminal.
  static func brief(_ findings: [ForeignPlan.Finding], source: ForeignSource) -> [String] {
    let kept = findings.filter(\.isKept)
    let others = findings.filter { !$0.isKept }
    let total = others.map(\.total).reduce(0, +)
    let found = others.map(\.found).reduce(0, +)
    func count(_ number: Int, _ word: String) -> String {
      "\(Format.grouped(number)) \(number == 1 ? word : word + "s")"
    }
    var parts: [String] = []
    if !kept.isEmpty {
      parts.append("\(count(kept.count, "figure")) as drawn then, from the curves that were kept")
    }
    if found > 0 { parts.append("\(Format.grouped(found)) of \(count(total, "result")) found") }
    if found < total {
      let figures = others.count { $0.found < $0.total }
      parts.append("\(count(total - found, "result")) of \(count(figures, "figure")) made here")
    }
    var lines = ["\(source.place): " + parts.joined(separator: "; ")]
    var counts: [String: Int] = [:]
    for difference in findings.flatMap(\.differences) { counts[difference, default: 0] += 1 }
    lines += counts.sorted { $0.key < $1.key }.map {
      "\($0.value) \($0.value == 1 ? "figure" : "figures"): \($0.key)"
    }
    return lines
  }
}
