import ContentStore

/// What of some figures is not in the store, and how long that should take.
public struct RemainingWork: Sendable {
  /// A result that is to be made.
  public struct Missing: Sendable {
    public let key: String
    public let stage: String
    /// Estimated seconds of one core.
    public let seconds: Double
    /// The same of the longest chain of results that begins with this one.
    public let chain: Double
  }

  /// How many results the figures need.
  public let total: Int
  /// Each after its inputs.
  public let missing: [Missing]
  /// For each figure that is not there, the keys of what completes it.
  public let unfinished: [[String]]

  /// - Parameter figures: those that count.
  public init(_ list: WorkList, figures: [WorkList.Artifact], store: Store) {
    let places = Set(figures.flatMap(\.items)).sorted()
    total = places.count
    var open = places.filter { !store.contains(stage: list.items[$0].stage, key: list.items[$0].key) }
    // A run whose snapshots were dropped has to be made again for whoever would look at it anew.
    let looked = Set(open.compactMap { list.items[$0].run })
    let there = Set(places).subtracting(open)
    open += there.filter { place in
      let item = list.items[place]
      guard looked.contains(item.key) else { return false }
      return (try? store.entry(stage: item.stage, key: item.key))?.manifest.released != nil
    }
    open.sort()
    let stages = Set(open.map { list.items[$0].stage })
    let rates = StageRates(list.items.filter { stages.contains($0.stage) }, store: store)
    var seconds: [Int: Double] = [:]
    for place in open { seconds[place] = rates.seconds(for: list.items[place]) }
    // Readers come after what they read.
    var after: [Int: Double] = [:]
    var chains: [Int: Double] = [:]
    for place in open.reversed() {
      let chain = (seconds[place] ?? 0) + (after[place] ?? 0)
      chains[place] = chain
      for input in list.items[place].inputs { after[input] = max(after[input] ?? 0, chain) }
    }
    missing = open.map {
      Missing(
        key: list.items[$0].key, stage: list.items[$0].stage, seconds: seconds[$0] ?? 0,
        chain: chains[$0] ?? 0)
    }
    let opened = Set(open)
    unfinished = figures.map { $0.last.filter(opened.contains).map { list.items[$0].key } }
      .filter { !$0.isEmpty }
  }
}
