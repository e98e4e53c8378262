import LinearAlgebra
import Specifications

/// `sgd`: what a block says of ``SGD``.
public struct SGDRule: OptimizerRule {
  public static let kind = "sgd"
  public static let name = "SGD"

  public var learningRate: Double
  /// In [0, 1); none if absent.
  public var momentum: Double?
  /// In [0, 1); none if absent.
  public var dampening: Double?
  /// Whether to look ahead, which needs momentum and no dampening; not if absent.
  public var nesterov: Bool?
  /// L2 penalty added to the gradient, not negative; none if absent.
  public var weightDecay: Double?
  /// Move as a clone by this factor would in its base's coordinates (``rescaledRateFactors(for:)``).
  public var asCloneBy: Int?

  public enum CodingKeys: String, CodingKey, CaseIterable {
    case learningRate, momentum, dampening, nesterov, weightDecay, asCloneBy
  }

  public init(learningRate: Double, momentum: Double? = nil, weightDecay: Double? = nil) {
    self.learningRate = learningRate
    self.momentum = momentum
    self.weightDecay = weightDecay
  }

  public var additions: [String] {
    var words: [String] = []
    if let momentum, momentum > 0 {
      words.append("\(nesterov == true ? "Nesterov's " : "")momentum \(momentum)")
    }
    if asCloneBy != nil { words.append("rescaled") }
    if (weightDecay ?? 0) > 0 { words.append("weight decay") }
    return words
  }

  public func validate() throws(SpecificationProblem) {
    if let momentum { try require(momentum, in: 0..<1, "momentum") }
    if let dampening { try require(dampening, in: 0..<1, "dampening") }
    if nesterov == true, !((momentum ?? 0) > 0 && (dampening ?? 0) == 0) {
      throw SpecificationProblem("nesterov", "needs momentum and no dampening")
    }
    if let weightDecay { try requireNotNegative(weightDecay, "weightDecay") }
    if let asCloneBy { try require(asCloneBy, in: 2...64, "asCloneBy") }
  }

  public func makeOptimizer<Scalar: Real>(
    for network: Network<Scalar>, in setting: OptimizerSetting
  ) throws -> any Optimizer<Scalar> {
    SGD(
      network, learningRate: Scalar(learningRate), momentum: Scalar(momentum ?? 0),
      dampening: Scalar(dampening ?? 0), nesterov: nesterov ?? false, weightDecay: Scalar(weightDecay ?? 0),
      rateFactors: try asCloneBy.map {
        rescaledRateFactors(for: try expansion(of: setting.shape, factor: $0))
      })
  }
}

/// Stochastic gradient descent with optional momentum, by PyTorch's formulas.
///
/// g ← g + weightDecay · w; v ← g at the first step, then momentum · v + (1 − dampening) · g; the step is along
/// v, or along g + momentum · v if `nesterov`.
public final class SGD<Scalar: Real>: Optimizer {
  public var learningRate: Scalar
  public var stepsTaken: UInt64 = 0
  public let momentum: Scalar
  public let dampening: Scalar
  public let nesterov: Bool
  public let weightDecay: Scalar
  /// A factor on the learning rate for each parameter tensor, in the order of ``Network/parameters``.
  public let rateFactors: [Scalar]?

  public var state: [(name: String, tensor: Matrix<Scalar>)] {
    velocity.map { [("momentum_buffer", $0)] } ?? []
  }

  public let network: Network<Scalar>
  private let memory: Arena<Scalar>
  private let velocity: Matrix<Scalar>?

  /// Precondition: `rateFactors`, if given, has one factor for each parameter tensor; `nesterov` needs momentum
  /// and no dampening.
  public init(
    _ network: Network<Scalar>, learningRate: Scalar, momentum: Scalar = 0, dampening: Scalar = 0,
    nesterov: Bool = false, weightDecay: Scalar = 0, rateFactors: [Scalar]? = nil
  ) {
    enforce(!nesterov || (momentum > 0 && dampening == 0), "nesterov needs momentum and no dampening")
    enforce(rateFactors.map { $0.count == network.parameters.count } ?? true, "a factor for each tensor")
    self.network = network
    self.learningRate = learningRate
    self.momentum = momentum
    self.dampening = dampening
    self.nesterov = nesterov
    self.weightDecay = weightDecay
    self.rateFactors = rateFactors
    let size = network.values.count
    memory = Arena(capacity: momentum == 0 ? 0 : Arena<Scalar>.footprint(rows: 1, columns: size))
    velocity = momentum == 0 ? nil : memory.take(rows: 1, columns: size)
  }

  @_specialize(where Scalar == Float)
  public func update(_ span: ParameterSpan, along gradients: UnsafeMutablePointer<Scalar>) {
    let rate = rateFactors.map { learningRate * $0[span.tensor] } ?? learningRate
    let values = network.values.elements + span.offset
    guard let velocity else {
      OptimizerKernels.descend(
        values, along: gradients, count: span.count, rate: rate, weightDecay: weightDecay)
      return
    }
    OptimizerKernels.descend(
      values, along: gradients, velocity: velocity.elements + span.offset, count: span.count, rate: rate,
      weightDecay: weightDecay, momentum: stepsTaken == 0 ? 0 : momentum,
      share: stepsTaken == 0 ? 1 : 1 - dampening, lookAhead: nesterov ? momentum : nil)
  }

  public func finish() { stepsTaken += 1 }
}
