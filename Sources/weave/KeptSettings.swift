import Claims
import ContentStore
import Figures
import Manuscript
import Publishing

/// What an artifact's block asks for otherwise than when a record of it was kept, as far as the record tells.
struct KeptSettings {
  /// A line each; none where nothing has changed, or nothing is told.
  let changes: [String]

  /// - Parameters:
  ///   - plan: of the block as it is now, at the record's profile.
  ///   - runs: the record's runs with what they were made from, if these were kept.
  init(_ record: FigureRecord, plan: ArtifactPlan, runs: PublishedResults?) throws {
    let figure = try plan.jobs.first { $0.subject == .figure }?.job.parameters.decoded(
      as: DrawingSpecification.self)
    var changes: [String] = []
    let (then, now) = (Self.words(record.dataSets), Self.words(figure?.dataSets ?? []))
    if then != now { changes.append("images were \(then), now \(now)") }
    changes += Self.names(
      "run", then: record.runs.map(\.run) + record.tables.map(\.table), now: plan.jobs.compactMap(\.drawn))
    if let runs { changes += Self.parameters(plan, of: runs) }
    self.changes = changes
  }

  private static func words(_ sets: [some NamedImages]) -> String {
    let titles = Set(sets.map { $0.synthetic ? "synthetic" : $0.title }).sorted()
    return titles.isEmpty ? "none" : titles.joined(separator: " and ")
  }

  private static func names(_ what: String, then: [String], now: [String]) -> [String] {
    let (then, now) = (Set(then), Set(now))
    func line(_ names: Set<String>, _ words: String) -> String? {
      let sorted = names.sorted()
      guard let first = sorted.first else { return nil }
      return "\(words): \(first)" + (sorted.count > 1 ? " and \(sorted.count - 1) more" : "")
    }
    return [
      line(now.subtracting(then), "\(what) since added"),
      line(then.subtracting(now), "\(what) since dropped"),
    ].compactMap { $0 }
  }

  /// What trained and computed differs in its parameters, each change once.
  private static func parameters(_ plan: ArtifactPlan, of runs: PublishedResults) -> [String] {
    let entries = Dictionary(
      runs.index.entries.map { ($0.manifest.job.title.drop { $0 != " " }.dropFirst(), $0.manifest.job) },
      uniquingKeysWith: { first, _ in first })
    var lines: [String] = []
    for planned in plan.jobs where planned.subject.isResult {
      guard runs.match(planned.job, key: planned.key) == nil, let old = entries[planned.slot[...]] else {
        continue
      }
      for difference in JSONValue.difference(old.parameters, planned.job.parameters) {
        let line = "\(old.stage) \(difference)"
        if !lines.contains(line) { lines.append(line) }
      }
    }
    let shown = 3
    return Array(lines.prefix(shown)) + (lines.count > shown ? ["and \(lines.count - shown) more"] : [])
  }
}

/// Images as a record and a drawing name them.
private protocol NamedImages {
  var title: String { get }
  var synthetic: Bool { get }
}

extension FigureRecord.DataSetRecord: NamedImages {}
extension DrawingSpecification.DataSet: NamedImages {}

extension PlannedJob {
  /// The run or the table that is drawn from it; nil for what nothing is drawn from.
  fileprivate var drawn: String? {
    switch subject {
    case .look(let run, _): run
    case .table(let name, _): name
    case .images, .run, .claims, .figure, .kept: nil
    }
  }
}

extension PlannedJob.Subject {
  /// Whether it is what figures rest on, images aside.
  fileprivate var isResult: Bool {
    switch self {
    case .run, .look, .table: true
    case .images, .claims, .figure, .kept: false
    }
  }
}
