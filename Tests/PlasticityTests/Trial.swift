import LinearAlgebra
import NeuralNetwork

@testable import Plasticity

/// A network and a small random classification task to train it on.
final class Trial<Scalar: Real> {
  static var samples: Int { 48 }
  static var batch: Int { 16 }

  let network: Network<Scalar>
  let specification: MLPSpecification
  private let inputs: Matrix<Scalar>
  private let logitGradient: Matrix<Scalar>
  private let arena: Arena<Scalar>
  private var labels: [Int32] = []
  private var passes = 0

  init(_ network: Network<Scalar>, specification: MLPSpecification, seed: UInt64 = 1) {
    self.network = network
    self.specification = specification
    arena = Arena(
      capacity: Arena<Scalar>.footprint(rows: Self.samples, columns: specification.inputSize)
        + Arena<Scalar>.footprint(rows: Self.batch, columns: specification.classes))
    inputs = arena.take(rows: Self.samples, columns: specification.inputSize)
    logitGradient = arena.take(rows: Self.batch, columns: specification.classes)
    var stream = RandomStream(seed: seed, purpose: "trial")
    for index in 0..<inputs.count { inputs.elements[index] = Scalar(4 * stream.uniform() - 2) }
    labels = (0..<Self.samples).map { _ in
      Int32(stream.integer(below: UInt32(specification.classes)))
    }
    network.reserve(batchSize: Self.batch)
  }

  /// A random perceptron that has taken a few steps, so that no tensor is at its initial value.
  static func base(
    normalization: Normalization, dropout: Double = 0, hiddenSizes: [Int] = [10, 9, 8],
    seed: UInt64 = 1
  ) -> Trial {
    let specification = MLPSpecification(
      inputSize: 7, hiddenSizes: hiddenSizes, classes: 4, normalization: normalization, dropout: dropout)
    let network = specification.makeNetwork(of: Scalar.self)
    network.initialize(seed: seed)
    let trial = Trial(network, specification: specification, seed: seed)
    trial.train(SGD(network, learningRate: Scalar(0.1)), steps: 5)
    return trial
  }

  /// The clone of this trial's network on the same task, at the same batch.
  func cloned(factor: Int, seed: UInt64 = 1) throws -> Trial {
    let clone = try Plasticity.cloned(network, specification: specification, factor: factor)
    let trial = Trial(clone, specification: specification.cloned(by: factor), seed: seed)
    trial.passes = passes
    return trial
  }

  /// Forward and backward on the next batch.
  ///
  /// - Returns: the loss.
  @discardableResult
  func pass(_ mode: StepContext.Mode = .training) -> Double {
    let first = passes * Self.batch % Self.samples
    let rows = Matrix(
      elements: inputs.elements + first * inputs.columns, rows: Self.batch, columns: inputs.columns)
    let context = StepContext(mode: mode, seed: 1, step: UInt64(passes))
    let logits = network.forward(rows, in: context)
    let loss = labels.withUnsafeBufferPointer {
      CrossEntropy.evaluate(
        logits: logits, labels: UnsafeBufferPointer(rebasing: $0[first..<first + Self.batch]),
        gradient: logitGradient
      ).loss
    }
    network.backward(logitGradient)
    passes += 1
    return loss
  }

  /// - Parameter prepare: called between each backward pass and the step.
  /// - Returns: the losses.
  @discardableResult
  func train(_ optimizer: any Optimizer<Scalar>, steps: Int, prepare: () -> Void = {}) -> [Double] {
    (0..<steps).map { _ in
      let loss = pass()
      prepare()
      optimizer.step()
      return loss
    }
  }

  /// The last layer's outputs on the next batch.
  func outputs(_ mode: StepContext.Mode) -> [Scalar] {
    pass(mode)
    return Array(network.output(of: network.layers.count - 1).buffer)
  }

  /// All parameters, one after another.
  var values: [Scalar] { network.parameters.flatMap { Array($0.parameter.value.buffer) } }
}

/// The largest difference between corresponding entries.
func largestDifference<Scalar: Real>(_ first: [Scalar], _ second: [Scalar]) -> Double {
  precondition(first.count == second.count)
  return zip(first, second).reduce(0) { max($0, abs(Double($1.0) - Double($1.1))) }
}

/// What every test of a rule of training runs over.
enum Rule: String, CaseIterable, Sendable {
  case descent, momentum, rootMeanSquare, adam

  func make<Scalar: Real>(_ network: Network<Scalar>, weightDecay: Scalar = 0) -> any Optimizer<Scalar> {
    switch self {
    case .descent: SGD(network, learningRate: Scalar(0.05), weightDecay: weightDecay)
    case .momentum:
      SGD(network, learningRate: Scalar(0.02), momentum: Scalar(0.9), weightDecay: weightDecay)
    case .rootMeanSquare: RMSprop(network, learningRate: Scalar(1e-3), weightDecay: weightDecay)
    case .adam: Adam(network, learningRate: Scalar(1e-3), weightDecay: weightDecay)
    }
  }
}

/// Without and with batch normalisation.
let normalizations = Normalization.allCases
