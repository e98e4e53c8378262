import Specifications

/// A curve of the paper, read off its figure, in the place of one of ours: same panel, same series, x in the units of our
/// data.
public struct PublishedCurve: Codable, Hashable, Sendable {
  /// Our panel and our series.
  public var panel: String
  public var series: String
  /// In the order of x.
  public var x: [Double]
  /// As many as ``x``.
  public var y: [Double]

  public init(panel: String, series: String, x: [Double], y: [Double]) {
    self.panel = panel
    self.series = series
    self.x = x
    self.y = y
  }

  /// `panel.series`, as claims say it.
  public var name: String { "\(panel).\(series)" }

  public var points: [(x: Double, y: Double)] { Array(zip(x, y)) }

  /// What of it lies in a range of x, with the values at the range's ends where it goes beyond them, straight lines being
  /// drawn between its points. Empty where it lies outside.
  public func points(in range: ClosedRange<Double>) -> [(x: Double, y: Double)] {
    var inside = points.filter { range.contains($0.x) }
    for end in [range.lowerBound, range.upperBound] where !inside.contains(where: { $0.x == end }) {
      guard let y = value(at: end) else { continue }
      inside.insert((end, y), at: end == range.lowerBound ? 0 : inside.count)
    }
    return inside
  }

  /// The stretch of x that it has in common with a curve of ours; nil if there is none.
  public func stretch(with ours: [(x: Double, y: Double)]) -> ClosedRange<Double>? {
    let places = ours.map(\.x).filter(\.isFinite)
    guard let first = places.min(), let last = places.max(), let theirFirst = x.first, let theirLast = x.last,
      max(first, theirFirst) <= min(last, theirLast)
    else { return nil }
    return max(first, theirFirst)...min(last, theirLast)
  }

  /// What of it lies in the stretch that it has in common with a curve of ours; nil if there is none.
  func cut(to ours: [(x: Double, y: Double)]) -> PublishedCurve? {
    stretch(with: ours).map { range in
      let points = points(in: range)
      return PublishedCurve(panel: panel, series: series, x: points.map(\.x), y: points.map(\.y))
    }
  }

  /// The value at x, on a straight line between the points beside it; nil outside.
  public func value(at place: Double) -> Double? { Interpolation.value(at: place, on: points) }

  /// Rejects what is no curve, naming the key.
  func validate() throws(SpecificationProblem) {
    try requireCount(x.count, in: 1...100_000, "x")
    guard y.count == x.count else {
      throw SpecificationProblem("y", "has \(y.count) values for the \(x.count) of x")
    }
    for (key, values) in [("x", x), ("y", y)] {
      for value in values { try requireMagnitude(value, upTo: 1e100, key) }
    }
    guard zip(x, x.dropFirst()).allSatisfy({ $0 <= $1 }) else {
      throw SpecificationProblem("x", "does not rise from point to point")
    }
  }
}

extension [PublishedCurve] {
  /// The same as far as ours go, so that both are asked the same; those beside which we have no curve are left whole.
  public func cut(to data: FigureData) -> [PublishedCurve] {
    compactMap { curve in
      guard let ours = try? data.points(of: curve.name) else { return curve }
      return curve.cut(to: ours)
    }
  }

  /// Rejects curves that are none or belong to none of ours, naming the key.
  public func validate(on panels: [PanelSpecification]) throws(SpecificationProblem) {
    try requireCount(count, in: 0...10_000, "published")
    let ours = Set(panels.flatMap { panel in panel.series.map { "\(panel.id).\($0.id)" } })
    for (index, curve) in enumerated() {
      guard ours.contains(curve.name) else {
        throw SpecificationProblem("published.\(index)", "is '\(curve.name)', which no panel draws")
      }
      do { try curve.validate() } catch { throw error.below("published.\(index)") }
    }
    try requireUnique(map(\.name), at: ["published"])
  }
}
