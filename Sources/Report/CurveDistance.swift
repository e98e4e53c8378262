import Figures

/// A published curve and ours, over the stretch of x that both cover.
struct CurveDistance {
  /// What of a curve is compared.
  struct Course {
    let start: Double
    /// The value that is farthest from the start.
    let extreme: Double
    let end: Double

    /// - Returns: nil for a curve without points.
    init?(_ points: [(x: Double, y: Double)]) {
      guard let first = points.first, let last = points.last else { return nil }
      start = first.y
      end = last.y
      extreme = points.map(\.y).max { abs($0 - first.y) < abs($1 - first.y) } ?? first.y
    }

    /// Whether the curve ends above its start (1), below it (−1), or within two per cent of it (0).
    var direction: Int {
      let change = end - start
      guard abs(change) > 0.02 * max(abs(start), abs(end)) else { return 0 }
      return change > 0 ? 1 : -1
    }
  }

  let panel: String
  let series: String
  let published: Course
  let ours: Course

  /// - Returns: nil if the two have no stretch in common.
  init?(_ published: PublishedCurve, ours: [(x: Double, y: Double)]) {
    let mine = PublishedCurve(
      panel: published.panel, series: published.series, x: ours.map(\.x), y: ours.map(\.y))
    guard let common = published.stretch(with: ours), let theirs = Course(published.points(in: common)),
      let own = Course(mine.points(in: common))
    else { return nil }
    panel = published.panel
    series = published.series
    self.published = theirs
    self.ours = own
  }

  var hasSameDirection: Bool { published.direction == ours.direction }

  /// Ours over theirs minus one; the difference itself where theirs is zero.
  var errorOfEnd: Double {
    published.end == 0 ? ours.end : ours.end / published.end - 1
  }
}

/// How near the curves of a figure, or of several, come to the paper's.
struct DistanceSummary {
  private(set) var curves = 0
  private(set) var sameDirection = 0
  private(set) var nearEnds = 0
  /// Pairs of series of a panel whose published ends differ by more than five per cent.
  private(set) var pairs = 0
  private(set) var sameOrder = 0

  /// The largest error of an end that counts as near.
  static let near = 0.1

  init() {}

  /// - Parameter distances: those of one figure.
  init(_ distances: [CurveDistance]) {
    curves = distances.count
    sameDirection = distances.count { $0.hasSameDirection }
    nearEnds = distances.count { abs($0.errorOfEnd) <= Self.near }
    for (index, first) in distances.enumerated() {
      for second in distances[(index + 1)...] where first.panel == second.panel {
        let (a, b) = (first.published.end, second.published.end)
        guard abs(a - b) > 0.05 * max(abs(a), abs(b)) else { continue }
        pairs += 1
        if (a > b) == (first.ours.end > second.ours.end) { sameOrder += 1 }
      }
    }
  }

  static func + (left: DistanceSummary, right: DistanceSummary) -> DistanceSummary {
    var sum = left
    sum.curves += right.curves
    sum.sameDirection += right.sameDirection
    sum.nearEnds += right.nearEnds
    sum.pairs += right.pairs
    sum.sameOrder += right.sameOrder
    return sum
  }
}
