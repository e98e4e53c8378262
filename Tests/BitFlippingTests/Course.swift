import LinearAlgebra
import Testing

@testable import BitFlipping

/// A stream, a learner's beginning and how it learns.
struct Course: CustomTestStringConvertible {
  var stream = StreamSpecification(period: 500)
  var width = 5
  var activation = HiddenActivation.relu
  var learningRate = 0.01
  var continual: ReplacementSpecification?
  var seed: UInt64 = 1
  var examples = 10_000

  var testDescription: String {
    "\(activation) of width \(width), \(stream.bits) bits with \(stream.randomBits) random, "
      + "\(continual.map { "\($0.variant) at \($0.replacementRate)" } ?? "plain"), seed \(seed)"
  }

  /// Where a course ends.
  struct Outcome: Equatable {
    var parameters: LearnerParameters
    /// The mean squared error of each task.
    var losses: [Double] = []
    var replacements = 0

    /// The largest difference between parameters.
    func deviation(from other: Outcome) -> Double {
      zip(parameters.values, other.parameters.values).reduce(0) { max($0, abs($1.0 - $1.1)) }
    }

    /// The largest relative difference between losses of a task.
    func lossDeviation(from other: Outcome) -> Double {
      zip(losses, other.losses).reduce(0) { max($0, abs($1.0 - $1.1) / $1.1) }
    }
  }

  /// Calls `body` with the stream at each task and the patterns of its examples.
  func forEachTask(_ body: (BitFlippingStream, [UInt8]) -> Void) {
    var stream = BitFlippingStream(stream, seed: seed)
    for start in Swift.stride(from: 0, to: examples, by: self.stream.period) {
      if start > 0 { stream.advance() }
      var patterns = [UInt8](repeating: 0, count: min(self.stream.period, examples - start))
      patterns.withUnsafeMutableBufferPointer { stream.fill($0, from: 0) }
      body(stream, patterns)
    }
  }

  var beginning: LearnerParameters { LearnerParameters(bits: stream.bits, width: width, seed: seed) }

  func learner<Scalar: LaneScalar>(of _: Scalar.Type) -> CollapsedLearner<Scalar> {
    let learner = CollapsedLearner<Scalar>(
      stream: stream, parameters: beginning, activation: activation, learningRate: learningRate)
    if let continual { learner.begin(continual, seed: seed) }
    return learner
  }

  var referenceLearner: ReferenceLearner { referenceLearner(negligible: 0) }

  func referenceLearner(negligible: Double) -> ReferenceLearner {
    var learner = ReferenceLearner(
      beginning, activation: activation, learningRate: learningRate, negligible: negligible)
    if let continual { learner.begin(continual, seed: seed) }
    return learner
  }

  /// The outcome with a ``CollapsedLearner`` that gets `piece` examples at a time.
  func run<Scalar: LaneScalar>(_: Scalar.Type, piece: Int = .max) -> Outcome {
    let learner = learner(of: Scalar.self)
    var losses: [Double] = []
    forEachTask { stream, patterns in
      learner.beginTask(flippingBits: stream.flippingBits)
      var sum = 0.0
      patterns.withUnsafeBufferPointer { patterns in
        for start in Swift.stride(from: 0, to: patterns.count, by: min(piece, patterns.count)) {
          let end = start + min(piece, patterns.count - start)
          sum += learner.learn(UnsafeBufferPointer(rebasing: patterns[start..<end]), targets: stream.targets)
        }
      }
      losses.append(sum / Double(patterns.count))
    }
    return Outcome(parameters: learner.parameters, losses: losses, replacements: learner.replacements)
  }

  /// The outcome with a ``ReferenceLearner``, which evaluates the target network for every example.
  func runReference(negligible: Double = 0) -> Outcome {
    var learner = referenceLearner(negligible: negligible)
    var losses: [Double] = []
    forEachTask { stream, patterns in
      let examples = (0..<1 << self.stream.randomBits).map { example($0, stream) }
      let targets = examples.map { bruteForceTarget(stream.target, $0) }
      var sum = 0.0
      for pattern in patterns {
        sum += learner.learn(examples[Int(pattern)], target: targets[Int(pattern)])
      }
      losses.append(sum / Double(patterns.count))
    }
    return Outcome(
      parameters: learner.parameters, losses: losses, replacements: learner.replaced.count)
  }
}

/// The bits of an example: those of the task, then bit r of the pattern in r-th place.
func example(_ pattern: Int, _ stream: BitFlippingStream) -> [Bool] {
  stream.flippingBits + (0..<stream.specification.randomBits).map { pattern / (1 << $0) % 2 == 1 }
}

/// The output of a network of threshold units, by its definition: y = v · [W x ≥ θ] + c.
func bruteForceTarget(_ network: TargetNetwork, _ bits: [Bool]) -> Double {
  let x = bits.map { $0 ? 1.0 : 0 } + [1]
  var y = network.outputBias
  for unit in 0..<network.thresholds.count {
    var potential = 0.0
    for input in 0..<x.count { potential += network.weights[unit * x.count + input] * x[input] }
    y += network.outputWeights[unit] * (potential >= network.thresholds[unit] ? 1 : 0)
  }
  return y
}

extension LearnerParameters {
  /// All of them in one row.
  var values: [Double] { hidden.flatMap { $0 } + output + [outputBias] }
}
