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

  /// The key path of the first value that no run can have, with what is wrong.
  public var problem: (key: [String], message: String)? {
    if let problem = stream.problem { return (["stream", problem.key], problem.message) }
    if !(1...4_096).contains(width) { return (["width"], "is \(width); it must lie in 1…4096") }
    if let problem = method.problem { return (["method"] + problem.key, problem.message) }
    if let problem = readings.problem(for: stream) { return (["readings", problem.key], problem.message) }
    if let start = replacementStart, start % readings.every != 0 {
      return (
        ["method", "continualBackpropagation", "from"],
        "is after \(start) examples, which is no multiple of readings.every"
      )
    }
    return nil
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

  /// The key of the first value that does not fit a stream, with what is wrong.
  public func problem(for stream: StreamSpecification) -> (key: String, message: String)? {
    if every < 4 || every % 4 != 0 || stream.period % every != 0 {
      return ("every", "is \(every); it must be a multiple of 4 that divides the period \(stream.period)")
    }
    for (key, value) in [("activationsEvery", activationsEvery), ("window", window), ("last", last)]
    where value < every || value % every != 0 {
      return (key, "is \(value); it must be a multiple of every, \(every)")
    }
    if window % activationsEvery != 0 {
      return ("window", "is \(window); it must be a multiple of activationsEvery, \(activationsEvery)")
    }
    if stream.examples % window != 0 {
      return ("window", "is \(window); it must divide the number of examples, \(stream.examples)")
    }
    if last > stream.examples || last % window != 0 {
      return ("last", "is \(last); it must be a multiple of window and at most \(stream.examples)")
    }
    if !(2 * (stream.bits + 1)...100_000).contains(samples) {
      return ("samples", "is \(samples); it must lie in \(2 * (stream.bits + 1))…100000")
    }
    return nil
  }
}
