import ContentStore

/// How fast a machine works: operations a second of one core, from what lies in the store.
///
/// Whoever knows what several threads gain at a run divides ``estimate(for:)`` by it: all that is said of time goes through
/// there.
public struct StageRates: Sendable {
  /// What an estimate rests on, the best first.
  public enum Basis: Int, CaseIterable, Comparable, Sendable {
    /// Finished runs of that network, with its optimiser and batch size.
    case runs
    /// A timed step of it.
    case step
    /// Finished runs or a timed step of it at another batch size.
    case otherBatch
    /// Results of the same stage about networks of the same architecture.
    case architecture
    /// Results of the same stage.
    case stage
    /// Nothing.
    case assumption

    public static func < (left: Basis, right: Basis) -> Bool { left.rawValue < right.rawValue }

    public var words: String {
      switch self {
      case .runs: "runs of it"
      case .step: "a timed step"
      case .otherBatch: "another batch size"
      case .architecture: "the architecture"
      case .stage: "the stage"
      case .assumption: "an assumption"
      }
    }
  }

  /// How long a result should take.
  public struct Estimate: Sendable {
    /// Of one core.
    public let seconds: Double
    public let basis: Basis
  }

  private struct Kind: Hashable {
    let stage: String
    let architecture: String
  }

  private let ofSteps: [StepKind: Double]
  private let sizes: [String: [Int]]
  private let ofKinds: [Kind: StageCost]
  /// By stage alone.
  private let ofStages: [String: StageCost]
  private let timed: TimedSteps

  /// What is assumed before anything was measured.
  private static let assumedRate = 1e11
  /// So many results of a kind tell its rate: more would only take longer to read.
  private static let enough = 15
  private static let enoughOfKind = 5

  /// The rates of those jobs that are done.
  public init(_ jobs: [PlannedJob], store: Store) {
    var kinds = RunKinds()
    let items = jobs.map { WorkList.Item($0.job, key: $0.key, step: kinds.step(of: $0.job)) }
    self.init(items, for: items, store: store, timed: TimedSteps(store))
  }

  /// The rates of what is there of a list, as far as they are of use for what is missing of some figures.
  ///
  /// - Parameter timed: the steps that count besides.
  public init(_ list: WorkList, figures: [WorkList.Artifact], store: Store, timed: TimedSteps) {
    self.init(
      list, of: RemainingWork.open(list, figures: figures, store: store), store: store, timed: timed)
  }

  /// The same for some places of the list.
  init(_ list: WorkList, of places: [Int], store: Store, timed: TimedSteps) {
    self.init(list.items, for: places.map { list.items[$0] }, store: store, timed: timed)
  }

  /// - Parameters:
  ///   - items: of which those count that are there.
  ///   - wanted: of which the rates are to be known.
  private init(_ items: [WorkList.Item], for wanted: [WorkList.Item], store: Store, timed: TimedSteps) {
    let stages = Set(wanted.map(\.stage))
    let networks = Set(wanted.compactMap { $0.step?.network })
    var samples: [Kind: [StageCost.Sample]] = [:]
    var ofSteps: [StepKind: [Double]] = [:]
    for item in items where stages.contains(item.stage) {
      let kind = Kind(stage: item.stage, architecture: item.architecture)
      let step = item.step.flatMap { step in
        networks.contains(step.network) && ofSteps[step, default: []].count < Self.enoughOfKind ? step : nil
      }
      let isOfUse = samples[kind, default: []].count < Self.enough
      guard step != nil || isOfUse, let entry = try? store.entry(stage: item.stage, key: item.key),
        entry.manifest.coreSeconds > 0, item.cost > 0
      else { continue }
      let seconds = entry.manifest.coreSeconds
      if let step { ofSteps[step, default: []].append(item.cost / seconds) }
      if isOfUse {
        samples[kind, default: []].append(StageCost.Sample(operations: item.cost, seconds: seconds))
      }
    }
    self.ofSteps = ofSteps.compactMapValues(Self.median)
    sizes = Dictionary(grouping: ofSteps.keys, by: \.network).mapValues { $0.map(\.batchSize) }
    ofKinds = samples.compactMapValues { StageCost($0, fastest: Self.assumedRate) }
    ofStages = Dictionary(grouping: samples, by: \.key.stage).compactMapValues { kinds in
      StageCost(kinds.flatMap(\.value), fastest: Self.assumedRate)
    }
    self.timed = timed
  }

  /// Seconds of one core that the job of some key would take, by the results in a store; nil if the list does not have it.
  public static func seconds(ofKey key: String, in list: WorkList, store: Store) -> Double? {
    guard let item = list.items.first(where: { $0.key == key }) else { return nil }
    let rates = StageRates(list.items, for: [item], store: store, timed: TimedSteps(store))
    return rates.estimate(for: item).seconds
  }

  /// How long a result would take by these rates, whether or not it is there.
  public func estimate(for item: WorkList.Item) -> Estimate {
    if let step = item.step, let (rate, basis) = rate(of: step) {
      return Estimate(seconds: item.cost / rate, basis: basis)
    }
    if let cost = ofKinds[Kind(stage: item.stage, architecture: item.architecture)] {
      return Estimate(seconds: cost.seconds(operations: item.cost), basis: .architecture)
    }
    if let cost = ofStages[item.stage] {
      return Estimate(seconds: cost.seconds(operations: item.cost), basis: .stage)
    }
    return Estimate(seconds: item.cost / Self.assumedRate, basis: .assumption)
  }

  /// Operations a second of a run's steps; nil if neither runs nor a timed step of its network are known.
  private func rate(of step: StepKind) -> (Double, Basis)? {
    if let rate = ofSteps[step] { return (rate, .runs) }
    if let known = timed[step] { return (known.rate(batchSize: step.batchSize), .step) }
    if let size = step.nearest(of: sizes[step.network] ?? []),
      let rate = ofSteps[StepKind(network: step.network, batchSize: size)]
    {
      return (rate, .otherBatch)
    }
    if let known = timed.nearest(step) { return (known.rate(batchSize: step.batchSize), .otherBatch) }
    return nil
  }

  /// Seconds of one core that jobs would take.
  public func seconds(for jobs: [PlannedJob]) -> Double {
    var kinds = RunKinds()
    return jobs.map { job in
      estimate(for: WorkList.Item(job.job, key: job.key, step: kinds.step(of: job.job))).seconds
    }.reduce(0, +)
  }

  private static func median(_ rates: [Double]) -> Double? {
    rates.isEmpty ? nil : rates.sorted()[rates.count / 2]
  }
}
