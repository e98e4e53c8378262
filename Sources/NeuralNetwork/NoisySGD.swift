import LinearAlgebra

/// Stochastic gradient descent with decaying noise (paper, section 4): for each parameter tensor
/// g ← g + σ₀λᵗ · ‖g‖₂ · ε with ε standard normal, then a plain step. t counts steps since the optimiser was
/// made, and 0⁰ = 1.
///
/// ε comes from the stream named by seed and `gradient-noise/<tensor name>` at index t. The gradients are left
/// as they are.
public final class NoisySGD<Scalar: Real>: Optimizer {
  public var learningRate: Scalar
  public var stepsTaken: UInt64 = 0
  /// σ₀, the noise's size relative to the norm of the gradient, for each entry.
  public let noise: Double
  /// λ, in [0, 1].
  public let decay: Double

  public var state: [(name: String, tensor: Matrix<Scalar>)] { [] }

  private let network: Network<Scalar>
  private let keys: [RandomStream.Key]
  private let memory: Arena<Scalar>
  private let sample: Matrix<Scalar>

  public init(_ network: Network<Scalar>, learningRate: Scalar, noise: Double, decay: Double, seed: UInt64) {
    precondition(noise >= 0, "a noise that is not negative")
    precondition(decay >= 0 && decay <= 1, "a decay in [0, 1]")
    self.network = network
    self.learningRate = learningRate
    self.noise = noise
    self.decay = decay
    keys = network.parameters.map { RandomStream.Key(seed: seed, purpose: "gradient-noise/\($0.name)") }
    let largest = network.parameters.map(\.parameter.count).max() ?? 0
    memory = Arena(capacity: Arena<Scalar>.footprint(rows: 1, columns: largest))
    sample = memory.take(rows: 1, columns: largest)
  }

  /// σ₀λᵗ of the next step.
  public var noiseScale: Double {
    // Below the smallest float the noise would vanish in rounding: exactly zero saves the drawing.
    let scale = noise * OptimizerKernels.power(decay, stepsTaken)
    return scale < 1e-30 ? 0 : scale
  }

  public func step() {
    let scale = noiseScale
    for index in network.parameters.indices {
      let parameter = network.parameters[index].parameter
      let values = parameter.value.elements
      let gradients = parameter.gradient.elements
      let count = parameter.count
      if scale == 0 {
        OptimizerKernels.descend(values, along: gradients, count: count, rate: learningRate, weightDecay: 0)
        continue
      }
      var stream = RandomStream(keys[index], index: stepsTaken)
      Scalar.fillNormal(.init(start: sample.elements, count: count), from: &stream)
      let norm = OptimizerKernels.sumOfSquares(gradients, count: count).squareRoot()
      OptimizerKernels.descend(
        values, along: gradients, noise: sample.elements, noiseFactor: Scalar(scale * norm), count: count,
        rate: learningRate)
    }
    stepsTaken += 1
  }
}
