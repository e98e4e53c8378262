import Activations
import LinearAlgebra
import NeuralNetwork
import PlasticityMetrics
import Specifications

/// x³, which no network of the paper has.
enum Cube: ActivationFormula {
  static let definition = ScalarActivation(
    name: "cube", label: "cube", value: { $0 * $0 * $0 }, derivative: { 3 * $0 * $0 })

  static func value<Scalar: Real>(_ x: SIMD16<Scalar>) -> SIMD16<Scalar> { x * x * x }

  static func derivative<Scalar: Real>(_ x: SIMD16<Scalar>, _ y: SIMD16<Scalar>) -> SIMD16<Scalar> {
    x * x * 3
  }
}

/// One hidden layer of any activation.
struct Shallow: Model {
  static let architecture = "shallow"
  static let name = "shallow network"

  enum CodingKeys: String, CodingKey, CaseIterable { case width, activation, dropout }

  var width: Int
  var activation: ActivationKind
  var dropout: Double

  var sizesInWords: String { "\(width)" }

  func validate() throws(SpecificationProblem) { try require(width, in: 1...1_000, "width") }

  func widened(by factor: Int) -> Shallow {
    Shallow(width: width * factor, activation: activation, dropout: dropout)
  }

  func narrowed(by factor: Int) -> Shallow? {
    width % factor == 0 ? Shallow(width: width / factor, activation: activation, dropout: dropout) : nil
  }

  func makeLayers<Scalar: Real>(
    of type: Scalar.Type, for input: InputShape, classes: Int
  ) -> [any Layer<Scalar>] {
    [
      Linear(name: "hidden", inputSize: input.count, outputSize: width),
      activation.makeLayer(name: "act", size: width),
      Linear(name: "out", inputSize: width, outputSize: classes),
    ]
  }

  func multiplications(for input: InputShape, classes: Int) -> (first: Int, rest: Int) {
    (input.count * width, width * classes)
  }
}

/// Steps of one size along the signs of the gradients.
struct SignDescentRule: OptimizerRule {
  static let kind = "signDescent"
  static let name = "sign descent"

  enum CodingKeys: String, CodingKey, CaseIterable { case learningRate }

  var learningRate: Double

  func validate() throws(SpecificationProblem) {}

  func makeOptimizer<Scalar: Real>(
    for network: Network<Scalar>, in setting: OptimizerSetting
  ) -> any Optimizer<Scalar> {
    SignDescent(network, learningRate: Scalar(learningRate))
  }
}

final class SignDescent<Scalar: Real>: Optimizer {
  var learningRate: Scalar
  var stepsTaken: UInt64 = 0
  let state: [(name: String, tensor: Matrix<Scalar>)] = []
  let network: Network<Scalar>

  init(_ network: Network<Scalar>, learningRate: Scalar) {
    self.network = network
    self.learningRate = learningRate
  }

  func update(_ span: ParameterSpan, along gradients: UnsafeMutablePointer<Scalar>) {
    for index in 0..<span.count where gradients[index] != 0 {
      network.values.elements[span.offset + index] -= gradients[index] > 0 ? learningRate : -learningRate
    }
  }

  func finish() { stepsTaken += 1 }
}

/// Parameters are kept within a box.
struct BoxRemedy: Remedy {
  static let key = "box"
  static let name = "a box"

  var size: Double

  func validate() throws(SpecificationProblem) { try requirePositive(size, "size") }

  func makeOptimizer<Scalar: Real>(
    around inner: any Optimizer<Scalar>, for network: Network<Scalar>, in setting: OptimizerSetting
  ) -> any Optimizer<Scalar> {
    Box(around: inner, size: Scalar(size))
  }
}

final class Box<Scalar: Real>: WrappingOptimizer {
  let inner: any Optimizer<Scalar>
  private let size: Scalar

  init(around inner: any Optimizer<Scalar>, size: Scalar) {
    self.inner = inner
    self.size = size
  }

  func update(_ span: ParameterSpan, along gradients: UnsafeMutablePointer<Scalar>) {
    inner.update(span, along: gradients)
    for index in span.offset..<span.offset + span.count {
      network.values.elements[index] = min(max(network.values.elements[index], -size), size)
    }
  }
}

/// How many rows a layer gave.
struct RowCount: LayerMetric {
  let name = "rowCount"

  func makeReading(of sample: LayerSample) -> any LayerReading { Reading() }

  private final class Reading: LayerReading {
    private var count = 0

    func add(_ rows: LayerRows) { count += rows.activations.rows }

    func value(of sample: LayerSample) -> Double? { Double(count) }
  }
}
