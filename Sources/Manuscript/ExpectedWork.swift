import ContentStore

/// What of a plan is missing, and what it should cost: by stage, network, batch size and what that is known from.
public struct ExpectedWork: Sendable {
  /// Results of a kind whose estimates rest on the same.
  public struct Row: Sendable {
    public let kind: FinishedWork.Kind
    public let basis: StageRates.Basis
    public let count: Int
    /// Of one core.
    public let seconds: Double
  }

  private struct Group: Hashable {
    let kind: FinishedWork.Kind
    let basis: StageRates.Basis
  }

  /// The most expensive first.
  public let rows: [Row]

  public var seconds: Double { rows.map(\.seconds).reduce(0, +) }

  /// - Parameters:
  ///   - work: what is missing of the list that was made of the plan.
  ///   - plan: whose jobs the list has in their order.
  public init(_ work: RemainingWork, of plan: Plan) {
    var names = NetworkNames()
    var sums: [Group: (count: Int, seconds: Double)] = [:]
    for missing in work.missing {
      let kind = FinishedWork.Kind(plan.jobs[missing.place].job, names: &names)
      sums[Group(kind: kind, basis: missing.basis), default: (0, 0)].count += 1
      sums[Group(kind: kind, basis: missing.basis)]?.seconds += missing.seconds
    }
    rows = sums.map { Row(kind: $0.kind, basis: $0.basis, count: $1.count, seconds: $1.seconds) }.sorted {
      ($1.seconds, $0.kind.stage, $0.kind.network, $0.kind.batchSize ?? 0, $0.basis.rawValue)
        < ($0.seconds, $1.kind.stage, $1.kind.network, $1.kind.batchSize ?? 0, $1.basis.rawValue)
    }
  }
}
