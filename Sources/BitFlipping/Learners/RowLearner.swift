import LinearAlgebra

/// The learner for methods that move every weight at every step (Adam, weight decay, shrink and perturb) or drop
/// units: all rows are touched, sixteen units at a time.
public final class RowLearner<Scalar: LaneScalar> {
  public let bits: Int
  public let width: Int
  public let activation: HiddenActivation
  let method: LearningMethod
  let randomBits: Int
  let chunks: Int

  /// Every parameter but the output bias, row by row, `chunks` vectors each: bits, constant 1, biases, output
  /// weights. After each vector come Adam's two moments.
  let rows: UnsafeMutablePointer<Lanes<Scalar>>
  /// The activations of the current example, and their derivatives times the output's weight.
  let hidden: UnsafeMutablePointer<Lanes<Scalar>>
  let deltas: UnsafeMutablePointer<Lanes<Scalar>>
  /// Dropout factors of the examples of a round, `width` each.
  let factors: UnsafeMutablePointer<Scalar>
  /// Noise of the examples of a round: for every parameter, rows of `width`, and for the output bias.
  let noise: UnsafeMutablePointer<Scalar>
  /// 1 for units, 0 for lanes beyond the width.
  let exists: UnsafeMutablePointer<Lanes<Scalar>>
  /// The inputs of every pattern in the current task: bits, constant, bias.
  let inputs: UnsafeMutablePointer<Scalar>

  /// The output bias with Adam's two moments.
  var outputBias: (value: Scalar, mean: Scalar, square: Scalar)
  var stepsTaken = 0
  var dropoutStream: RandomStream
  var noiseStream: RandomStream

  /// Parameters of a unit: its inputs, constant and bias included, and its output weight.
  var rowCount: Int { bits + 3 }

  /// Examples whose random numbers are drawn at once: the generator makes 32 at a time.
  private static var round: Int { 32 }

  /// A learner of these weights.
  ///
  /// - Parameters:
  ///   - stream: whose examples it will get.
  ///   - parameters: the weights to begin with.
  ///   - method: without continual backpropagation.
  ///   - seed: names the streams of dropout and noise.
  public init(
    stream: StreamSpecification, parameters: LearnerParameters, activation: HiddenActivation = .relu,
    method: LearningMethod, seed: UInt64
  ) {
    precondition(stream.bits == parameters.bits, "weights for the stream's inputs")
    precondition(method.continualBackpropagation == nil, "no continual backpropagation")
    bits = parameters.bits
    width = parameters.width
    self.activation = activation
    self.method = method
    randomBits = stream.randomBits
    chunks = laneVectors(for: width)
    let rowCount = bits + 3
    rows = .allocate(capacity: rowCount * chunks * 3)
    rows.initialize(repeating: .zero, count: rowCount * chunks * 3)
    hidden = .allocate(capacity: chunks)
    hidden.initialize(repeating: .zero, count: chunks)
    deltas = .allocate(capacity: chunks)
    deltas.initialize(repeating: .zero, count: chunks)
    factors = .allocate(capacity: Self.round * width + 16)
    factors.initialize(repeating: 1, count: Self.round * width + 16)
    // Sixteen more, since the last row is read in whole vectors.
    let noiseCount = method.perturbation == nil ? 1 : Self.round
    noise = .allocate(capacity: noiseCount * (rowCount * width + 1) + 16)
    noise.initialize(repeating: 0, count: noiseCount * (rowCount * width + 1) + 16)
    exists = .allocate(capacity: chunks)
    exists.initialize(repeating: .zero, count: chunks)
    inputs = .allocate(capacity: (bits + 2) << randomBits)
    inputs.initialize(repeating: 1, count: (bits + 2) << randomBits)
    outputBias = (Scalar(parameters.outputBias), 0, 0)
    dropoutStream = RandomStream(seed: seed, purpose: "bit-flipping dropout")
    noiseStream = RandomStream(seed: seed, purpose: "bit-flipping perturbation")
    for unit in 0..<width {
      exists[unit / 16][unit % 16] = 1
      for input in 0..<bits + 2 { self[input, unit] = Scalar(parameters.hidden[input][unit]) }
      self[bits + 2, unit] = Scalar(parameters.output[unit])
    }
  }

  deinit {
    for vectors in [rows, hidden, deltas, exists] { vectors.deallocate() }
    for scalars in [factors, noise, inputs] { scalars.deallocate() }
  }

  /// A unit's parameter: the weight from an input (bit, constant, bias), or behind those the output weight.
  private subscript(row: Int, unit: Int) -> Scalar {
    get { rows[(row * chunks + unit / 16) * 3][unit % 16] }
    set { rows[(row * chunks + unit / 16) * 3][unit % 16] = newValue }
  }

