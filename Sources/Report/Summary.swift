import Claims
import Console
import Figures
import Manuscript

/// What can be said of all artifacts of a report together: the facts behind `{{report: …}}`.
struct Summary: Sendable {
  let artifacts: Int
  let claims: Int
  let verdicts: [Verdict: Int]
  /// Stage results that took part: trained and measured runs and computed tables, each once.
  let runs: Int
  /// Wall seconds of those, each on one core.
  let seconds: Double
  /// Of what scale the figures are, in a few words.
  let scale: String
  /// What of `make` asks for it.
  let settings: String
  /// What the figures of each profile took.
  let costs: String
  let data: String
  let commit: String
  let processor: String
  let cores: Int

  init(of records: [FigureRecord], scale: ReportScale, commit: String) {
    let claims = records.flatMap(\.claims)
    artifacts = records.count
    self.claims = claims.count
    verdicts = Dictionary(grouping: claims, by: \.verdict).mapValues(\.count)
    let work = Work(records)
    runs = work.runs
    seconds = work.seconds
    self.scale = scale.words(of: records)
    settings = scale.settings
    costs = ReportScale.costs(of: records)
    let titles = Set(
      records.flatMap(\.dataSets).map { set in
        set.synthetic ? set.title : "\(set.title.components(separatedBy: " at ")[0]) (real images)"
      })
    data = titles.isEmpty ? "no images" : titles.sorted().joined(separator: ", ")
    self.commit = commit.isEmpty ? "unknown commit" : commit
    processor = Self.most(records.compactMap(\.processor)) ?? "unknown processor"
    cores = records.compactMap(\.cores).max() ?? 1
  }

  /// A fact as text.
  ///
  /// - Throws: ``ReportError`` naming those that there are.
  func fact(_ name: String) throws -> String {
    guard let fact = facts[name] else {
      throw ReportError(
        "'\(name)' is no fact of the report; there are \(facts.keys.sorted().joined(separator: ", "))")
    }
    return fact
  }

  private var facts: [String: String] {
    [
      "artifacts": "\(artifacts)", "claims": "\(claims)", "reproduced": "\(verdicts[.reproduced] ?? 0)",
      "not-reproduced": "\(verdicts[.notReproduced] ?? 0)", "not-tested": "\(verdicts[.notTested] ?? 0)",
      "undecided": "\(verdicts[.undecided] ?? 0)",
      "runs": "\(runs)", "core-time": Format.duration(seconds),
      "wall-time": Format.duration(seconds / Double(cores)), "core-time-by-profile": costs,
      "scale": scale, "settings": settings, "data": data, "commit": commit, "processor": processor,
      "cores": "\(cores)",
    ]
  }

  private static func most(_ values: [String]) -> String? {
    Dictionary(grouping: values, by: \.self).max { ($0.value.count, $1.key) < ($1.value.count, $0.key) }?.key
  }
}

/// The work behind a number of figures, what several share counted once.
struct Work {
  /// Trained runs, and tables that were computed without images.
  let runs: Int
  /// Of training, measuring and computing, in seconds of one core.
  let seconds: Double
  /// The longest single stage.
  let longest: Double

  init(_ records: [FigureRecord]) {
    var stages: [String: Double] = [:]
    var runs: Set<String> = []
    for record in records {
      for run in record.runs {
        stages[run.trainKey] = run.trainSeconds
        stages[run.measureKey] = run.measureSeconds
        runs.insert(run.trainKey)
      }
      for table in record.tables {
        stages[table.key] = table.seconds
        runs.insert(table.key)
      }
    }
    self.runs = runs.count
    seconds = stages.sorted { $0.key < $1.key }.map(\.value).reduce(0, +)
    longest = stages.values.max() ?? 0
  }
}
