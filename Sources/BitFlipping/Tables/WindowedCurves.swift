/// Values gathered into means over windows.
struct WindowedCurves {
  private let window: Int
  /// The names in the order in which they came.
  private(set) var names: [String] = []
  private var sums: [String: (sum: Double, count: Int)] = [:]
  private(set) var points: [String: [(x: Int, y: Double)]] = [:]

  init(window: Int) { self.window = window }

  mutating func add(_ value: Double, to name: String) {
    if points[name] == nil {
      names.append(name)
      points[name] = []
    }
    let (sum, count) = sums[name] ?? (0, 0)
    sums[name] = (sum + value, count + 1)
  }

  /// Ends the window if the place is a multiple of its length.
  mutating func finishBin(at examples: Int) {
    guard examples % window == 0 else { return }
    for (name, (sum, count)) in sums { points[name]?.append((examples, sum / Double(count))) }
    sums.removeAll(keepingCapacity: true)
  }
}
