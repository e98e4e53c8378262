import Console
import ContentStore
import Foundation
import Manuscript
import Publishing
import Stages
import Training

/// `weave challenge`: repeats some of the published runs and compares.
enum ChallengeCommand {
  static func run(_ arguments: [String]) throws {
    var options = PlanOptions("challenge", "Repeats some of the published runs here and compares.")
    let runs = options.text("runs", value: "N", default: "", help: "how many runs, 3 if nothing is said")
    let budget = options.text(
      "budget", value: "TIME", default: "",
      help: "as many runs as so much time allows, such as 10min; cheap ones first")
    let draw = options.text("draw", value: "SEED", default: "", help: "draws what an earlier challenge drew")
    let programs = options.text(
      "bin", value: "FOLDER", default: ".build/release", help: "where the programs are")
    let isa = options.text("isa", value: "NAME", default: "native", help: "what programs are built for")
    let figures = options.positionals("ARTIFACT", help: "draw from the runs of these figures alone")
    let parsed = try options.parse(arguments)
    let size = try Size(runs: parsed.arguments[runs], budget: parsed.arguments[budget])
    let seed = try Self.seed(parsed.arguments[draw])
    guard let published = try parsed.foreign(isFresh: true) else { throw MissingSource() }
    Interruption.install()
    let names = parsed.arguments[figures]
    let source = try published.withRuns(of: artifacts(of: published, named: names, parsed: parsed))
    let artifacts = try Self.artifacts(of: source, named: names, parsed: parsed)
    let all = ChallengeDraw.population(artifacts, in: source.results, seed: seed, limit: size.limit)
    guard !all.isEmpty else { throw NothingToRepeat(place: "\(source.place)", names: names) }
    let environment = parsed.environment()
    let population = all.filter { $0.isComparable(in: environment) }
    guard !population.isEmpty else { throw NothingToCompare(place: "\(source.place)", count: all.count) }
    let cores = ProcessInfo.processInfo.activeProcessorCount
    let drawn =
      switch size {
      case .runs(let count): ChallengeDraw(population, count: count, seed: seed)
      case .budget(let seconds): ChallengeDraw(population, budget: seconds, cores: cores, seed: seed)
      }
    guard !drawn.drawn.isEmpty else {
      throw BudgetTooSmall(least: population.map(\.seconds).min() ?? 0)
    }
    let seconds = drawn.drawn.map(\.seconds).reduce(0, +)
    print(
      "challenge of \(source.place): \(drawn.drawn.count) of \(Format.grouped(drawn.population)) runs, drawn with seed "
        + "\(seed) (DRAW=\(seed) draws them again); \(Format.duration(seconds)) of one core where they were made"
    )
    if population.count < all.count {
      print(
        "\(all.count - population.count) runs of another environment than this one are left out: of their tables the "
          + "digests alone were kept")
    }
    if let bias = drawn.bias { print(bias) }
    // Before hours of work, wherever it goes.
    fflush(nil)
    let rows = try Challenge(
      source: source, parsed: parsed, artifacts: artifacts, draw: drawn, seed: seed,
      programs: parsed.arguments[programs], isa: parsed.arguments[isa]
    ).run()
    report(rows, draw: drawn, attestations: source.store.root + "/attestations")
    let different = rows.count { $0.outcome == .different }
    guard different == 0 else { throw RunsDiffer(count: different, of: rows.count) }
  }

  private static func report(_ rows: [Attestations.Attestation], draw: ChallengeDraw, attestations: String) {
    var table = TextTable(.left("run"), .left("outcome"), .left("compared"), .right("distance"))
    for row in rows {
      table.add([
        row.title, row.outcome.rawValue, row.compared,
        row.isExact ? "" : Format.rounded(row.distance),
      ])
    }
    print("\n" + table.text())
    for row in rows where row.outcome == .different {
      print("\(row.title): " + row.differences.prefix(4).joined(separator: ", "))
    }
    for line in Set(rows.filter { $0.outcome != .different }.flatMap(\.differences)).sorted() { print(line) }
    if rows.allSatisfy({ $0.outcome != .different }) { print("\n" + draw.conclusion(repeated: rows.count)) }
    print("attested in \(attestations)")
  }

