import Glibc
import LinearAlgebra
import NeuralNetwork

/// How fast gradient descent leaves the cloning manifold after a small push, or returns to it.
///
/// Close to a point of the manifold where the gradient vanishes, the normal part δ of the parameters follows
/// δ ← (1 − rate · (H + decay)) · δ, so that after a while the direction of the smallest eigenvalue λ is all that
/// counts, and log distance grows by about −rate · (λ + decay) a step.
///
/// That holds where the loss is smooth along the way (within 3 % in linear chains). Descent in a rectifier network
/// tends to settle at kinks that some inputs cross back and forth in nearly every step; the Hessian at one point
/// knows nothing of that, and growth was seen at 0.5 to 0.95 of the rate that it predicts.
///
/// A random push has about 1 / √dimension of its length in the fastest direction, and most directions of a large
/// network are flat: the distance hardly changes until that part has outgrown the rest, after about
/// log √dimension / (−rate · λ) steps.
public struct EscapeRate: Hashable, Sendable {
  /// How the network is pushed and how it descends.
  public struct Settings: Hashable, Sendable {
    /// ‖δ‖ / ‖θ‖ of the push, a random vector of the normal space; 0 leaves rounding alone to break the symmetry.
    public var relativeSize: Double
    /// Names the random vector.
    public var seed: UInt64
    public var learningRate: Double
    /// The factor of θ that is added to the gradient: a decay above −λ makes the manifold attract.
    public var weightDecay: Double
    public var steps: Int
    /// The distance at which second order no longer holds: growth is measured before it is first reached.
    public var saturation: Double
    /// Evaluation, as in ``StabilityReport``, or training, with batch statistics and dropout.
    public var mode: StepContext.Mode

    public init(
      relativeSize: Double, seed: UInt64 = 0, learningRate: Double, weightDecay: Double = 0, steps: Int,
      saturation: Double = 0.01, mode: StepContext.Mode = .evaluation
    ) {
      enforce(relativeSize >= 0 && learningRate > 0, "a push of at least zero, a positive rate")
      enforce(steps >= 0 && saturation > 0, "at least zero steps, a positive saturation")
      self.relativeSize = relativeSize
      self.seed = seed
      self.learningRate = learningRate
      self.weightDecay = weightDecay
      self.steps = steps
      self.saturation = saturation
      self.mode = mode
    }
  }

  /// ‖normal part of θ‖ / ‖θ‖ after the push and after every step: steps + 1 values.
  public let distances: [Double]
  /// The steps whose distances the rate is fitted to; empty if there is no rate.
  public let fittedSteps: Range<Int>
  /// The slope of log distance over ``fittedSteps``, per step: positive where the manifold is left. Nil if fewer
  /// than three distances are usable, as when the copies stay equal bit for bit.
  public let rate: Double?

  /// Pushes `network`, a clone that repeats its base as `expansion` says, off the manifold and lets it descend on `batches` in turn, by plain
  /// gradient descent. Its parameters and running statistics are the same bit for bit afterwards; gradients and
  /// activations are overwritten, and memory for the largest batch is reserved if the network has too little.
  public init(
    of network: Network<Double>, expansion: NetworkExpansion, batches: [Batch<Double>],
    following rule: Settings
  ) {
    enforce(!batches.isEmpty, "at least one batch")
    let projection = ManifoldProjection(of: network, expansion: expansion)
    let rows = batches.reduce(0) { max($0, $1.count) }
    if network.batchCapacity < rows { network.reserve(batchSize: rows) }
    let saved = SavedState(of: network)
    defer { saved.restore() }
    Self.push(network, off: projection, rule)

    let optimizer = SGD(network, learningRate: rule.learningRate, weightDecay: rule.weightDecay)
    func distance() -> Double {
      projection.distance(of: network.values) / max(network.values.norm, .leastNormalMagnitude)
    }
    var distances = [distance()]
    for step in 0..<rule.steps {
      network.forward(
        batches[step % batches.count],
        in: StepContext(mode: rule.mode, seed: rule.seed, step: UInt64(step)))
      network.backward()
      optimizer.step()
      distances.append(distance())
    }
    self.distances = distances
    (fittedSteps, rate) = Self.fit(distances, saturation: rule.saturation)
  }

  private static func push(
    _ network: Network<Double>, off projection: ManifoldProjection, _ rule: Settings
  ) {
    guard rule.relativeSize > 0, projection.normalDimension > 0 else { return }
    let memory = Arena<Double>(capacity: Arena<Double>.footprint(rows: 1, columns: projection.count))
    withExtendedLifetime(memory) {
      let direction = memory.take(rows: 1, columns: projection.count)
      var stream = RandomStream(seed: rule.seed, purpose: "escape direction")
      Double.fillNormal(direction.buffer, from: &stream)
      projection.project(direction, onto: .normal)
      network.values.add(direction, times: rule.relativeSize * network.values.norm / direction.norm)
    }
  }

  /// The slope of log distance over the second half of the steps before `saturation` is first reached: the first
  /// half holds the transient in which directions other than the fastest still count.
  static func fit(_ distances: [Double], saturation: Double) -> (steps: Range<Int>, rate: Double?) {
    let end = distances.firstIndex { !($0 < saturation) } ?? distances.count
    // Zeros, where rounding has not broken the symmetry yet, have no logarithm.
    let start = distances[..<end].lastIndex { $0 <= 0 }.map { $0 + 1 } ?? 0
    let steps = (start + (end - start) / 2)..<end
    guard steps.count >= 3 else { return (0..<0, nil) }
    let middle = Double(steps.lowerBound + steps.upperBound - 1) / 2
    var products = 0.0
    var squares = 0.0
    for step in steps {
      products += (Double(step) - middle) * log(distances[step])
      squares += (Double(step) - middle) * (Double(step) - middle)
    }
    return (steps, products / squares)
  }
}
