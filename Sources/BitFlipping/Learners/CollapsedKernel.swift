import LinearAlgebra

/// The work of one example on the memory of a ``CollapsedLearner``, with everything that it reads at hand.
struct CollapsedKernel<Scalar: LaneScalar, Activation: LaneActivation, Size: RandomBitCount> {
  typealias Row = CollapsedRow

  private let state: UnsafeMutablePointer<Lanes<Scalar>>
  private let activeWeights: UnsafeMutablePointer<Lanes<Scalar>>
  private let activeWeightCount: Int
  private let activeStride: Int
  private let hidden: UnsafeMutablePointer<Lanes<Scalar>>
  private let potentials: UnsafeMutablePointer<Lanes<Scalar>>
  private let streamRandomBits: Int
  private let chunks: Int
  private let stride: Int
  private let inputs: Scalar
  private let activeCount: Scalar

  init(_ learner: CollapsedLearner<Scalar>) {
    state = learner.state
    activeWeights = learner.activeWeights
    // All active rows but the bias, which is no incoming weight.
    activeWeightCount = learner.activeRows.count - 1
    activeStride = learner.bits - learner.randomBits + 1
    hidden = learner.hidden
    potentials = learner.potentials
    streamRandomBits = learner.randomBits
    chunks = learner.chunks
    stride = learner.stride
    inputs = Scalar(learner.bits + 1)
    activeCount = Scalar(learner.activeRows.count)
  }

  @inline(__always)
  private var randomBits: Int { Size.known ?? streamRandomBits }

  /// The output for random bits, without its bias; leaves the activations behind for the step.
  @inline(__always)
  func predict(_ input: PatternBits<Scalar>) -> Scalar {
    var sum = Lanes<Scalar>.zero
    for chunk in 0..<chunks {
      sum = predict(chunk, input, sum: sum)
    }
    return Scalar.sum(sum)
  }

  /// One step down the gradient of the squared error, after ``predict(_:)`` of the same input.
  ///
  /// - Parameter rate: −2 times learning rate times error.
  @inline(__always)
  func step(_ input: PatternBits<Scalar>, rate: Scalar) {
    for chunk in 0..<chunks { step(chunk, input, rate: rate) }
  }

  /// ``step(_:rate:)`` and the prediction for the next input in one pass over the units: what the one writes the
  /// other reads, and finds in registers.
  @inline(__always)
  func step(
    _ input: PatternBits<Scalar>, rate: Scalar, predicting next: PatternBits<Scalar>
  ) -> Scalar {
    var sum = Lanes<Scalar>.zero
    for chunk in 0..<chunks {
      step(chunk, input, rate: rate)
      sum = predict(chunk, next, sum: sum)
    }
    return Scalar.sum(sum)
  }

  /// ``step(_:rate:)``, and utilities with the decay η.
  @inline(__always)
  func step(_ input: PatternBits<Scalar>, rate: Scalar, utilityDecay decay: Scalar) {
    for chunk in 0..<chunks {
      step(chunk, input, rate: rate)
      updateUtility(chunk, decay: decay)
    }
  }

  /// ``step(_:rate:predicting:)``, and utilities with the decay η.
  @inline(__always)
  func step(
    _ input: PatternBits<Scalar>, rate: Scalar, utilityDecay decay: Scalar,
    predicting next: PatternBits<Scalar>
  ) -> Scalar {
    var sum = Lanes<Scalar>.zero
    for chunk in 0..<chunks {
      step(chunk, input, rate: rate)
      updateUtility(chunk, decay: decay)
      sum = predict(chunk, next, sum: sum)
    }
    return Scalar.sum(sum)
  }

  @inline(__always)
  private func predict(
    _ chunk: Int, _ input: PatternBits<Scalar>, sum: Lanes<Scalar>
  ) -> Lanes<Scalar> {
    let vectors = state + chunk * stride
    var potential = vectors[Row.base].addingProduct(vectors[Row.drift], activeCount)
    for bit in 0..<randomBits {
      potential = potential.addingProduct(vectors[Row.random + bit], input[bit])
    }
    let activation = Activation.value(potential)
    hidden[chunk] = activation
    if Activation.needsPotential { potentials[chunk] = potential }
    return sum.addingProduct(activation, vectors[Row.output])
  }

  @inline(__always)
  private func step(_ chunk: Int, _ input: PatternBits<Scalar>, rate: Scalar) {
    let vectors = state + chunk * stride
    let activation = hidden[chunk]
    let output = vectors[Row.output]
    let delta = Activation.gradient(
      output * rate, value: activation,
      potential: Activation.needsPotential ? potentials[chunk] : activation)
    vectors[Row.output] = output.addingProduct(activation, rate)
    vectors[Row.drift] += delta
    for bit in 0..<randomBits {
      vectors[Row.random + bit] = vectors[Row.random + bit].addingProduct(delta, input[bit])
    }
  }

  /// Ages, mean activations and utilities after a step:
  /// f ← ηf + (1 − η)h, u ← ηu + (1 − η) |h − f̂| · mean|w_out| / mean|w_in|, f̂ = f / (1 − ηᵃ).
  ///
  /// The released code has sums for the means. With one layer and one output that multiplies all utilities by
  /// one number, so the same units are replaced.
  @inline(__always)
  private func updateUtility(_ chunk: Int, decay: Scalar) {
    let vectors = state + chunk * stride
    let drift = vectors[Row.drift]
    var magnitude = vectors[Row.constantMagnitude]
    let weights = activeWeights + chunk * activeStride
    // Two sums side by side: an addition need not wait for the last.
    var other = Scalar.magnitudes(weights[0] + drift)
    var index = 1
    while index + 1 < activeWeightCount {
      magnitude += Scalar.magnitudes(weights[index] + drift)
      other += Scalar.magnitudes(weights[index + 1] + drift)
      index += 2
    }
    if index < activeWeightCount { magnitude += Scalar.magnitudes(weights[index] + drift) }
    for bit in 0..<randomBits { other += Scalar.magnitudes(vectors[Row.random + bit]) }
    magnitude += other
    let activation = hidden[chunk]
    let decayed = Self.flushed(vectors[Row.decayed] * decay)
    let mean = Self.flushed(activation.addingProduct(vectors[Row.activation] - activation, decay))
    let correction = 1 - decayed
    // |h − f / c| · |w_out| / Σ = |h c − f| · |w_out| / (c Σ): one division.
    let distance = Scalar.magnitudes(activation * correction - mean)
    let contribution = distance * Scalar.magnitudes(vectors[Row.output]) / (correction * magnitude)
    vectors[Row.decayed] = decayed
    vectors[Row.activation] = mean
    vectors[Row.utility] = Self.flushed(
      (contribution * ((1 - decay) * inputs)).addingProduct(vectors[Row.utility], decay))
  }

  /// Zero for what is next to nothing. All of these shrink geometrically where nothing comes in, and arithmetic
  /// on subnormal numbers takes a hundred times as long.
  @inline(__always)
  private static func flushed(_ values: Lanes<Scalar>) -> Lanes<Scalar> {
    Scalar.lanes(values, wherePositive: Scalar.magnitudes(values) - 1e-30)
  }
}
