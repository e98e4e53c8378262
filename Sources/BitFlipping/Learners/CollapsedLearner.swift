import LinearAlgebra

/// The learner for plain gradient descent and continual backpropagation, in a form that does the least work an
/// example.
///
/// Within a task most inputs do not change, and weights from inputs that are 1 all get the same update. So what
/// these inputs bring to a hidden unit is held as one number: `base + count · drift`, where `base` is their
/// weights' sum at the start of the task, `count` their number (bias and constant included), and `drift` the
/// sum of the updates since. An example then touches the rows of the random bits, the drift and the output
/// weights. At the end of the task the drift is added to each of the rows that it stands for.
///
/// A chunk is the state of sixteen hidden units in one piece of memory: see ``CollapsedRow``.
public final class CollapsedLearner<Scalar: LaneScalar> {
  typealias Row = CollapsedRow

  public let bits: Int
  public let width: Int
  public let activation: HiddenActivation
  let randomBits: Int
  let chunks: Int
  /// Vectors from one chunk to the next.
  let stride: Int

  /// Chunk by chunk, see ``CollapsedRow``.
  let state: UnsafeMutablePointer<Lanes<Scalar>>
  /// The hidden weights by input, `chunks` vectors each: bits, constant 1, biases. Rows that are in use within a
  /// task, those of active and of random inputs, are up to date between tasks only.
  let rows: UnsafeMutablePointer<Lanes<Scalar>>
  /// For continual backpropagation: copies of the rows of the inputs that are 1 throughout the task, chunk by chunk.
  let activeWeights: UnsafeMutablePointer<Lanes<Scalar>>
  /// The activations of the current example, and the potentials where the derivative needs them.
  let hidden: UnsafeMutablePointer<Lanes<Scalar>>
  let potentials: UnsafeMutablePointer<Lanes<Scalar>>
  /// The random bits of every pattern as numbers.
  let patternBits: UnsafeMutablePointer<PatternBits<Scalar>>

  /// The inputs, bias and constant included, that are 1 throughout the current task, and whether an input is.
  var activeRows: [Int] = []
  let isActive: UnsafeMutablePointer<Bool>
  var outputBias: Scalar
  var learningRate: Scalar
  var replacement: Replacement?
  private var isInTask = false

  /// A learner of these weights.
  ///
  /// - Parameters:
  ///   - stream: whose examples it will get.
  ///   - parameters: the weights to begin with.
  ///   - learningRate: the step size η in w ← w − η ∂(ŷ − y)²/∂w.
  public init(
    stream: StreamSpecification, parameters: LearnerParameters, activation: HiddenActivation = .relu,
    learningRate: Double
  ) {
    precondition(stream.bits == parameters.bits, "weights for the stream's inputs")
    bits = parameters.bits
    width = parameters.width
    self.activation = activation
    randomBits = stream.randomBits
    chunks = laneVectors(for: width)
    stride = Row.random + stream.randomBits
    state = .allocate(capacity: chunks * stride)
    rows = .allocate(capacity: chunks * (bits + 2))
    activeWeights = .allocate(capacity: chunks * (bits - randomBits + 1))
    activeWeights.initialize(repeating: .zero, count: chunks * (bits - randomBits + 1))
    hidden = .allocate(capacity: chunks)
    potentials = .allocate(capacity: chunks)
    patternBits = .allocate(capacity: 1 << randomBits)
    isActive = .allocate(capacity: bits + 2)
    isActive.initialize(repeating: false, count: bits + 2)
    state.initialize(repeating: .zero, count: chunks * stride)
    rows.initialize(repeating: .zero, count: chunks * (bits + 2))
    hidden.initialize(repeating: .zero, count: chunks)
    potentials.initialize(repeating: .zero, count: chunks)
    for pattern in 0..<1 << randomBits {
      (patternBits + pattern).initialize(to: PatternBits(pattern))
    }
    outputBias = Scalar(parameters.outputBias)
    self.learningRate = Scalar(learningRate)
    for unit in 0..<width {
      for input in 0..<bits + 2 { self[input, unit] = Scalar(parameters.hidden[input][unit]) }
      state[unit / 16 * stride + Row.output][unit % 16] = Scalar(parameters.output[unit])
    }
    // Lanes beyond the width must stay silent; all functions but the sigmoid are 0 at 0.
    if activation == .sigmoid {
      for unit in width..<chunks * 16 { self[bits, unit] = -1e30 }
    }
  }

  deinit {
    state.deallocate()
    rows.deallocate()
    activeWeights.deallocate()
    hidden.deallocate()
    potentials.deallocate()
    patternBits.deallocate()
    isActive.deallocate()
  }

  /// The weight from an input (bit, constant, bias) to a unit, as of the last task's end.
  subscript(input: Int, unit: Int) -> Scalar {
    get { rows[input * chunks + unit / 16][unit % 16] }
    set { rows[input * chunks + unit / 16][unit % 16] = newValue }
  }

