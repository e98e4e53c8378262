import LinearAlgebra

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

  private let network: Network<Scalar>
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

  public func step() {
    if let rateFactors {
      for index in network.parameters.indices {
        let value = network.parameters[index].parameter.value
        let offset = value.elements - network.values.elements
        update(from: offset, count: value.count, rate: learningRate * rateFactors[index])
      }
    } else {
      update(from: 0, count: network.values.count, rate: learningRate)
    }
    stepsTaken += 1
  }

  private func update(from offset: Int, count: Int, rate: Scalar) {
    let values = network.values.elements + offset
    let gradients = network.gradients.elements + offset
    guard let velocity else {
      OptimizerKernels.descend(
        values, along: gradients, count: count, rate: rate, weightDecay: weightDecay)
      return
    }
    OptimizerKernels.descend(
      values, along: gradients, velocity: velocity.elements + offset, count: count, rate: rate,
      weightDecay: weightDecay, momentum: stepsTaken == 0 ? 0 : momentum,
      share: stepsTaken == 0 ? 1 : 1 - dampening, lookAhead: nesterov ? momentum : nil)
  }
}
