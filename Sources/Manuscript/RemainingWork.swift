import ContentStore

/// What of some figures is not in the store, and how long that should take.
public struct RemainingWork: Sendable {
  /// A result that is to be made.
  public struct Missing: Sendable {
    public let key: String
    public let stage: String
    /// Its place in the list.
    public let place: Int
    /// What it waits for, by place among what is missing.
    public let inputs: [Int]
    /// Estimated seconds of one core.
    public let seconds: Double
    /// What the estimate rests on.
    public let basis: StageRates.Basis
    /// The same of the longest chain of results that begins with this one.
    public let chain: Double
  }

  /// How many results the figures need.
  public let total: Int
  /// Each after its inputs.
  public let missing: [Missing]
  /// For each figure that is not there, the keys of what completes it.
  public let unfinished: [[String]]

  /// - Parameters:
  ///   - figures: those that count.
  ///   - rates: how fast the machine works; if nil, as the store tells of the list.
  public init(
    _ list: WorkList, figures: [WorkList.Artifact], store: Store, rates: StageRates? = nil
  ) {
    total = Set(figures.flatMap(\.items)).count
    let open = Self.open(list, figures: figures, store: store)
    let rates = rates ?? StageRates(list, of: open, store: store, timed: TimedSteps(store))
    let estimates = Dictionary(uniqueKeysWithValues: open.map { ($0, rates.estimate(for: list.items[$0])) })
    // Readers come after what they read.
    var after: [Int: Double] = [:]
    var chains: [Int: Double] = [:]
    for place in open.reversed() {
      let chain = (estimates[place]?.seconds ?? 0) + (after[place] ?? 0)
      chains[place] = chain
      for input in list.items[place].inputs { after[input] = max(after[input] ?? 0, chain) }
    }
    let ranks = Dictionary(uniqueKeysWithValues: open.enumerated().map { ($1, $0) })
    missing = open.map { place in
      let (item, estimate) = (list.items[place], estimates[place])
      return Missing(
        key: item.key, stage: item.stage, place: place,
        inputs: Set(item.inputs.compactMap { ranks[$0] }).sorted(),
        seconds: estimate?.seconds ?? 0, basis: estimate?.basis ?? .assumption, chain: chains[place] ?? 0)
    }
    let opened = Set(open)
    unfinished = figures.map { $0.last.filter(opened.contains).map { list.items[$0].key } }
      .filter { !$0.isEmpty }
  }

  /// Of what is missing, by its places.
  public var schedule: WorkSchedule {
    WorkSchedule(seconds: missing.map(\.seconds), inputs: missing.map(\.inputs))
  }

  /// The places of what is missing, in order.
  static func open(_ list: WorkList, figures: [WorkList.Artifact], store: Store) -> [Int] {
    let places = Set(figures.flatMap(\.items)).sorted()
    var open = places.filter { !store.contains(stage: list.items[$0].stage, key: list.items[$0].key) }
    // A run whose snapshots were dropped has to be made again for whoever would look at it anew.
    let looked = Set(open.compactMap { list.items[$0].run })
    let there = Set(places).subtracting(open)
    open += there.filter { place in
      let item = list.items[place]
      guard looked.contains(item.key) else { return false }
      return (try? store.entry(stage: item.stage, key: item.key))?.manifest.released != nil
    }
    return open.sorted()
  }
}
