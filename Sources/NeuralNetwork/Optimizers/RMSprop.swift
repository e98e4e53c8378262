import LinearAlgebra
import Specifications

/// `rmsprop`: what a block says of ``RMSprop``.
public struct RMSpropRule: OptimizerRule {
  public static let kind = "rmsprop"
  public static let name = "RMSprop"

  public var learningRate: Double
  /// α, in [0, 1); 0.99 if absent.
  public var smoothing: Double?
  /// Not negative; 1e-8 if absent.
  public var epsilon: Double?
  /// L2 penalty added to the gradient, not negative; none if absent.
  public var weightDecay: Double?

  public enum CodingKeys: String, CodingKey, CaseIterable {
    case learningRate, smoothing, epsilon, weightDecay
  }

  public init(learningRate: Double, weightDecay: Double? = nil) {
    self.learningRate = learningRate
    self.weightDecay = weightDecay
  }

  public func validate() throws(SpecificationProblem) {
    if let smoothing { try require(smoothing, in: 0..<1, "smoothing") }
    if let epsilon { try requireNotNegative(epsilon, "epsilon") }
    if let weightDecay { try requireNotNegative(weightDecay, "weightDecay") }
  }

  public func makeOptimizer<Scalar: Real>(
    for network: Network<Scalar>, in setting: OptimizerSetting
  ) throws -> any Optimizer<Scalar> {
    RMSprop(
      network, learningRate: Scalar(learningRate), smoothing: smoothing ?? 0.99,
      epsilon: Scalar(epsilon ?? 1e-8), weightDecay: Scalar(weightDecay ?? 0))
  }
}

/// RMSprop (Hinton) by PyTorch's formulas, not centred and without momentum; weight decay is added to the
/// gradient.
public final class RMSprop<Scalar: Real>: Optimizer {
  public var learningRate: Scalar
  public var stepsTaken: UInt64 = 0
  /// The smoothing constant α.
  public let smoothing: Double
  public let epsilon: Scalar
  public let weightDecay: Scalar

  /// The running mean of the squared gradient.
  public var state: [(name: String, tensor: Matrix<Scalar>)] { [("square_avg", squares)] }

  public let network: Network<Scalar>
  private let memory: Arena<Scalar>
  private let squares: Matrix<Scalar>

  public init(
    _ network: Network<Scalar>, learningRate: Scalar = Scalar(1e-2), smoothing: Double = 0.99,
    epsilon: Scalar = Scalar(1e-8), weightDecay: Scalar = 0
  ) {
    self.network = network
    self.learningRate = learningRate
    self.smoothing = smoothing
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    let size = network.values.count
    memory = Arena(capacity: Arena<Scalar>.footprint(rows: 1, columns: size))
    squares = memory.take(rows: 1, columns: size)
  }

  public func begin() { stepsTaken += 1 }

  @_specialize(where Scalar == Float)
  public func update(_ span: ParameterSpan, along gradients: UnsafeMutablePointer<Scalar>) {
    OptimizerKernels.rmsprop(
      network.values.elements + span.offset, gradients: gradients,
      squares: squares.elements + span.offset, count: span.count, rate: learningRate,
      decay: Scalar(smoothing), share: Scalar(1 - smoothing), epsilon: epsilon, weightDecay: weightDecay)
  }
}
