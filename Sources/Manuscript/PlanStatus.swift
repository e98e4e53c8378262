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
  private static let assumedRate = 1e11

  /// The status of an artifact, its estimate scaled by what finished entries of the same stage took: those of the
  /// same architecture if there are any, whose rates differ several times.
  public init(_ plan: ArtifactPlan, store: Store) {
    artifact = plan.artifact.block.id
    title = plan.artifact.title
    // A run whose snapshots were dropped has to be made again for whoever would look at it anew.
    let looked = Set(
      plan.jobs.filter { !store.contains(stage: $0.job.stage, key: $0.key) }
        .flatMap(\.job.inputs).filter { $0.name == "run" }.map(\.key))
    stages = Stage.allCases.map { stage in
      let jobs = plan.jobs.filter { $0.job.stage == stage.rawValue }
      var rates: [String: [Double]] = [:]
      var missing: [String: Double] = [:]
      var cached = 0
      for planned in jobs {
        let architecture = planned.job.architecture
        if let entry = try? store.entry(stage: stage.rawValue, key: planned.key),
          entry.manifest.released == nil || !looked.contains(planned.key)
        {
          cached += 1
          if entry.manifest.wallSeconds > 0, entry.manifest.job.cost > 0 {
            rates[architecture, default: []].append(entry.manifest.job.cost / entry.manifest.wallSeconds)
          }
        } else {
          missing[architecture, default: 0] += planned.job.cost
        }
      }
      let seconds = missing.reduce(0) { sum, part in
        sum + part.value
          / (Self.median(rates[part.key]) ?? Self.median(rates.sorted { $0.key < $1.key }.flatMap(\.value))
            ?? Self.assumedRate)
      }
      return StageCount(stage: stage, cached: cached, total: jobs.count, seconds: seconds)
    }
  }

  private static func median(_ rates: [Double]?) -> Double? {
    guard let rates, !rates.isEmpty else { return nil }
    return rates.sorted()[rates.count / 2]
  }
}

extension Job {
  /// The network that it is about, empty if about none.
  fileprivate var architecture: String {
    guard case .object(let members) = parameters, case .object(let model)? = members["model"],
      case .string(let name)? = model["architecture"]
    else { return "" }
    return name
  }
}
