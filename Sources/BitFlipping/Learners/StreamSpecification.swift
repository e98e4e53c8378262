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

  /// The key of the first value that no stream can have, with what is wrong.
  public var problem: (key: String, message: String)? {
    if !(2...64).contains(bits) { return ("bits", "is \(bits); it must lie in 2…64") }
    if !(1...bits).contains(flippingBits) || randomBits > 8 {
      let least = max(1, bits - 8)
      return ("flippingBits", "is \(flippingBits); it must lie in \(least)…\(bits)")
    }
    if !(1...1_000_000_000).contains(period) {
      return ("period", "is \(period); it must lie in 1…1000000000")
    }
    if !(1...10_000).contains(targetUnits) {
      return ("targetUnits", "is \(targetUnits); it must lie in 1…10000")
    }
    if !(beta >= 0 && beta <= 1) { return ("beta", "is \(beta); it must lie in 0…1") }
    if !(1...1_000_000_000_000).contains(examples) {
      return ("examples", "is \(examples); it must lie in 1…1000000000000")
    }
    return nil
  }
}
