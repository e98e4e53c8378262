import ContentStore

/// Which jobs look at the snapshots of runs, and of which runs they may go when all of these are done.
public struct SnapshotReaders {
  private var readers: [String: [PlannedJob]] = [:]
  private var released: Set<String> = []

  /// The readers in one plan.
  public init(_ plan: Plan) { add(plan) }

  /// Those of no plan yet.
  public init() {}

  /// Takes in the readers of one more plan.
  public mutating func add(_ plan: Plan) {
    for job in plan.jobs {
      for input in job.job.inputs where input.name == "run" && !isKnown(job, of: input.key) {
        readers[input.key, default: []].append(job)
      }
      if let key = job.releases { released.insert(key) }
    }
  }

  /// The runs whose snapshots may go, by key, each with its readers in the order of the plans.
  var finite: [String: [PlannedJob]] { readers.filter { released.contains($0.key) } }

  /// The keys of the runs whose snapshots may go now: all their readers' results are in the store.
  public func done(in store: Store) -> [String] {
    finite.filter { $0.value.allSatisfy { store.contains(stage: $0.job.stage, key: $0.key) } }.keys.sorted()
  }

  private func isKnown(_ job: PlannedJob, of run: String) -> Bool {
    readers[run]?.contains { $0.key == job.key } == true
  }
}
