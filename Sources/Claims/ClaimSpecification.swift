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
  }
}

/// What became of a claim.
public enum Verdict: String, Codable, CaseIterable, Sendable {
  case reproduced = "reproduced"
  case notReproduced = "not reproduced"
  /// A curve holds what is not a number, or the expression gives none: neither side of the threshold.
  case undecided = "undecided"
  case notTested = "not tested at this profile"
}

/// A claim with what was measured.
public struct ClaimResult: Codable, Hashable, Sendable {
  public var id: String
  public var says: String
  /// The expression and the comparison, as text.
  public var criterion: String
  /// The expression's value on the mean over seeds; nil if it is not a number.
  public var measured: Double?
  /// The expression's value for each seed alone.
  public var perSeed: [Double]
  public var verdict: Verdict
  /// Why the claim is undecided; nil where it is not.
  public var note: String?

  /// Evaluates a claim on a figure's data.
  ///
  /// The verdict rests on the mean over seeds; the values for single seeds are reported beside it.
  /// - Throws: ``ClaimExpressionError`` for an expression that cannot be read, `UnknownCurve` for a curve that is not there.
  public init(_ claim: ClaimSpecification, data: FigureData, profile: Profile) throws {
    let expression = try ClaimExpression(claim.measure)
    id = claim.id
    says = claim.says
    criterion =
      claim.comparison == .within
      ? "|\(claim.measure)| ≤ \(claim.threshold)"
      : "\(claim.measure) \(claim.comparison.rawValue) \(claim.threshold)"
    let value = try expression.value { try data.points(of: $0) }
    measured = value.isFinite ? value : nil
    perSeed = try data.seeds.map { seed in
      try expression.value { try data.points(of: $0, seed: seed) }
    }.filter(\.isFinite)
    if let profiles = claim.profiles, !profiles.contains(profile) {
      verdict = .notTested
    } else if let odd = try expression.curves.sorted().first(where: { curve in
      try data.points(of: curve).contains { !$0.x.isFinite || !$0.y.isFinite }
    }) {
      // Where in a curve it stands would decide: a minimum passes over it, a final value does not.
      verdict = .undecided
      note = "the curve \(odd) holds what is not a number"
    } else if !value.isFinite {
      verdict = .undecided
      note = "its value is not a number"
    } else {
      verdict = claim.comparison.holds(value, claim.threshold) ? .reproduced : .notReproduced
    }
  }
}
