import LinearAlgebra
import Specifications

/// `gradientNoise`: what a block says of ``GradientNoise``.
public struct GradientNoiseRemedy: Remedy {
  public static let key = "gradientNoise"
  public static let name = "gradient noise"

  /// σ₀, relative to the norm of each tensor's gradient. Not negative.
  public var scale: Double
  /// λ, in [0, 1]: the factor by which the scale shrinks at every step.
  public var decay: Double

  public init(scale: Double, decay: Double) {
    self.scale = scale
    self.decay = decay
  }

  public func validate() throws(SpecificationProblem) {
    try requireNotNegative(scale, "scale")
    try require(decay, in: 0...1, "decay")
  }

  public func makeOptimizer<Scalar: Real>(
    around inner: any Optimizer<Scalar>, for network: Network<Scalar>, in setting: OptimizerSetting
  ) -> any Optimizer<Scalar> {
    GradientNoise(network, before: inner, noise: scale, decay: decay, seed: setting.seed)
  }
}

/// Decaying noise on the gradients before every step of another optimiser (paper, section 4, there before plain
/// steps): for each parameter tensor g ← g + σ₀λᵗ · ‖g‖₂ · ε with ε standard normal. t counts steps since the
/// optimiser was made, and 0⁰ = 1.
///
/// ε comes from the stream named by seed and `gradient-noise/<tensor name>` at index t.
public final class GradientNoise<Scalar: Real>: WrappingOptimizer {
  public let inner: any Optimizer<Scalar>
  /// σ₀, the noise's size relative to the norm of the gradient, for each entry.
  public let noise: Double
  /// λ, in [0, 1].
  public let decay: Double

  private let network: Network<Scalar>
  private let source: ParameterNoise<Scalar>

  /// - Parameter inner: makes the steps, of `network` too.
  public init(
    _ network: Network<Scalar>, before inner: any Optimizer<Scalar>, noise: Double, decay: Double,
    seed: UInt64
  ) {
    enforce(noise >= 0, "a noise that is not negative")
    enforce(decay >= 0 && decay <= 1, "a decay in [0, 1]")
    self.network = network
    self.inner = inner
    self.noise = noise
    self.decay = decay
    source = ParameterNoise(network, purpose: "gradient-noise", seed: seed)
  }

  /// σ₀λᵗ of the next step.
  public var noiseScale: Double {
    // Below the smallest float the noise would vanish in rounding: exactly zero saves the drawing.
    let scale = noise * OptimizerKernels.power(decay, stepsTaken)
    return scale < 1e-30 ? 0 : scale
  }

  public func step() {
    let scale = noiseScale
    if scale > 0 {
      for index in network.parameters.indices {
        let gradient = network.parameters[index].parameter.gradient
        let sample = source.draw(tensor: index, count: gradient.count, step: stepsTaken)
        let norm = OptimizerKernels.sumOfSquares(gradient.elements, count: gradient.count).squareRoot()
        OptimizerKernels.add(
          to: gradient.elements, sample, factor: Scalar(scale * norm), count: gradient.count)
      }
    }
    inner.step()
  }
}
