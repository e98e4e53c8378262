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
  public let stages: [StageCount]

  public var missing: Int { stages.map { $0.total - $0.cached }.reduce(0, +) }
  public var seconds: Double { stages.map(\.seconds).reduce(0, +) }

  /// The status of one of a list's artifacts, by what finished runs and timed steps say of this machine's speed.
  public init(_ artifact: WorkList.Artifact, in list: WorkList, store: Store, rates: StageRates) {
    self.artifact = artifact.id
    let missing = Dictionary(
      grouping: RemainingWork(list, figures: [artifact], store: store, rates: rates).missing, by: \.stage)
    let totals = Dictionary(grouping: artifact.items) { list.items[$0].stage }
    stages = Stage.allCases.map { stage in
      let total = totals[stage.rawValue]?.count ?? 0
      let open = missing[stage.rawValue] ?? []
      return StageCount(
        stage: stage, cached: total - open.count, total: total, seconds: open.map(\.seconds).reduce(0, +))
    }
  }
}
