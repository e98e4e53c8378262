import Figures

/// A claim with what was measured.
public struct ClaimResult: Codable, Hashable, Sendable {
  public var id: String
  public var says: String
  /// The expression and the comparison, as text.
  public var criterion: String
  /// The expression's value: the mean of those of the seeds, or where there are no seeds the value itself; nil if it is
  /// not a number.
  public var measured: Double?
  /// The ends of the 95 % confidence interval of ``measured`` over seeds (Student's t); nil where it has none.
  public var interval: [Double]?
  /// The expression's value for each seed alone.
  public var perSeed: [Double]
  public var verdict: Verdict
  /// Why the claim is undecided, or decided by a single seed; nil where nothing needs to be said.
  public var note: String?
  /// The expression's value on the paper's own curves, as far as ours go; nil where these do not have all that it needs.
  public var published: Double?
  /// Whether the paper's own curves meet the criterion on their whole course; nil where ``published`` is.
  public var publishedHolds: Bool?
  /// What the chapter says of a criterion that the paper's own curves do not meet.
  public var finding: String?

  /// Evaluates a claim on a figure's data, and on the paper's curves where there are any.
  ///
  /// It is reproduced, or not, where that is so for the whole interval over seeds. Where the interval holds the threshold,
  /// and where a single seed says nothing about chance, it is undecided.
  /// - Throws: ``ClaimExpressionError`` for an expression that cannot be read, `UnknownCurve` for a curve that is not there.
  public init(
    _ claim: ClaimSpecification, data: FigureData, published: [PublishedCurve] = [], profile: Profile
  ) throws {
    let expression = try ClaimExpression(claim.measure)
    try self.init(unmeasured: claim, published: published, ours: data)
    let values = try data.seeds.map { seed in
      try expression.value { try data.points(of: $0, seed: seed) }
    }
    perSeed = values.filter(\.isFinite)
    let sample = Sample(values)
    let value = try sample?.mean ?? expression.value { try data.points(of: $0) }
    measured = value.isFinite ? value : nil
    interval = (sample?.interval).map { [$0.lowerBound, $0.upperBound] }
    if let profiles = claim.profiles, !profiles.contains(profile) {
      verdict = .notTested
      return
    }
    let odd = try expression.curves.sorted().first { curve in
      try data.points(of: curve).contains { !$0.x.isFinite || !$0.y.isFinite }
    }
    if let odd {
      // Where in a curve it stands would decide: a minimum passes over it, a final value does not.
      (verdict, note) = (.undecided, "the curve \(odd) holds what is not a number")
    } else if !value.isFinite || values.contains(where: { !$0.isFinite }) {
      (verdict, note) = (.undecided, "its value is not a number")
    } else {
      (verdict, note) = Self.verdict(claim, value: value, sample: sample)
    }
  }

  /// A claim of which nothing is measured here, and what the paper's curves say of it.
  ///
  /// - Parameter ours: the curves as far as which the paper's are asked for a value; to their ends if nil.
  init(unmeasured claim: ClaimSpecification, published: [PublishedCurve], ours: FigureData?) throws {
    id = claim.id
    says = claim.says
    criterion =
      claim.comparison == .within
      ? "|\(claim.measure)| ≤ \(claim.threshold)"
      : "\(claim.measure) \(claim.comparison.rawValue) \(claim.threshold)"
    perSeed = []
    verdict = .undecided
    finding = claim.finding
    let expression = try ClaimExpression(claim.measure)
    (self.published, _) = try Self.judged(claim, expression, on: ours.map(published.cut) ?? published)
    if self.published != nil { (_, publishedHolds) = try Self.judged(claim, expression, on: published) }
  }

  static func verdict(
    _ claim: ClaimSpecification, value: Double, sample: Sample?
  ) -> (Verdict, String?) {
    func decided(_ holds: Bool) -> Verdict { holds ? .reproduced : .notReproduced }
    let holds = claim.comparison.holds(value, claim.threshold)
    // What has no seeds is computed, not drawn.
    guard let sample else { return (decided(holds), nil) }
    if let certain = claim.certain, sample.count == 1 {
      return (decided(holds), "one seed decides: \(certain)")
    }
    guard let interval = sample.interval else {
      guard sample.count == 1 else { return (.undecided, "its spread over seeds is not a number") }
      return (.undecided, "one seed, which \(holds ? "meets" : "does not meet") the criterion")
    }
    guard let holds = claim.comparison.holds(everywhereIn: interval, claim.threshold) else {
      return (.undecided, "the interval over \(sample.count) seeds holds the threshold")
    }
    return (decided(holds), nil)
  }

  /// The expression's value on the paper's curves, and whether it meets the criterion.
  static func judged(
    _ claim: ClaimSpecification, _ expression: ClaimExpression, on published: [PublishedCurve]
  ) throws -> (Double?, Bool?) {
    let curves = Dictionary(published.map { ($0.name, $0.points) }, uniquingKeysWith: { first, _ in first })
    guard !expression.curves.isEmpty, expression.curves.allSatisfy({ curves[$0] != nil }) else {
      return (nil, nil)
    }
    let value = try expression.value { curves[$0] ?? [] }
    return value.isFinite ? (value, claim.comparison.holds(value, claim.threshold)) : (nil, nil)
  }
}

/// A quantity's values, one for each seed.
struct Sample {
  let count: Int
  let mean: Double
  /// The 95 % confidence interval of the mean; nil for a single value, and for values too large to have one.
  let interval: ClosedRange<Double>?

  /// - Returns: nil if there are no values; numbers that are none make the mean one.
  init?(_ values: [Double]) {
    guard !values.isEmpty else { return nil }
    count = values.count
    mean = values.reduce(0, +) / Double(values.count)
    guard values.count > 1, mean.isFinite else {
      interval = nil
      return
    }
    // Equal values have no spread, whatever rounding makes of their mean.
    if let first = values.first, values.allSatisfy({ $0 == first }) {
      interval = first...first
      return
    }
    let half = StudentT.halfWidth95(of: values, mean: mean)
    interval = half.isFinite ? mean - half...mean + half : nil
  }
}
