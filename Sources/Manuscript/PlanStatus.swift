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

  /// The status of an artifact, its estimate scaled by what finished entries of the same stage took: those of the
  /// same architecture if there are any, whose rates differ several times.
  public init(_ plan: ArtifactPlan, store: Store) {
    artifact = plan.artifact.block.id
    title = plan.artifact.title
    // A run whose snapshots were dropped has to be made again for whoever would look at it anew.
    let looked = Set(
      plan.jobs.filter { !store.contains(stage: $0.job.stage, key: $0.key) }
        .flatMap(\.job.inputs).filter { $0.name == "run" }.map(\.key))
    let rates = StageRates(plan.jobs, store: store)
    stages = Stage.allCases.map { stage in
      let jobs = plan.jobs.filter { $0.job.stage == stage.rawValue }
      let missing = jobs.filter { planned in
        guard let entry = try? store.entry(stage: stage.rawValue, key: planned.key) else { return true }
        return entry.manifest.released != nil && looked.contains(planned.key)
      }
      return StageCount(
        stage: stage, cached: jobs.count - missing.count, total: jobs.count,
        seconds: missing.map { $0.job.cost / rates.rate(of: $0.job) }.reduce(0, +))
    }
  }
}