  /// How much is repeated.
  private enum Size {
    case runs(Int)
    case budget(Double)

    /// What one run may take, in seconds.
    var limit: Double? { if case .budget(let seconds) = self { seconds } else { nil } }

    init(runs: String, budget: String) throws {
      guard runs.isEmpty || budget.isEmpty else {
        throw BadChallenge(reason: "RUNS and BUDGET exclude each other; give one")
      }
      guard !budget.isEmpty else {
        guard let count = Int(runs.isEmpty ? "3" : runs), (1...100_000).contains(count) else {
          throw BadChallenge(reason: "RUNS=\(runs) is no number of runs; give 1 or more")
        }
        self = .runs(count)
        return
      }
      let digits = budget.prefix { $0.isNumber || $0 == "." }
      let units = ["s": 1.0, "min": 60, "h": 3600, "d": 86_400]
      guard let value = Double(digits), value > 0, value < 1e6,
        let unit = units[String(budget.dropFirst(digits.count))]
      else { throw BadChallenge(reason: "BUDGET=\(budget) is no time; give one such as 90s, 10min or 2h") }
      self = .budget(value * unit)
    }
  }

  private static func seed(_ text: String) throws -> UInt64 {
    guard !text.isEmpty else { return UInt64.random(in: 0..<1_000_000) }
    guard let seed = UInt64(text) else {
      throw BadChallenge(reason: "DRAW=\(text) is no seed; give a whole number")
    }
    return seed
  }

  /// The published artifacts of some names, each at the profile that is drawn from.
  private static func artifacts(
    of source: ForeignSource, named names: [String], parsed: PlanOptions.Parsed
  ) throws -> [PublishedIndex.Artifact] {
    let known = Set(source.results.index.artifacts.map(\.id))
    for name in names where !known.contains(name) {
      throw UnknownArtifact(
        id: name, known: known.sorted { $0.compare($1, options: .numeric) == .orderedAscending })
    }
    let ids = names.isEmpty ? known : Set(names)
    return ids.sorted().compactMap { id in
      guard parsed.isBest else { return source.artifact(id, profile: parsed.profile) }
      return source.profiles.reversed().lazy.compactMap { source.artifact(id, profile: $0) }.first
    }
  }
}

/// A challenge under way.
struct Challenge {
  let source: ForeignSource
  let parsed: PlanOptions.Parsed
  let artifacts: [PublishedIndex.Artifact]
  let draw: ChallengeDraw
  let seed: UInt64
  let programs: String
  let isa: String

  /// Where runs are repeated: a store of its own, in which nothing published is taken for repeated.
  private var folder: String { source.store.root + "/challenge" }

  func run() throws -> [Attestations.Attestation] {
    let parts = draw.drawn.filter { $0.part != nil }
    let others = draw.drawn.filter { $0.part == nil }
    let (whole, segments) = (others.filter { !$0.isSegment }, others.filter(\.isSegment))
    return try perform(whole, in: folder + "/whole") + perform(segments, in: folder + "/segments")
      + perform(parts, in: folder + "/parts")
  }

  private func perform(_ runs: [ChallengeRun], in root: String) throws -> [Attestations.Attestation] {
    guard !runs.isEmpty else { return [] }
    let store = try Store(root: root)
    let environment = parsed.environment()
    var jobs = ChallengeJobs(source.results, environment: environment) { set, isSynthetic in
      try parsed.source(of: set, choice: isSynthetic ? .synthetic : .real).digest
    }
    for run in runs { try jobs.add(run) }
    try fetch(jobs.starts, into: store)
    let builds = try EarlierBuild.programs(
      for: jobs.steps.map(\.job), commits: EarlierBuild.commits(of: artifacts, in: source.results),
      current: programs, isa: isa, folder: folder + "/builds")
    try StageScheduler(
      store: store, folder: root + "/jobs", dataFolder: parsed.dataFolder,
      programs: { builds[$0.fingerprint] ?? programs }
    ).run(jobs.steps)
    try checkImages(jobs, in: store)
    return try runs.map { try compare($0, jobs, in: store) }
  }

