import LinearAlgebra
import NeuralNetwork
import Plasticity

/// How a run moves its parameters: the `optimizer` object of a chapter's block.
///
/// Keys that belong to another kind are errors rather than silently ignored.
public struct OptimizerSpecification: Codable, Hashable, Sendable {
  public enum Kind: String, Codable, CaseIterable, Sendable {
    case sgd
    case adam
    case rmsprop
    case noisySGD
  }

  public var kind: Kind
  /// Positive.
  public var learningRate: Double
  /// SGD's momentum, in [0, 1); none if absent.
  public var momentum: Double?
  /// L2 penalty added to the gradient; none if absent.
  public var weightDecay: Double?
  /// Noisy SGD: σ₀, the noise's scale relative to the norm of each tensor's gradient.
  public var noiseScale: Double?
  /// Noisy SGD: λ, the factor by which the scale shrinks at every step, in [0, 1].
  public var noiseDecay: Double?
  /// SGD: move as a clone by this factor would in its base's coordinates (`rescaledRateFactors(for:)`).
  public var asCloneBy: Int?
  /// Noise on the gradients of any kind.
  public var gradientNoise: RemedySpecification.GradientNoise?
  /// A penalty on the distance from where the phase starts.
  public var l2ToInitial: RemedySpecification.L2ToInitial?
  /// Parameters shrink and get noise after every step.
  public var shrinkAndPerturb: RemedySpecification.ShrinkAndPerturb?
  /// Units of low utility are replaced.
  public var continualBackpropagation: RemedySpecification.ContinualBackpropagation?

  /// Without anything but a kind and a rate; the rest can be set.
  public init(kind: Kind, learningRate: Double) {
    self.kind = kind
    self.learningRate = learningRate
  }

  /// Rejects values out of range and keys of other kinds.
  public func validate() throws(SpecificationProblem) {
    func problem(_ key: String, _ message: String) -> SpecificationProblem {
      SpecificationProblem("optimizer.\(key)", message)
    }
    guard learningRate > 0, learningRate.isFinite else {
      throw problem("learningRate", "is \(learningRate); it must be positive")
    }
    if let momentum {
      guard kind == .sgd else { throw problem("momentum", "does not belong to \(kind.rawValue)") }
      guard momentum >= 0, momentum < 1 else {
        throw problem("momentum", "is \(momentum); it must lie in [0, 1)")
      }
    }
    if let weightDecay {
      guard kind != .noisySGD else { throw problem("weightDecay", "does not belong to noisySGD") }
      guard weightDecay >= 0 else {
        throw problem("weightDecay", "is \(weightDecay); it must not be negative")
      }
    }
    if kind == .noisySGD {
      guard let noiseScale else { throw problem("noiseScale", "is missing; noisySGD needs it") }
      guard let noiseDecay else { throw problem("noiseDecay", "is missing; noisySGD needs it") }
      guard noiseScale >= 0 else { throw problem("noiseScale", "is \(noiseScale); it must not be negative") }
      guard (0...1).contains(noiseDecay) else {
        throw problem("noiseDecay", "is \(noiseDecay); it must lie in [0, 1]")
      }
    } else if noiseScale != nil || noiseDecay != nil {
      throw problem(noiseScale != nil ? "noiseScale" : "noiseDecay", "does not belong to \(kind.rawValue)")
    }
    if let asCloneBy {
      guard kind == .sgd else { throw problem("asCloneBy", "belongs to sgd alone: the equivalence is SGD's") }
      guard (2...64).contains(asCloneBy) else { throw problem("asCloneBy", "must lie in 2…64") }
    }
    try validateRemedies()
  }

  /// The optimiser for `network`; its random streams, if any, are named by `seed`.
  ///
  /// - Parameter shape: the shape of `network`, which tells how a clone of it would move.
  /// - Throws: `CloningError` if it has no clone as ``asCloneBy`` wants it, `ContinualBackpropagationError` if that
  ///   cannot work on `network`.
  public func makeOptimizer<Scalar: Real>(
    for network: Network<Scalar>, of shape: any NetworkSpecification, seed: UInt64
  ) throws -> any Optimizer<Scalar> {
    try withRemedies(plainOptimizer(for: network, of: shape, seed: seed), for: network, seed: seed)
  }

  private func plainOptimizer<Scalar: Real>(
    for network: Network<Scalar>, of shape: any NetworkSpecification, seed: UInt64
  ) throws -> any Optimizer<Scalar> {
    let rate = Scalar(learningRate)
    let decay = Scalar(weightDecay ?? 0)
    switch kind {
    case .sgd:
      return SGD(
        network, learningRate: rate, momentum: Scalar(momentum ?? 0), weightDecay: decay,
        rateFactors: try asCloneBy.map { rescaledRateFactors(for: try expansion(of: shape, factor: $0)) })
    case .adam:
      return Adam(network, learningRate: rate, weightDecay: decay)
    case .rmsprop:
      return RMSprop(network, learningRate: rate, weightDecay: decay)
    case .noisySGD:
      return GradientNoise(
        network, before: SGD(network, learningRate: rate), noise: noiseScale ?? 0, decay: noiseDecay ?? 0,
        seed: seed)
    }
  }
}
