import ContentStore

/// How fast a machine has worked so far: operations a second of one core, by stage and architecture, from what lies in
/// the store.
public struct StageRates: Sendable {
  private struct Kind: Hashable {
    let stage: String
    let architecture: String
  }

  private let rates: [Kind: Double]
  /// By stage alone.
  private let ofStages: [String: Double]

  /// What is assumed before anything was measured.
  private static let assumedRate = 1e11
  /// So many results of a kind tell its rate: more would only take longer to read.
  private static let enough = 15

  /// The rates of those jobs that are done.
  public init(_ jobs: [PlannedJob], store: Store) {
    self.init(jobs.map { WorkList.Item($0.job, key: $0.key) }, store: store)
  }

  /// The rates of those results that are there.
  init(_ items: [WorkList.Item], store: Store) {
    var rates: [Kind: [Double]] = [:]
    for item in items {
      let kind = Kind(stage: item.stage, architecture: item.architecture)
      guard rates[kind, default: []].count < Self.enough,
        let entry = try? store.entry(stage: item.stage, key: item.key),
        entry.manifest.wallSeconds > 0, entry.manifest.job.cost > 0
      else { continue }
      rates[kind, default: []].append(entry.manifest.job.cost / entry.manifest.wallSeconds)
    }
    self.rates = rates.compactMapValues(Self.median)
    ofStages = Dictionary(grouping: rates, by: \.key.stage).compactMapValues { kinds in
      Self.median(kinds.flatMap(\.value))
    }
  }

  /// Seconds of one core that the job of some key would take, by the results in a store; nil if the list does not have it.
  public static func seconds(ofKey key: String, in list: WorkList, store: Store) -> Double? {
    guard let item = list.items.first(where: { $0.key == key }) else { return nil }
    return StageRates(list.items.filter { $0.stage == item.stage }, store: store).seconds(for: item)
  }

  /// Operations a second of results of the same stage and architecture, or of the same stage if there are none.
  private func rate(of item: WorkList.Item) -> Double {
    rates[Kind(stage: item.stage, architecture: item.architecture)] ?? ofStages[item.stage]
      ?? Self.assumedRate
  }

  /// Seconds of one core that a result would take by these rates, whether or not it is there.
  func seconds(for item: WorkList.Item) -> Double { item.cost / rate(of: item) }

  /// The same of jobs.
  public func seconds(for jobs: [PlannedJob]) -> Double {
    jobs.map { seconds(for: WorkList.Item($0.job, key: $0.key)) }.reduce(0, +)
  }

  private static func median(_ rates: [Double]) -> Double? {
    rates.isEmpty ? nil : rates.sorted()[rates.count / 2]
  }
}