  /// Gathers what the inputs that do not change bring to each unit.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func beginTask(flippingBits: [Bool]) {
    precondition(flippingBits.count == bits - randomBits, "one value a flipping bit")
    endTask()
    isInTask = true
    activeRows = flippingBits.indices.filter { flippingBits[$0] } + [bits, bits + 1]
    for input in 0..<bits + 2 { isActive[input] = activeRows.contains(input) }
    for chunk in 0..<chunks {
      let vectors = state + chunk * stride
      vectors[Row.base] = activeRows.reduce(Lanes<Scalar>.zero) { $0 + rows[$1 * chunks + chunk] }
      vectors[Row.drift] = .zero
      for bit in 0..<randomBits {
        vectors[Row.random + bit] = rows[(bits - randomBits + bit) * chunks + chunk]
      }
    }
    if replacement != nil { gatherMagnitudes() }
  }

  /// Brings the rows up to date.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func endTask() {
    guard isInTask else { return }
    isInTask = false
    for chunk in 0..<chunks {
      let vectors = state + chunk * stride
      for row in activeRows { rows[row * chunks + chunk] += vectors[Row.drift] }
      for bit in 0..<randomBits {
        rows[(bits - randomBits + bit) * chunks + chunk] = vectors[Row.random + bit]
      }
    }
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func copyParameters(to values: UnsafeMutablePointer<Double>) {
    for unit in 0..<width {
      let vectors = state + unit / 16 * stride
      let lane = unit % 16
      let drift = isInTask ? vectors[Row.drift][lane] : 0
      for input in 0..<bits + 2 {
        let weight = isActive[input] ? self[input, unit] + drift : self[input, unit]
        values[input * width + unit] = Double(weight)
      }
      if isInTask {
        for bit in 0..<randomBits {
          values[(bits - randomBits + bit) * width + unit] = Double(vectors[Row.random + bit][lane])
        }
      }
      values[(bits + 2) * width + unit] = Double(vectors[Row.output][lane])
    }
    values[(bits + 3) * width] = Double(outputBias)
  }

  /// Learns from examples of the current task, one after the other.
  ///
  /// - Parameters:
  ///   - patterns: the examples' random bits.
  ///   - targets: the target's value by pattern.
  /// - Returns: the sum of the squared errors, each before its step.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func learn(_ patterns: UnsafeBufferPointer<UInt8>, targets: [Double]) -> Double {
    precondition(targets.count == 1 << randomBits, "a value a pattern")
    precondition(isInTask, "a task has begun")
    return switch activation {
    case .relu: learn(patterns, targets, RectifiedLinear.self)
    case .leakyReLU: learn(patterns, targets, LeakyRectifiedLinear.self)
    case .tanh: learn(patterns, targets, HyperbolicTangent.self)
    case .sigmoid: learn(patterns, targets, LogisticSigmoid.self)
    case .elu: learn(patterns, targets, ExponentialLinear.self)
    case .silu: learn(patterns, targets, SigmoidLinear.self)
    }
  }

  private func learn<Activation: LaneActivation>(
    _ patterns: UnsafeBufferPointer<UInt8>, _ targets: [Double], _: Activation.Type
  ) -> Double {
    // Only the paper's learner has code of its own for the paper's five random bits.
    if Activation.self == RectifiedLinear.self, randomBits == 5 {
      let kernel = CollapsedKernel<Scalar, Activation, FiveRandomBits>(self)
      return replacement == nil
        ? descend(patterns, targets, kernel) : descendAndReplace(patterns, targets, kernel)
    }
    let kernel = CollapsedKernel<Scalar, Activation, AnyRandomBits>(self)
    return replacement == nil
      ? descend(patterns, targets, kernel) : descendAndReplace(patterns, targets, kernel)
  }

  @inline(__always)
  private func descend<Activation: LaneActivation, Size: RandomBitCount>(
    _ patterns: UnsafeBufferPointer<UInt8>, _ targets: [Double],
    _ kernel: CollapsedKernel<Scalar, Activation, Size>
  ) -> Double {
    guard let first = patterns.first else { return 0 }
    var sum = 0.0
    var outputBias = outputBias
    var input = patternBits[Int(first)]
    var output = kernel.predict(input)
    targets.withUnsafeBufferPointer { targets in
      for index in patterns.indices {
        let error = output + outputBias - Scalar(targets[Int(patterns[index])])
        sum += Double(error) * Double(error)
        let rate = -2 * learningRate * error
        outputBias += rate
        guard index + 1 < patterns.count else {
          return kernel.step(input, rate: rate)
        }
        let next = patternBits[Int(patterns[index + 1])]
        output = kernel.step(input, rate: rate, predicting: next)
        input = next
      }
    }
    self.outputBias = outputBias
    return sum
  }

  @inline(__always)
  private func descendAndReplace<Activation: LaneActivation, Size: RandomBitCount>(
    _ patterns: UnsafeBufferPointer<UInt8>, _ targets: [Double],
    _ kernel: CollapsedKernel<Scalar, Activation, Size>
  ) -> Double {
    guard var replacement, let first = patterns.first else { return 0 }
    // The only reference, so that its arrays are changed in place.
    self.replacement = nil
    let decay = Scalar(replacement.settings.decay)
    var sum = 0.0
    var input = patternBits[Int(first)]
    var output = kernel.predict(input)
    targets.withUnsafeBufferPointer { targets in
      for index in patterns.indices {
        let error = output + outputBias - Scalar(targets[Int(patterns[index])])
        sum += Double(error) * Double(error)
        let rate = -2 * learningRate * error
        outputBias += rate
        let isLast = index + 1 == patterns.count
        let next = isLast ? input : patternBits[Int(patterns[index + 1])]
        // How many are due depends on ages alone, so it is known before the step.
        let due = replacement.unitsDueAfterStep()
        if due == 0, !isLast {
          output = kernel.step(input, rate: rate, utilityDecay: decay, predicting: next)
        } else {
          kernel.step(input, rate: rate, utilityDecay: decay)
          if due > 0 { replaceUnits(due, &replacement) }
          if !isLast { output = kernel.predict(next) }
        }
        input = next
      }
    }
    self.replacement = replacement
    return sum
  }
}