  /// Tabulates the inputs of the task's patterns.
  public func beginTask(flippingBits: [Bool]) {
    precondition(flippingBits.count == bits - randomBits, "one value a flipping bit")
    for pattern in 0..<1 << randomBits {
      let row = inputs + pattern * (bits + 2)
      for (bit, value) in flippingBits.enumerated() { row[bit] = value ? 1 : 0 }
      for bit in 0..<randomBits { row[bits - randomBits + bit] = Scalar(pattern >> bit & 1) }
    }
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func copyParameters(to values: UnsafeMutablePointer<Double>) {
    for row in 0..<rowCount {
      for unit in 0..<width { values[row * width + unit] = Double(self[row, unit]) }
    }
    values[rowCount * width] = Double(outputBias.value)
  }

  /// Learns from examples of the current task, one after the other.
  ///
  /// - Parameters:
  ///   - patterns: the examples' random bits.
  ///   - targets: the target's value by pattern.
  /// - Returns: the sum of the squared errors, each before its step, with units dropped as for the step.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func learn(_ patterns: UnsafeBufferPointer<UInt8>, targets: [Double]) -> Double {
    precondition(targets.count == 1 << randomBits, "a value a pattern")
    return switch activation {
    case .relu: learn(patterns, targets, RectifiedLinear.self)
    case .leakyReLU: learn(patterns, targets, LeakyRectifiedLinear.self)
    case .tanh: learn(patterns, targets, HyperbolicTangent.self)
    case .sigmoid: learn(patterns, targets, LogisticSigmoid.self)
    case .elu: learn(patterns, targets, ExponentialLinear.self)
    case .silu: learn(patterns, targets, SigmoidLinear.self)
    }
  }

  @inline(__always)
  private func learn<Activation: LaneActivation>(
    _ patterns: UnsafeBufferPointer<UInt8>, _ targets: [Double], _: Activation.Type
  ) -> Double {
    var sum = 0.0
    for pattern in patterns {
      let input = inputs + Int(pattern) * (bits + 2)
      let place = stepsTaken % Self.round
      if place == 0 { drawRandomNumbers() }
      stepsTaken += 1
      let rule = UpdateRule<Scalar>(method, step: stepsTaken)
      let error =
        predict(input, factors: factors + place * width, Activation.self) - Scalar(targets[Int(pattern)])
      sum += Double(error) * Double(error)
      step(
        input, gradient: 2 * error, noise: noise + (rule.perturbs ? place * (rowCount * width + 1) : 0), rule)
    }
    return sum
  }

  /// Draws for the next round of examples.
  private func drawRandomNumbers() {
    if let dropout = method.dropout {
      dropoutStream.fillDropoutFactors(
        UnsafeMutableBufferPointer(start: factors, count: Self.round * width), probability: dropout)
    }
    if method.perturbation != nil {
      Scalar.fillNormal(
        UnsafeMutableBufferPointer(start: noise, count: Self.round * (rowCount * width + 1)),
        from: &noiseStream)
    }
  }

  /// The output; leaves activations, with their dropout, and derivatives behind for the step.
  @inline(__always)
  private func predict<Activation: LaneActivation>(
    _ input: UnsafePointer<Scalar>, factors: UnsafeMutablePointer<Scalar>, _: Activation.Type
  ) -> Scalar {
    var sum = Lanes<Scalar>.zero
    for chunk in 0..<chunks {
      var potential = Lanes<Scalar>.zero
      for row in 0..<bits + 2 {
        potential = potential.addingProduct(rows[(row * chunks + chunk) * 3], input[row])
      }
      let value = Activation.value(potential) * exists[chunk]
      let factor = factors.vector(at: chunk * 16)
      let output = rows[((bits + 2) * chunks + chunk) * 3]
      hidden[chunk] = value * factor
      deltas[chunk] = Activation.gradient(output * factor, value: value, potential: potential)
      sum = sum.addingProduct(hidden[chunk], output)
    }
    return Scalar.sum(sum) + outputBias.value
  }

  /// Moves every parameter, after ``predict(_:factors:_:)``.
  ///
  /// - Parameter gradient: that of the loss with respect to the output.
  @inline(__always)
  private func step(
    _ input: UnsafePointer<Scalar>, gradient: Scalar, noise: UnsafeMutablePointer<Scalar>,
    _ rule: UpdateRule<Scalar>
  ) {
    for chunk in 0..<chunks {
      let delta = deltas[chunk] * gradient
      for row in 0..<rowCount {
        let place = rows + (row * chunks + chunk) * 3
        let derivative = row < bits + 2 ? delta * input[row] : hidden[chunk] * gradient
        place[0] = rule.updated(place[0], moments: place + 1, gradient: derivative)
        if rule.perturbs {
          place[0] = rule.perturbed(place[0], noise.vector(at: row * width + chunk * 16)) * exists[chunk]
        }
      }
    }
    outputBias = rule.updated(outputBias, gradient: gradient, noise: noise[rowCount * width])
  }
}