  /// Published networks that runs begin with become entries.
  private func fetch(_ starts: [String: Puller.Item], into store: Store) throws {
    let bad = try Puller(place: source.place, store: store, patience: ForeignSource.patience)
      .pull(
        starts.sorted { $0.key < $1.key }.map(\.value), progress: { _ in },
        shouldStop: { Interruption.requested != nil })
    if let first = bad.first { throw PublishingError.badFile(place: first.title, reason: first.reason) }
  }

  /// Other images would explain any difference.
  private func checkImages(_ jobs: ChallengeJobs, in store: Store) throws {
    for step in jobs.steps where step.job.stage == Stage.prepare.rawValue {
      guard let entry = try store.entry(stage: step.job.stage, key: step.key),
        let theirs = source.results.byKey[step.published]?.dataSet
      else { continue }
      guard
        try PublishedIndex.contents(ofDataSet: PreparedContents.facts(in: entry.folder))
          == PublishedIndex.contents(ofDataSet: theirs)
      else { throw OtherImages(title: step.job.title) }
    }
  }

  private func compare(
    _ run: ChallengeRun, _ jobs: ChallengeJobs, in store: Store
  ) throws -> Attestations.Attestation {
    var comparison = ResultComparison()
    var environments: Set<String> = []
    for theirs in [run.entry] + run.readers {
      let ours = try repeated(theirs, jobs, in: store)
      environments.formUnion(Explanation.environmentChanges(from: theirs.manifest.job, to: ours.manifest.job))
    }
    let isSame = environments.isEmpty
    if run.part != nil {
      try comparePart(of: run, jobs, in: store, isSame: isSame, by: &comparison)
    } else if isSame {
      for theirs in [run.entry] + run.readers {
        comparison.addDigests(try repeated(theirs, jobs, in: store).manifest, theirs.manifest)
      }
    } else {
      // Other rounding: the numbers that figures are drawn from, curve by curve.
      for theirs in run.comparableEntries {
        let ours = try repeated(theirs, jobs, in: store)
        for (name, file) in theirs.tables.sorted(by: { $0.key < $1.key }) {
          let there = try source.table(file, named: name)
          try comparison.addTables(
            ours.path(of: name), there, name: "\(theirs.manifest.job.stage): \(name)")
        }
      }
    }
    let attestation = attestation(of: run, comparison, environments: environments)
    _ = try Attestations(source).save(attestation, environment: parsed.environment())
    return attestation
  }

  /// Compares what was recorded in a part of a run, and the snapshots and checkpoints taken in it.
  private func comparePart(
    of run: ChallengeRun, _ jobs: ChallengeJobs, in store: Store, isSame: Bool,
    by comparison: inout ResultComparison
  ) throws {
    let ours = try repeated(run.entry, jobs, in: store)
    guard let part = run.part, let job = jobs.histories[run.key],
      let theirs = try store.entry(stage: job.stage, key: job.key)
    else { throw MissingPublished(key: run.key) }
    let history = try HistoryRow.read(ours.path(of: "history.csv"))
    guard let first = history.last(where: { $0.epoch == part.segment.firstEpoch }), let last = history.last,
      first.step < last.step
    else { throw UnusableResult(key: run.key, place: "\(source.place)") }
    let steps = first.step + 1...last.step
    if isSame {
      comparison.addDigests(of: ours.manifest.files.filter { $0.key != "history.csv" }, run.entry.manifest)
    }
    try comparison.addRows(
      ours.path(of: "history.csv"), theirs.path(of: "history.csv"), steps: steps, isExact: isSame,
      name: "train: history.csv")
    for reader in run.readers {
      try comparison.addRows(
        repeated(reader, jobs, in: store).path(of: "metrics.csv"), pulled(reader).path(of: "metrics.csv"),
        steps: steps, isExact: isSame, name: "measure: metrics.csv")
    }
  }

