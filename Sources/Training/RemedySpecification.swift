import NeuralNetwork

/// Tools of continual learning that wrap an optimiser: keys of a block's `optimizer` object, each absent unless it
/// is at work. They are applied in the order below, each around those before it.
public enum RemedySpecification {
  /// `gradientNoise`: what `noisySGD` adds to the gradients, before the steps of another kind of optimiser.
  public struct GradientNoise: Codable, Hashable, Sendable {
    /// σ, relative to the norm of each tensor's gradient. Not negative.
    public var scale: Double
    /// λ, in [0, 1]: the factor by which the scale shrinks at every step.
    public var decay: Double

    public init(scale: Double, decay: Double) {
      self.scale = scale
      self.decay = decay
    }
  }

  /// `l2ToInitial`: a penalty on the distance from the parameters that the phase starts from.
  public struct L2ToInitial: Codable, Hashable, Sendable {
    /// The penalty's factor: ½ · strength · ‖w − w₀‖² is added to the loss. Positive.
    public var strength: Double

    public init(strength: Double) { self.strength = strength }
  }

  /// `shrinkAndPerturb`: after every step w ← shrink · w + noise.
  public struct ShrinkAndPerturb: Codable, Hashable, Sendable {
    /// The factor on every parameter, in (0, 1].
    public var shrink: Double
    /// Of the noise; not negative.
    public var standardDeviation: Double

    public init(shrink: Double, standardDeviation: Double) {
      self.shrink = shrink
      self.standardDeviation = standardDeviation
    }
  }

  /// `continualBackpropagation`: units of low utility are replaced, in networks of linear and convolutional layers.
  public struct ContinualBackpropagation: Codable, Hashable, Sendable {
    /// Replacements a step for each eligible unit, in [0, 1].
    public var replacementRate: Double
    /// Steps that a unit must have lived before it can be replaced.
    public var maturity: Int
    /// Of the running averages, in [0, 1).
    public var decay: Double

    public init(replacementRate: Double, maturity: Int, decay: Double) {
      self.replacementRate = replacementRate
      self.maturity = maturity
      self.decay = decay
    }
  }
}

extension OptimizerSpecification {
  /// Names what state the optimiser keeps: a phase goes on with its predecessor's state only if both names agree.
  var stateName: String {
    var name = kind.rawValue
    if gradientNoise != nil { name += "+gradientNoise" }
    if l2ToInitial != nil { name += "+l2ToInitial" }
    if shrinkAndPerturb != nil { name += "+shrinkAndPerturb" }
    if continualBackpropagation != nil { name += "+continualBackpropagation" }
    return name
  }

  /// Whether any of them is at work.
  var hasRemedies: Bool {
    gradientNoise != nil || l2ToInitial != nil || shrinkAndPerturb != nil || continualBackpropagation != nil
  }

  /// Rejects values out of range, naming the key.
  func validateRemedies() throws(SpecificationProblem) {
    func problem(_ key: String, _ message: String) -> SpecificationProblem {
      SpecificationProblem("optimizer.\(key)", message)
    }
    if let remedy = gradientNoise {
      guard kind != .noisySGD else { throw problem("gradientNoise", "is what noisySGD does already") }
      guard remedy.scale >= 0, remedy.scale.isFinite else {
        throw problem("gradientNoise.scale", "is \(remedy.scale); it must not be negative")
      }
      guard (0...1).contains(remedy.decay) else {
        throw problem("gradientNoise.decay", "is \(remedy.decay); it must lie in [0, 1]")
      }
    }
    if let strength = l2ToInitial?.strength, !(strength > 0 && strength.isFinite) {
      throw problem("l2ToInitial.strength", "is \(strength); it must be positive")
    }
    if let remedy = shrinkAndPerturb {
      guard remedy.shrink > 0, remedy.shrink <= 1 else {
        throw problem("shrinkAndPerturb.shrink", "is \(remedy.shrink); it must lie in (0, 1]")
      }
      guard remedy.standardDeviation >= 0, remedy.standardDeviation.isFinite else {
        throw problem(
          "shrinkAndPerturb.standardDeviation", "is \(remedy.standardDeviation); it must not be negative")
      }
    }
    if let remedy = continualBackpropagation {
      guard (0...1).contains(remedy.replacementRate) else {
        throw problem(
          "continualBackpropagation.replacementRate", "is \(remedy.replacementRate); it must lie in [0, 1]")
      }
      guard remedy.maturity >= 0 else {
        throw problem("continualBackpropagation.maturity", "is \(remedy.maturity); it must not be negative")
      }
      guard remedy.decay >= 0, remedy.decay < 1 else {
        throw problem("continualBackpropagation.decay", "is \(remedy.decay); it must lie in [0, 1)")
      }
    }
  }

  /// `optimizer` of `network` with the block's remedies around it.
  ///
  /// - Throws: `ContinualBackpropagationError` for a network that has other layers of weights than linear ones and
  ///   convolutions.
  func withRemedies<Scalar>(
    _ optimizer: any Optimizer<Scalar>, for network: Network<Scalar>, seed: UInt64
  ) throws -> any Optimizer<Scalar> {
    var result = optimizer
    if let gradientNoise {
      result = NeuralNetwork.GradientNoise(
        network, before: result, noise: gradientNoise.scale, decay: gradientNoise.decay, seed: seed)
    }
    if let l2ToInitial {
      result = NeuralNetwork.L2ToInitial(network, before: result, strength: Scalar(l2ToInitial.strength))
    }
    if let shrinkAndPerturb {
      result = NeuralNetwork.ShrinkAndPerturb(
        network, after: result, shrink: shrinkAndPerturb.shrink,
        standardDeviation: shrinkAndPerturb.standardDeviation, seed: seed)
    }
    if let remedy = continualBackpropagation {
      result = try NeuralNetwork.ContinualBackpropagation(
        network, after: result,
        settings: .init(
          replacementRate: remedy.replacementRate, maturity: remedy.maturity, decay: remedy.decay),
        seed: seed)
    }
    return result
  }
}
