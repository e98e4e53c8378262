import Figures

/// One number from two curves: a function of a ``ClaimExpression``.
public enum CurveComparison: String, CaseIterable, Sendable {
  /// Pearson's correlation of the values at the places of the first curve, the other's on straight lines between its
  /// points.
  case together
  /// The place from which on the first curve is lower than the values of the second explain by chance: the first of three
  /// points in a row whose mean lies below the 95 % prediction interval (Student's t) for the mean of three more values of
  /// the second curve. Infinite if there are no such three, not a number if the second has fewer than three values.
  ///
  /// With networks that begin anew as the second curve: when a symptom sets in. Points at 0, networks before their first
  /// step, have not been through a task and do not count, in neither curve.
  case onsetBelow
  /// The same for a curve that rises.
  case onsetAbove

  /// How many points in a row count as a departure.
  private static let window = 3

  func value(of one: [(x: Double, y: Double)], _ other: [(x: Double, y: Double)]) -> Double {
    switch self {
    case .together: ClaimExpression.Statistic.correlation.value(of: Self.pairs(one, other))
    case .onsetBelow: Self.onset(of: one, among: other) { $0 < $1.lowerBound }
    case .onsetAbove: Self.onset(of: one, among: other) { $0 > $1.upperBound }
    }
  }

  /// The values of two curves at the places of the first, where the other one has any.
  private static func pairs(
    _ one: [(x: Double, y: Double)], _ other: [(x: Double, y: Double)]
  ) -> [(x: Double, y: Double)] {
    one.compactMap { point in Interpolation.value(at: point.x, on: other).map { (point.y, $0) } }
  }

  private static func onset(
    of one: [(x: Double, y: Double)], among other: [(x: Double, y: Double)],
    departs: (Double, ClosedRange<Double>) -> Bool
  ) -> Double {
    let points = one.filter { $0.x > 0 }
    let usual = other.filter { $0.x > 0 }.map(\.y)
    guard usual.count >= window, usual.allSatisfy(\.isFinite) else { return .nan }
    let count = Double(usual.count)
    let mean = usual.reduce(0, +) / count
    // The interval of a mean of as many values, widened to that of a mean of three more.
    let half =
      StudentT.halfWidth95(of: usual, mean: mean) * (1 + count / Double(window)).squareRoot()
    guard half.isFinite else { return .nan }
    for start in points.indices.dropLast(window - 1) {
      let values = points[start..<start + window].map(\.y)
      if departs(values.reduce(0, +) / Double(window), mean - half...mean + half) { return points[start].x }
    }
    return .infinity
  }
}
