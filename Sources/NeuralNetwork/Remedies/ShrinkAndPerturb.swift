import LinearAlgebra
import Specifications

/// `shrinkAndPerturb`: what a block says of ``ShrinkAndPerturb``.
public struct ShrinkAndPerturbRemedy: Remedy {
  public static let key = "shrinkAndPerturb"
  public static let name = "shrink and perturb"

  /// The factor on every parameter, in (0, 1].
  public var shrink: Double
  /// Of the noise; not negative.
  public var standardDeviation: Double

  public init(shrink: Double, standardDeviation: Double) {
    self.shrink = shrink
    self.standardDeviation = standardDeviation
  }

  public func validate() throws(SpecificationProblem) {
    try requirePositive(shrink, upTo: 1, "shrink")
    try requireNotNegative(standardDeviation, "standardDeviation")
  }

  public func makeOptimizer<Scalar: Real>(
    around inner: any Optimizer<Scalar>, for network: Network<Scalar>, in setting: OptimizerSetting
  ) -> any Optimizer<Scalar> {
    ShrinkAndPerturb(
      network, after: inner, shrink: shrink, standardDeviation: standardDeviation, seed: setting.seed)
  }
}

/// Shrink and perturb (Ash and Adams, 2020), done after every step of another optimiser: w ← shrink · w + ε with
/// ε normal, of mean 0 and the given standard deviation.
///
/// ε comes from the stream named by seed and `perturbation/<tensor name>` at the index of the step.
public final class ShrinkAndPerturb<Scalar: Real>: WrappingOptimizer {
  public let inner: any Optimizer<Scalar>
  /// The factor on every parameter, 1 for perturbation alone.
  public let shrink: Double
  /// σ, the root of the variance that the released code adds after every step.
  public let standardDeviation: Double

  private let source: ParameterNoise<Scalar>
  private var stream: UInt64 = 0

  /// - Parameter inner: makes the steps, of `network` too.
  public init(
    _ network: Network<Scalar>, after inner: any Optimizer<Scalar>, shrink: Double, standardDeviation: Double,
    seed: UInt64
  ) {
    enforce(shrink >= 0 && shrink <= 1, "a factor in [0, 1]")
    enforce(standardDeviation >= 0, "a standard deviation that is not negative")
    self.inner = inner
    self.shrink = shrink
    self.standardDeviation = standardDeviation
    source = ParameterNoise(network, purpose: "perturbation", seed: seed)
  }

  public func begin() {
    stream = stepsTaken
    inner.begin()
  }

  @_specialize(where Scalar == Float)
  public func update(_ span: ParameterSpan, along gradients: UnsafeMutablePointer<Scalar>) {
    inner.update(span, along: gradients)
    source.mix(
      into: network.values.elements + span.offset, span, step: stream, scale: Scalar(shrink),
      factor: Scalar(standardDeviation))
  }
}
