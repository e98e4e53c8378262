import Specifications

/// Continual backpropagation (Dohare et al. 2021; 2024) in a learner of the stream: at a slow rate the units of lowest utility are replaced
/// by fresh ones.
public struct ReplacementSpecification: Codable, Hashable, Sendable {
  public enum Variant: String, Codable, CaseIterable, Sendable {
    /// As published. Each step adds `replacementRate` for each eligible unit to an account, whose whole part is
    /// replaced: fresh incoming weights, incoming bias 0, outgoing weight 0, its mean contribution moved to the
    /// output's bias.
    case published
    /// As the paper's released code does it: at least one unit at every step once one is eligible; incoming
    /// weights stay as they are, and the biases of *all* units are set to zero.
    case released
  }

  public var variant: Variant
  /// ρ, replacements a step for each eligible unit.
  public var replacementRate: Double
  /// Steps that a unit must have lived before it can be replaced.
  public var maturity: Int
  /// η of the running averages of activation and utility.
  public var decay: Double
  /// The share of the stream that passes before continual backpropagation begins; plain gradient descent until
  /// then.
  public var from: Double?

  public init(
    variant: Variant = .published, replacementRate: Double = 1e-4, maturity: Int = 100,
    decay: Double = 0.99, from: Double? = nil
  ) {
    self.variant = variant
    self.replacementRate = replacementRate
    self.maturity = maturity
    self.decay = decay
    self.from = from
  }

  /// Rejects values that make no sense, naming the key.
  public func validate() throws(SpecificationProblem) {
    try require(replacementRate, in: 0...1, "replacementRate")
    try require(maturity, in: 0...1_000_000_000, "maturity")
    try require(decay, in: 0..<1, "decay")
    if let from { try require(from, in: 0..<1, "from") }
  }
}