  /// What came out here of a published result.
  private func repeated(
    _ theirs: PublishedIndex.Entry, _ jobs: ChallengeJobs, in store: Store
  ) throws -> Entry {
    guard let job = jobs.job(repeating: theirs.manifest.key),
      let ours = try store.entry(stage: job.stage, key: job.key)
    else { throw MissingPublished(key: theirs.manifest.key) }
    return ours
  }

  /// A published result with its files.
  private func pulled(_ theirs: PublishedIndex.Entry) throws -> Entry {
    let key = theirs.manifest.key
    guard try !source.pull([key]).contains(key),
      let there = try source.store.entry(stage: theirs.manifest.job.stage, key: key)
    else { throw UnusableResult(key: key, place: "\(source.place)") }
    return there
  }

  private func attestation(
    of run: ChallengeRun, _ comparison: ResultComparison, environments: Set<String>
  ) -> Attestations.Attestation {
    let isSame = environments.isEmpty
    let outcome: Attestations.Outcome =
      isSame
      ? (comparison.different.isEmpty ? .identical : .different) : comparison.isWithin ? .within : .different
    let tolerance = ResultComparison.tolerance
    let start = run.part.map { ", \($0.words)" } ?? (run.isSegment ? ", from a published network" : "")
    let rows = comparison.rows > 0 ? " and \(Format.grouped(comparison.rows)) rows of tables" : ""
    return Attestations.Attestation(
      key: run.key, recipe: run.entry.recipe, title: run.title, outcome: outcome, isExact: isSame,
      distance: comparison.median,
      compared: isSame
        ? "\(comparison.files) \(comparison.files == 1 ? "file" : "files") by SHA-256\(rows)\(start)"
        : "\(comparison.distances.count) curves: median \(Format.rounded(comparison.median)) ≤ \(tolerance.median), "
          + "greatest \(Format.rounded(comparison.greatest)) ≤ \(tolerance.greatest)\(start)",
      differences: outcome == .different && !comparison.different.isEmpty
        ? comparison.different : environments.sorted(),
      seed: seed, host: Self.host, processor: Build.processorName ?? "", date: Date().ISO8601Format(),
      results: Dictionary(
        ([run.entry] + run.readers).map { ($0.manifest.key, Attestations.digest($0)) },
        uniquingKeysWith: { first, _ in first }),
      part: run.part?.share, epochs: run.part?.words)
  }

  private static var host: String { ProcessInfo.processInfo.hostName }
}

/// A challenge was asked for that cannot be meant.
struct BadChallenge: Error, Equatable, CustomStringConvertible {
  let reason: String
  var description: String { reason }
}

struct NothingToRepeat: Error, Equatable, CustomStringConvertible {
  let place: String
  /// The figures that were named.
  let names: [String]
  var description: String {
    "\(place) holds no runs\(names.isEmpty ? "" : " of \(names.joined(separator: ", "))") that could be repeated, only curves "
      + "as they were drawn; challenge a folder that 'make publish' wrote, or a figure that was kept with its runs"
  }
}

struct NothingToCompare: Error, Equatable, CustomStringConvertible {
  let place: String
  let count: Int
  var description: String {
    "of the \(count) runs in \(place) digests alone were kept, and this is another environment than theirs: there is nothing "
      + "to compare a repetition with"
  }
}

struct BudgetTooSmall: Error, Equatable, CustomStringConvertible {
  let least: Double
  var description: String { "no run fits into this BUDGET; the cheapest took \(Format.duration(least))" }
}

/// The images that were prepared here are not those of the published results.
struct OtherImages: Error, Equatable, CustomStringConvertible {
  let title: String
  var description: String {
    "\(title): the images that this machine's official files give are not those that were published"
  }
}

/// Some published results are not what comes out here.
struct RunsDiffer: Error, Equatable, CustomStringConvertible, ExitCodeProviding {
  let count: Int
  let of: Int
  var exitCode: Int32 { 1 }
  var description: String { "\(count) of \(of) repeated runs came out different from what was published" }
}
