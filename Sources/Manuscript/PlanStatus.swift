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
    let list = WorkList(Plan(artifacts: [plan]))
    let missing = Dictionary(
      grouping: RemainingWork(list, figures: list.artifacts, store: store).missing, by: \.stage)
    stages = Stage.allCases.map { stage in
      let total = list.items.count { $0.stage == stage.rawValue }
      let open = missing[stage.rawValue] ?? []
      return StageCount(
        stage: stage, cached: total - open.count, total: total, seconds: open.map(\.seconds).reduce(0, +))
    }
  }
}
