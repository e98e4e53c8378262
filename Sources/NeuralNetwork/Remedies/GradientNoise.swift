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

  private let source: ParameterNoise<Scalar>
  /// The noise's size in each tensor in the step under way.
  private var sizes: [Scalar]
  private var stream: UInt64 = 0

  /// - Parameter inner: makes the steps, of `network` too.
  public init(
    _ network: Network<Scalar>, before inner: any Optimizer<Scalar>, noise: Double, decay: Double,
    seed: UInt64
  ) {
    enforce(noise >= 0, "a noise that is not negative")
    enforce(decay >= 0 && decay <= 1, "a decay in [0, 1]")
    self.inner = inner
    self.noise = noise
    self.decay = decay
    source = ParameterNoise(network, purpose: "gradient-noise", seed: seed)
    sizes = Array(repeating: 0, count: network.parameters.count)
  }

  /// σ₀λᵗ of the next step.
  public var noiseScale: Double {
    // Below the smallest float the noise would vanish in rounding: exactly zero saves the drawing.
    let scale = noise * OptimizerKernels.power(decay, stepsTaken)
    return scale < 1e-30 ? 0 : scale
  }

  public func begin() {
    let scale = noiseScale
    stream = stepsTaken
    for index in sizes.indices {
      let gradient = network.parameters[index].parameter.gradient
      sizes[index] =
        scale > 0
        ? Scalar(
          scale * OptimizerKernels.sumOfSquares(gradient.elements, count: gradient.count).squareRoot()) : 0
    }
    inner.begin()
  }

  @_specialize(where Scalar == Float)
  public func update(_ span: ParameterSpan, along gradients: UnsafeMutablePointer<Scalar>) {
    if sizes[span.tensor] > 0 {
      source.mix(
        into: gradients, span, step: stream, scale: 1,
        factor: sizes[span.tensor])
    }
    inner.update(span, along: gradients)
  }
}
