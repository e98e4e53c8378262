import ContentStore

/// How much of an artifact lies in the store, and what the rest would take.
public struct PlanStatus: Sendable {
  public struct StageCount: Sendable {
    public let stage: Stage
    public let cached: Int
    public let total: Int
    /// Estimated seconds of one core for what is missing.
    public let seconds: Double
  }

  public let artifact: String
  public let title: String
  public let stages: [StageCount]

  public var missing: Int { stages.map { $0.total - $0.cached }.reduce(0, +) }
  public var seconds: Double { stages.map(\.seconds).reduce(0, +) }

  /// Operations a second of one core that an estimate assumes before anything was measured.
  private static let assumedRate = 5e10

  /// The status of an artifact, its estimate scaled by what finished entries of the same stage took.
  public init(_ plan: ArtifactPlan, store: Store) {
    artifact = plan.artifact.block.id
    title = plan.artifact.title
    stages = Stage.allCases.map { stage in
      let jobs = plan.jobs.filter { $0.job.stage == stage.rawValue }
      var rates: [Double] = []
      var missingCost = 0.0
      var cached = 0
      for planned in jobs {
        if let entry = try? store.entry(stage: stage.rawValue, key: planned.key) {
          cached += 1
          if entry.manifest.wallSeconds > 0, entry.manifest.job.cost > 0 {
            rates.append(entry.manifest.job.cost / entry.manifest.wallSeconds)
          }
        } else {
          missingCost += planned.job.cost
        }
      }
      let rate = rates.isEmpty ? Self.assumedRate : rates.sorted()[rates.count / 2]
      return StageCount(
        stage: stage, cached: cached, total: jobs.count, seconds: missingCost / rate)
    }
  }
}
