import Glibc

/// The standard normal distribution.
public enum Normal {
  /// exp(−x²/2) / √(2π).
  public static func density(_ x: Double) -> Double {
    0.398_942_280_401_432_7 * exp(-0.5 * x * x)
  }

  /// P(z ≤ x), with full relative precision in the lower tail.
  public static func distribution(_ x: Double) -> Double {
    0.5 * erfc(-x * 0.5.squareRoot())
  }

  /// P(low < z ≤ high), taken in the tail in which nothing cancels. Precondition: `low <= high`.
  public static func probability(from low: Double, to high: Double) -> Double {
    precondition(low <= high, "an interval's ends in order")
    return low > 0 ? distribution(-low) - distribution(-high) : distribution(high) - distribution(low)
  }
}
