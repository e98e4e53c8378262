import Figures

/// A statement of the paper in measurable form.
public struct ClaimSpecification: Codable, Hashable, Sendable {
  /// The name by which prose refers to the claim.
  public var id: String
  /// The statement in words.
  public var says: String
  /// An expression over the figure's data (``ClaimExpression``).
  public var measure: String
  /// `<`, `<=`, `>`, `>=` or `within` (of ``threshold``, in absolute value).
  public var comparison: Comparison
  public var threshold: Double
  /// The profiles in which the measurement can mean something; all if absent.
  public var profiles: [Profile]?
  /// Why chance has no part in it, so that a single seed decides; absent where it has.
  public var certain: String?
  /// Why the paper's own curves do not meet the criterion: a finding about the paper. Absent where they do.
  public var finding: String?

  public enum Comparison: String, Codable, Sendable {
    case less = "<"
    case atMost = "<="
    case greater = ">"
    case atLeast = ">="
    /// The absolute value is at most the threshold.
    case within = "within"

    /// Whether `value` stands in this relation to `threshold`.
    public func holds(_ value: Double, _ threshold: Double) -> Bool {
      switch self {
      case .less: value < threshold
      case .atMost: value <= threshold
      case .greater: value > threshold
      case .atLeast: value >= threshold
      case .within: abs(value) <= threshold
      }
    }

    /// Whether all values between two stand in this relation to `threshold`, or none; nil if some do.
    public func holds(everywhereIn interval: ClosedRange<Double>, _ threshold: Double) -> Bool? {
      let (low, high) = (holds(interval.lowerBound, threshold), holds(interval.upperBound, threshold))
      if low, high { return true }
      if low || high { return nil }
      // Both ends may lie outside, on either side.
      return self == .within && interval.contains(0) ? nil : false
    }
  }
}
