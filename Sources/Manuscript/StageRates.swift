import ContentStore

/// How fast a machine has worked so far: operations a second of one core, by stage and architecture, from what lies in
/// the store.
public struct StageRates: Sendable {
  private struct Kind: Hashable {
    let stage: String
    let architecture: String

    init(_ job: Job) {
      stage = job.stage
      // The network that it is about or, if about none, the module that does the work.
      architecture =
        if case .string(let name)? = job.parameters["model"]?["architecture"] { name } else { job.module }
    }
  }

  private let rates: [Kind: [Double]]

  /// What is assumed before anything was measured.
  private static let assumedRate = 1e11

  /// The rates of those jobs that are done.
  public init(_ jobs: [PlannedJob], store: Store) {
    var rates: [Kind: [Double]] = [:]
    for planned in jobs {
      guard let entry = try? store.entry(stage: planned.job.stage, key: planned.key),
        entry.manifest.wallSeconds > 0, entry.manifest.job.cost > 0
      else { continue }
      rates[Kind(planned.job), default: []].append(entry.manifest.job.cost / entry.manifest.wallSeconds)
    }
    self.rates = rates
  }

  /// Operations a second of jobs of the same stage and architecture, or of the same stage if there are none.
  func rate(of job: Job) -> Double {
    let kind = Kind(job)
    let ofStage = rates.filter { $0.key.stage == kind.stage }.sorted {
      $0.key.architecture < $1.key.architecture
    }
    return Self.median(rates[kind]) ?? Self.median(ofStage.flatMap(\.value)) ?? Self.assumedRate
  }

  /// Seconds of one core that jobs would take by these rates, whether or not they are done.
  public func seconds(for jobs: [PlannedJob]) -> Double {
    jobs.map { $0.job.cost / rate(of: $0.job) }.reduce(0, +)
  }

  private static func median(_ rates: [Double]?) -> Double? {
    guard let rates, !rates.isEmpty else { return nil }
    return rates.sorted()[rates.count / 2]
  }
}
