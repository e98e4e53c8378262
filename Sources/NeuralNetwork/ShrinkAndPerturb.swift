import LinearAlgebra

/// Shrink and perturb (Ash and Adams, 2020), done after every step of another optimiser: w ← shrink · w + ε with
/// ε normal, of mean 0 and the given standard deviation.
///
/// ε comes from the stream named by seed and `perturbation/<tensor name>` at the index of the step.
public final class ShrinkAndPerturb<Scalar: Real>: Optimizer {
  public let inner: any Optimizer<Scalar>
  /// The factor on every parameter, 1 for perturbation alone.
  public let shrink: Double
  /// σ, the root of the variance that SPEC §8 gives.
  public let standardDeviation: Double

  public var learningRate: Scalar {
    get { inner.learningRate }
    set { inner.learningRate = newValue }
  }
  public var stepsTaken: UInt64 {
    get { inner.stepsTaken }
    set { inner.stepsTaken = newValue }
  }
  public var state: [(name: String, tensor: Matrix<Scalar>)] { inner.state }

  private let network: Network<Scalar>
  private let keys: [RandomStream.Key]
  private let memory: Arena<Scalar>
  private let sample: Matrix<Scalar>

  /// - Parameter inner: makes the steps, of `network` too.
  public init(
    _ network: Network<Scalar>, after inner: any Optimizer<Scalar>, shrink: Double, standardDeviation: Double,
    seed: UInt64
  ) {
    precondition(shrink >= 0 && shrink <= 1, "a factor in [0, 1]")
    precondition(standardDeviation >= 0, "a standard deviation that is not negative")
    self.network = network
    self.inner = inner
    self.shrink = shrink
    self.standardDeviation = standardDeviation
    keys = network.parameters.map { RandomStream.Key(seed: seed, purpose: "perturbation/\($0.name)") }
    let largest = network.parameters.map(\.parameter.count).max() ?? 0
    memory = Arena(capacity: Arena<Scalar>.footprint(rows: 1, columns: largest))
    sample = memory.take(rows: 1, columns: largest)
  }

  public func step() {
    let index = stepsTaken
    inner.step()
    for tensor in network.parameters.indices {
      let value = network.parameters[tensor].parameter.value
      if standardDeviation > 0 {
        var stream = RandomStream(keys[tensor], index: index)
        Scalar.fillNormal(.init(start: sample.elements, count: value.count), from: &stream)
      }
      OptimizerKernels.combine(
        value.elements, factor: Scalar(shrink), sample.elements, factor: Scalar(standardDeviation),
        count: value.count)
    }
  }

  public func forget(from offset: Int, count: Int, stride: Int) {
    inner.forget(from: offset, count: count, stride: stride)
  }
}
