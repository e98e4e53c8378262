import ContentStore
import NeuralNetwork

/// What of a plan lies in the store, and what it cost: by stage, network and batch size.
public struct FinishedWork: Sendable {
  /// What results have in common that cost about the same.
  public struct Kind: Hashable, Sendable {
    public let stage: String
    /// The network with its widths, `MLP 5 × 128`; where there is none, the module that does the work.
    public let network: String
    /// Images a step; nil where nothing is trained.
    public let batchSize: Int?

    /// - Parameter names: of networks that were met before.
    init(_ job: Job, names: inout NetworkNames) {
      self.init(stage: job.stage, network: names.name(of: job), batchSize: Self.batchSize(of: job))
    }

    init(stage: String, network: String, batchSize: Int?) {
      self.stage = stage
      self.network = network
      self.batchSize = batchSize
    }

    private static func batchSize(of job: Job) -> Int? {
      if case .integer(let size)? = job.parameters["batchSize"] { size } else { nil }
    }
  }

  /// The results of a kind.
  public struct Row: Sendable {
    public let kind: Kind
    public let count: Int
    /// Of one core.
    public let seconds: Double
    /// Floating-point operations, by the plan's estimate.
    public let operations: Double
    /// Of the seconds of all rows, in [0, 1].
    public let share: Double

    /// Operations a second.
    public var rate: Double { seconds > 0 ? operations / seconds : 0 }
  }

  /// The most expensive first.
  public let rows: [Row]

  public var count: Int { rows.map(\.count).reduce(0, +) }
  public var seconds: Double { rows.map(\.seconds).reduce(0, +) }

  /// What is there of the plan's jobs, each counted once.
  public init(_ plan: Plan, store: Store) {
    var sums: [Kind: (count: Int, seconds: Double, operations: Double)] = [:]
    var names = NetworkNames()
    for job in plan.jobs {
      guard let entry = try? store.entry(stage: job.job.stage, key: job.key) else { continue }
      let kind = Kind(job.job, names: &names)
      sums[kind, default: (0, 0, 0)].count += 1
      sums[kind]?.seconds += entry.manifest.coreSeconds
      sums[kind]?.operations += job.job.cost
    }
    let all = sums.values.map(\.seconds).reduce(0, +)
    rows = sums.map { kind, sum in
      Row(
        kind: kind, count: sum.count, seconds: sum.seconds, operations: sum.operations,
        share: all > 0 ? sum.seconds / all : 0)
    }.sorted {
      ($1.seconds, $0.kind.stage, $0.kind.network, $0.kind.batchSize ?? 0)
        < ($0.seconds, $1.kind.stage, $1.kind.network, $1.kind.batchSize ?? 0)
    }
  }
}

/// The names of the networks that jobs are about. Jobs are many and networks few, so that each is decoded once.
struct NetworkNames {
  private var known: [JSONValue: String] = [:]

  mutating func name(of job: Job) -> String {
    guard let model = job.parameters["model"] else { return job.module }
    if let name = known[model] { return name }
    let decoded = try? model.decoded(as: AnyModel.self)
    let name = decoded.map { "\($0.name) \($0.model.sizesInWords)" } ?? job.module
    known[model] = name
    return name
  }
}
