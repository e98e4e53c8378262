import LinearAlgebra
import NeuralNetwork
import PlasticityMetrics

@testable import Plasticity

/// A network and a small random classification task to train it on.
final class Trial<Scalar: Real> {
  static var samples: Int { 48 }

  /// Samples of a batch; fewer where each has many pixels or tokens.
  let batch: Int
  let network: Network<Scalar>
  let specification: any NetworkSpecification
  /// How the network repeats the one that it is a clone of; that of a base is the identity.
  let expansion: NetworkExpansion
  private let inputs: Matrix<Scalar>
  private let logitGradient: Matrix<Scalar>
  private let arena: Arena<Scalar>
  private var labels: [Int32] = []
  /// Passes so far; they tell which batch is next.
  var passes = 0
  /// As of `StepContext`.
  var copiesSharingMasks = 1

  /// A task for `network`, which is a clone of `base` if that is given.
  init(
    _ network: Network<Scalar>, specification: any NetworkSpecification, base: Network<Scalar>? = nil,
    seed: UInt64 = 1
  ) throws {
    self.network = network
    self.specification = specification
    batch = specification is MLPSpecification ? 16 : 8
    expansion = try (base ?? network).expansion(into: network)
    let inputSize = network.layers[0].inputSize
    let classes = expansion.layers[network.layers.count - 1].output.units
    arena = Arena(
      capacity: Arena<Scalar>.footprint(rows: Self.samples, columns: inputSize)
        + Arena<Scalar>.footprint(rows: batch, columns: classes))
    inputs = arena.take(rows: Self.samples, columns: inputSize)
    logitGradient = arena.take(rows: batch, columns: classes)
    var stream = RandomStream(seed: seed, purpose: "trial")
    for index in 0..<inputs.count { inputs.elements[index] = Scalar(4 * stream.uniform() - 2) }
    labels = (0..<Self.samples).map { _ in Int32(stream.integer(below: UInt32(classes))) }
    network.reserve(batchSize: batch)
  }

  /// The shape of ``base(normalization:dropout:hiddenSizes:seed:)``.
  static func perceptron(
    normalization: Normalization, dropout: Double = 0, hiddenSizes: [Int] = [10, 9, 8]
  ) -> MLPSpecification {
    MLPSpecification(
      inputSize: 7, hiddenSizes: hiddenSizes, classes: 4, normalization: normalization, dropout: dropout)
  }

  /// A random perceptron that has taken a few steps, so that no tensor is at its initial value.
  static func base(
    normalization: Normalization, dropout: Double = 0, hiddenSizes: [Int] = [10, 9, 8],
    seed: UInt64 = 1
  ) throws -> Trial {
    try base(
      perceptron(normalization: normalization, dropout: dropout, hiddenSizes: hiddenSizes), seed: seed)
  }

  /// A random network that has taken a few steps.
  static func base(_ specification: any NetworkSpecification, seed: UInt64 = 1) throws -> Trial {
    let network = specification.makeNetwork(of: Scalar.self)
    network.initialize(seed: seed)
    if specification is VisionTransformerSpecification {
      // From weights as small as transformers start with behind their patch embedding, every query attends to all
      // tokens alike.
      for tensor in network.parameters.dropFirst(2) where tensor.parameter.shape.count > 1 {
        for index in 0..<tensor.parameter.count { tensor.parameter.value.elements[index] *= 15 }
      }
    }
    let trial = try Trial(network, specification: specification, seed: seed)
    trial.train(SGD(network, learningRate: Scalar(0.1)), steps: 5)
    return trial
  }

  /// The clone of this trial's network on the same task, at the same batch.
  func cloned(factor: Int, seed: UInt64 = 1) throws -> Trial { try cloned(factors: [factor], seed: seed) }

  /// The clone of a clone of …, on the same task, at the same batch.
  func cloned(factors: [Int], seed: UInt64 = 1) throws -> Trial {
    let clone = try Plasticity.cloned(network, specification: specification, factors: factors)
    let shape = factors.reduce(specification) { $0.cloned(by: $1) }
    let trial = try Trial(clone, specification: shape, base: network, seed: seed)
    trial.passes = passes
    return trial
  }

  /// The certificate after the last pass, compared with the base's last pass if that is given.
  func certificate(
    _ score: (Matrix<Double>, Int) -> Double = cloningR2, base: Trial? = nil
  ) -> CloningCertificate {
    CloningCertificate(of: network, expansion: expansion, base: base?.network, score: score)
  }

  /// How far the parameters are from the manifold.
  var distance: ManifoldDistance { ManifoldDistance(ofParametersOf: network, expansion: expansion) }

  /// Forward and backward on the next batch.
  ///
  /// - Returns: the loss.
  @discardableResult
  func pass(_ mode: StepContext.Mode = .training) -> Double {
    let first = passes * batch % Self.samples
    let rows = Matrix(
      elements: inputs.elements + first * inputs.columns, rows: batch, columns: inputs.columns)
    let context = StepContext(
      mode: mode, seed: 1, step: UInt64(passes), copiesSharingMasks: copiesSharingMasks)
    let logits = network.forward(rows, in: context)
    let loss = labels.withUnsafeBufferPointer {
      CrossEntropy.evaluate(
        logits: logits, labels: UnsafeBufferPointer(rebasing: $0[first..<first + batch]),
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
