import Specifications

/// One run of the bit-flipping experiment: one learner on one stream.
public struct BitFlippingSpecification: Codable, Hashable, Sendable {
  /// Names the stream, the target, the first weights and everything else that is drawn.
  public var seed: UInt64
  public var stream: StreamSpecification
  /// Hidden units of the learner.
  public var width: Int
  public var activation: HiddenActivation
  public var method: LearningMethod
  public var readings: ReadingSpecification

  public init(
    seed: UInt64, stream: StreamSpecification, width: Int, activation: HiddenActivation,
    method: LearningMethod, readings: ReadingSpecification
  ) {
    self.seed = seed
    self.stream = stream
    self.width = width
    self.activation = activation
    self.method = method
    self.readings = readings
  }

  /// The number of examples before continual backpropagation begins; nil if there is none.
  public var replacementStart: Int? {
    method.continualBackpropagation.map { Int((($0.from ?? 0) * Double(stream.examples)).rounded()) }
  }

  /// Rejects values that no run can have, naming the key path.
  public func validate() throws(SpecificationProblem) {
    do { try stream.validate() } catch { throw error.below("stream") }
    try require(width, in: 1...4_096, "width")
    do { try method.validate() } catch { throw error.below("method") }
    do { try readings.validate(for: stream) } catch { throw error.below("readings") }
    guard saturatedProduct(width, readings.samples) <= 1 << 26 else {
      throw SpecificationProblem(
        "readings.samples", "is \(readings.samples); times the width it must be \(1 << 26) at most")
    }
    if let start = replacementStart, start % readings.every != 0 {
      throw SpecificationProblem(
        "method.continualBackpropagation.from",
        "is after \(start) examples, which is no multiple of readings.every")
    }
  }

  /// Roughly how much work the run is, in floating-point operations.
  public var cost: Double {
    let units = Double((width + 15) / 16 * 16)
    let perExample: Double =
      if !method.movesActiveInputsAlike {
        units * Double(stream.bits) * (method.optimizer == .adam ? 40 : method.perturbation == nil ? 8 : 60)
      } else if method.continualBackpropagation != nil {
        units * 100
      } else {
        units * 40
      }
    return Double(stream.examples) * (perExample + 2_000)
  }
}

/// When the hidden layer is looked at, and over what its readings and the errors are averaged. All in examples.
public struct ReadingSpecification: Codable, Hashable, Sendable {
  /// Length of a bin, after which potentials are read.
  public var every: Int
  /// Examples after which activations are read, which takes longer.
  public var activationsEvery: Int
  /// Length of the windows that a table has a row for.
  public var window: Int
  /// The end of the stream over which final values are averaged.
  public var last: Int
  /// Inputs of the fixed batch.
  public var samples: Int

  public init(
    every: Int = 1_000, activationsEvery: Int = 50_000, window: Int = 100_000, last: Int = 1_000_000,
    samples: Int = 128
  ) {
    self.every = every
    self.activationsEvery = activationsEvery
    self.window = window
    self.last = last
    self.samples = samples
  }

  /// Rejects values that do not fit a stream, naming the key.
  public func validate(for stream: StreamSpecification) throws(SpecificationProblem) {
    func problem(_ key: String, _ value: Int, _ message: String) -> SpecificationProblem {
      SpecificationProblem(key, "is \(value); it must \(message)")
    }
    try require(every, in: 4...10_000_000, "every")
    if every < 4 || every % 4 != 0 || stream.period % every != 0 {
      throw problem("every", every, "be a multiple of 4 that divides the period \(stream.period)")
    }
    for (key, value) in [("activationsEvery", activationsEvery), ("window", window), ("last", last)]
    where value < every || value % every != 0 {
      throw problem(key, value, "be a multiple of every, \(every)")
    }
    if window % activationsEvery != 0 {
      throw problem("window", window, "be a multiple of activationsEvery, \(activationsEvery)")
    }
    if stream.examples % window != 0 {
      throw problem("window", window, "divide the number of examples, \(stream.examples)")
    }
    if stream.examples / window > 1_000_000 {
      throw problem("window", window, "be long enough for 1000000 rows")
    }
    if last > stream.examples || last % window != 0 {
      throw problem("last", last, "be a multiple of window and at most \(stream.examples)")
    }
    try require(samples, in: 2 * (stream.bits + 1)...100_000, "samples")
  }
}
