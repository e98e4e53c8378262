import LinearAlgebra
import Specifications

/// `noisySGD`, the paper's noisy descent (section 4): short for ``SGDRule`` with the remedy `gradientNoise` around
/// it, of which `noiseScale` and `noiseDecay` are scale and decay. It keeps state under a name of its own.
public struct NoisySGDRule: OptimizerRule {
  public static let kind = "noisySGD"
  public static let name = "noisy SGD"
  public static let remedies: Set<String> = [GradientNoiseRemedy.key]

  public var descent: SGDRule
  public var noise: GradientNoiseRemedy

  public enum CodingKeys: String, CodingKey, CaseIterable {
    case learningRate, momentum, dampening, nesterov, weightDecay, asCloneBy, noiseScale, noiseDecay
  }

  public init(_ descent: SGDRule, noise: GradientNoiseRemedy) {
    self.descent = descent
    self.noise = noise
  }

  public init(from decoder: any Decoder) throws {
    let block = try decoder.container(keyedBy: CodingKeys.self)
    descent = try SGDRule(from: decoder)
    noise = GradientNoiseRemedy(
      scale: try block.decode(Double.self, forKey: .noiseScale),
      decay: try block.decode(Double.self, forKey: .noiseDecay))
  }

  public func encode(to encoder: any Encoder) throws {
    try descent.encode(to: encoder)
    var block = encoder.container(keyedBy: CodingKeys.self)
    try block.encode(noise.scale, forKey: .noiseScale)
    try block.encode(noise.decay, forKey: .noiseDecay)
  }

  public var learningRate: Double {
    get { descent.learningRate }
    set { descent.learningRate = newValue }
  }
  public var additions: [String] { descent.additions }
  public var settings: [(symbol: String, value: Double)] { [("σ", noise.scale), ("λ", noise.decay)] }
  public var asCloneBy: Int? { descent.asCloneBy }

  public func validate() throws(SpecificationProblem) {
    try descent.validate()
    try requireNotNegative(noise.scale, "noiseScale")
    try require(noise.decay, in: 0...1, "noiseDecay")
  }

  public func makeOptimizer<Scalar: Real>(
    for network: Network<Scalar>, in setting: OptimizerSetting
  ) throws -> any Optimizer<Scalar> {
    noise.makeOptimizer(
      around: try descent.makeOptimizer(for: network, in: setting), for: network, in: setting)
  }
}
