import Specifications

/// A table of the theory: one of the `tables` of a chapter's block.
public struct TheorySpecification: Codable, Hashable, Sendable {
  public enum Quantity: String, Codable, CaseIterable, Sendable {
    /// ρ² − K(ρ)² against its quartic bound, over ρ (paper, Lemma A.1).
    case quarticGap
    /// er₂(K(C)) / er₂(C) against its bound, from the identity to a dense correlation matrix (Theorem 3.1).
    case rankGain
    /// Decorrelation strength and frozen probability along a modulation φ(ax + b).
    case modulation
    /// The same two over a grid of scale and bias, against one another.
    case tradeOff
    /// Gradient flow on and off a plane of clones in a parameter space of three dimensions (Section 2).
    case confinement
    /// Drawings of networks with a frozen unit and with clones, after their gradients (Section 2).
    case mechanism
  }

  public var quantity: Quantity
  /// Names of the registry of activations; for all quantities but confinement and mechanism.
  public var activations: [String]?
  /// Points along ρ, t or the modulation; for confinement, grid lines either way. Mechanism has none.
  public var points: Int?
  /// Rank gain: sizes of the correlation matrices. Mechanism: inputs, hidden units, outputs.
  public var sizes: [Int]?
  /// Rank gain: names the stream that draws the dense matrix. Mechanism: that of weights and data.
  public var seed: UInt64?
  /// Modulation: `scale` or `bias`, and its ends.
  public var parameter: String?
  public var from: Double?
  public var to: Double?
  /// Trade-off: the ends of the scales (even in the logarithm) and of the biases.
  public var scales: [Double]?
  public var biases: [Double]?
  /// Confinement: the inputs x, and the two slopes of the target tanh(s₁x) + tanh(s₂x).
  public var inputs: [Double]?
  public var slopes: [Double]?
  /// Confinement: pairs (w, v) from which flows start on the plane w₁ = w₂ = w.
  public var starts: [[Double]]?
  /// Confinement: the pair (w, v) near which one starts with w₁ − w₂ = `perturbation`.
  public var leaver: [Double]?
  public var perturbation: Double?
  /// Confinement: for how long all flow.
  public var duration: Double?

  /// Checks what the types cannot say.
  public func validate() throws(SpecificationProblem) {
    try validateCommon()
    switch quantity {
    case .quarticGap: break
    case .rankGain:
      guard let sizes, !sizes.isEmpty, sizes.allSatisfy({ (2...512).contains($0) }) else {
        throw SpecificationProblem("sizes", "must be sizes in 2…512")
      }
      try requireCount(sizes.count, in: 1...100, "sizes")
      guard seed != nil else { throw SpecificationProblem("seed", "is missing") }
    case .modulation:
      guard parameter == "scale" || parameter == "bias" else {
        throw SpecificationProblem("parameter", "must be 'scale' or 'bias'")
      }
      guard let from, let to, from < to, parameter == "bias" || from > 0 else {
        throw SpecificationProblem("from", "must be below 'to', and positive for a scale")
      }
      try requireMagnitude(from, upTo: Self.greatestArgument, "from")
      try requireMagnitude(to, upTo: Self.greatestArgument, "to")
    case .tradeOff:
      guard let scales, scales.count == 2, scales[0] > 0, scales[0] < scales[1] else {
        throw SpecificationProblem("scales", "must be two positive numbers, the lower one first")
      }
      guard let biases, biases.count == 2, biases[0] < biases[1] else {
        throw SpecificationProblem("biases", "must be two numbers, the lower one first")
      }
      try requireMagnitude(scales[1], upTo: Self.greatestArgument, "scales")
      for bias in biases { try requireMagnitude(bias, upTo: Self.greatestArgument, "biases") }
    case .confinement: try validateConfinement()
    case .mechanism:
      guard let sizes, sizes.count == 3, sizes.allSatisfy({ (1...12).contains($0) }), sizes[1] > 2 else {
        throw SpecificationProblem(
          "sizes", "must be inputs, hidden units and outputs in 1…12, 3 hidden units at least")
      }
      guard seed != nil else { throw SpecificationProblem("seed", "is missing") }
    }
  }

  /// Of scales and biases: a periodic activation is followed over each of its periods.
  private static let greatestArgument = 1e4

  /// `points`, once validated.
  var pointCount: Int { points ?? 0 }

  /// Roughly how much work the table is, in floating-point operations.
  public var cost: Double {
    let evaluations = Double((activations?.count ?? 1) * pointCount)
    switch quantity {
    case .quarticGap: return evaluations * 1e7
    case .rankGain: return evaluations * Double((sizes ?? []).map { $0 * $0 }.reduce(0, +)) * 1e3
    case .modulation: return evaluations * 1e7
    case .tradeOff: return evaluations * Double(pointCount) * 1e7
    case .confinement: return (duration ?? 0) * Double((inputs ?? []).count * (starts ?? []).count) * 1e4
    case .mechanism: return 1e6
    }
  }
}
