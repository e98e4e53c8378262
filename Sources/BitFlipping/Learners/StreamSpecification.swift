import Specifications

/// The slowly changing regression problem of Dohare et al. (2021), as the paper's appendix B.1.1 sets it up.
public struct StreamSpecification: Codable, Hashable, Sendable {
  /// How the thresholds of the target's units are set.
  public enum Target: String, Codable, CaseIterable, Sendable {
    /// θ = β · (bits + 1) − S with S the number of negative bit weights minus half the bias weight, and an
    /// output bias of ±1: the paper's released code.
    case released
    /// θ = β · bits − S with S the number of negative weights, and no output bias: Dohare et al.
    case dohare
  }

  /// Bits of an input (m), before the constant 1.
  public var bits: Int
  /// Bits that keep their value within a task (f): the first ones.
  public var flippingBits: Int
  /// Examples of a task (T); after each, one flipping bit inverts.
  public var period: Int
  /// Linear threshold units of the target network.
  public var targetUnits: Int
  /// β of the thresholds.
  public var beta: Double
  public var target: Target
  /// Length of the stream.
  public var examples: Int

  public init(
    bits: Int = 20, flippingBits: Int = 15, period: Int = 10_000, targetUnits: Int = 100,
    beta: Double = 0.7, target: Target = .released, examples: Int = 5_000_000
  ) {
    self.bits = bits
    self.flippingBits = flippingBits
    self.period = period
    self.targetUnits = targetUnits
    self.beta = beta
    self.target = target
    self.examples = examples
  }

  /// Bits that are drawn anew for each example.
  public var randomBits: Int { bits - flippingBits }

  /// Rejects values that no stream can have, naming the key.
  public func validate() throws(SpecificationProblem) {
    try require(bits, in: 2...64, "bits")
    try require(flippingBits, in: max(1, bits - 8)...bits, "flippingBits")
    try require(period, in: 1...1_000_000_000, "period")
    try require(targetUnits, in: 1...10_000, "targetUnits")
    try require(beta, in: 0...1, "beta")
    try require(examples, in: 1...1_000_000_000_000, "examples")
  }
}
