/// The universal quartic gap bound (Lemma A.1): ρ² − K(ρ)² ≥ δ ρ² (1 − ρ²) on [−1, 1], for every standardised
/// activation; equality at ρ = 0 and 1, at −1 if f is odd or even, and everywhere if δ = 0. (Where the paper
/// has the gap vanish at |ρ| = 1, it has odd activations in mind: for the ReLU, K(−1) = −0.467.)
public enum QuarticGap {
  /// One correlation of a grid.
  public struct Point: Sendable, Equatable {
    public let correlation: Double
    /// ρ² − K(ρ)².
    public let gap: Double
    /// δ ρ² (1 − ρ²).
    public let bound: Double
  }

  /// ρ² − K², without cancellation of the squares.
  public static func gap(correlation: Double, kernel: Double) -> Double {
    (correlation - kernel) * (correlation + kernel)
  }

  /// δ ρ² (1 − ρ²), for δ from 0 to 1.
  public static func bound(correlation: Double, decorrelationStrength: Double) -> Double {
    decorrelationStrength * correlation * correlation * (1 - correlation) * (1 + correlation)
  }

  /// `count` correlations from −1 to 1, evenly spaced. Precondition: `count >= 2`.
  public static func grid(count: Int) -> [Double] {
    precondition(count >= 2, "two ends")
    return (0..<count).map { Double(2 * $0 - (count - 1)) / Double(count - 1) }
  }

  /// Gap and bound on a grid.
  public static func curve(
    decorrelationStrength: Double, on grid: [Double], kernel: (Double) -> Double
  ) -> [Point] {
    grid.map {
      Point(
        correlation: $0, gap: gap(correlation: $0, kernel: kernel($0)),
        bound: bound(correlation: $0, decorrelationStrength: decorrelationStrength))
    }
  }

  /// The largest bound − gap on a grid: at most 0 up to rounding if the lemma holds. Precondition: the grid is
  /// not empty.
  public static func largestViolation(
    decorrelationStrength: Double, on grid: [Double], kernel: (Double) -> Double
  ) -> Double {
    precondition(!grid.isEmpty, "a grid of correlations")
    return curve(decorrelationStrength: decorrelationStrength, on: grid, kernel: kernel)
      .reduce(-.infinity) { max($0, $1.bound - $1.gap) }
  }
}
