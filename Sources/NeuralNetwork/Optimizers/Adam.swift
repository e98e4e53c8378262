import LinearAlgebra
import Specifications

/// `adam`: what a block says of ``Adam``.
public struct AdamRule: OptimizerRule {
  public static let kind = "adam"
  public static let name = "Adam"

  public var learningRate: Double
  /// β₁ and β₂, in [0, 1); 0.9 and 0.999 if absent.
  public var betas: [Double]?
  /// Not negative; 1e-8 if absent.
  public var epsilon: Double?
  /// L2 penalty added to the gradient, not negative; none if absent.
  public var weightDecay: Double?
  /// Move as a clone by this factor would in its base's coordinates (``rescaledRateFactors(for:)``).
  public var asCloneBy: Int?
  /// Move as a network does that is shown every number of an input so many times, as if each pixel were a square of that
  /// many: a weight of the first layer is then the sum of so many, each of which goes a step of its own, and so goes that
  /// many times as far.
  public var inputCopies: Int?

  public enum CodingKeys: String, CodingKey, CaseIterable {
    case learningRate, betas, epsilon, weightDecay, asCloneBy, inputCopies
  }

  public init(learningRate: Double, weightDecay: Double? = nil) {
    self.learningRate = learningRate
    self.weightDecay = weightDecay
  }

  public var additions: [String] {
    (asCloneBy == nil ? [] : ["rescaled"]) + (inputCopies.map { ["first layer × \($0)"] } ?? [])
      + ((weightDecay ?? 0) > 0 ? ["weight decay"] : [])
  }

  public func validate() throws(SpecificationProblem) {
    if let betas {
      guard betas.count == 2, betas.allSatisfy({ (0..<1).contains($0) }) else {
        throw SpecificationProblem("betas", "must be two numbers in [0, 1)")
      }
    }
    if let epsilon { try requireNotNegative(epsilon, "epsilon") }
    if let weightDecay { try requireNotNegative(weightDecay, "weightDecay") }
    if let asCloneBy {
      try require(asCloneBy, in: 2...64, "asCloneBy")
      // A decay that is added to the gradient is divided as the gradient is, but is not shared among copies as it is.
      guard (weightDecay ?? 0) == 0 else {
        throw SpecificationProblem(
          "asCloneBy", "does not go with a weightDecay that Adam adds to the gradient")
      }
    }
    if let inputCopies {
      try require(inputCopies, in: 2...4096, "inputCopies")
      guard asCloneBy == nil else {
        throw SpecificationProblem("inputCopies", "does not go with 'asCloneBy'")
      }
    }
  }

  public func makeOptimizer<Scalar: Real>(
    for network: Network<Scalar>, in setting: OptimizerSetting
  ) throws -> any Optimizer<Scalar> {
    let betas = betas ?? [0.9, 0.999]
    return Adam(
      network, learningRate: Scalar(learningRate), betas: (betas[0], betas[1]),
      epsilon: Scalar(epsilon ?? 1e-8), weightDecay: Scalar(weightDecay ?? 0),
      copies: try asCloneBy.map { copies(in: try expansion(of: setting.shape, factor: $0)) }
        ?? inputCopies.map { inputFactors($0, in: network) })
  }

  /// A copy sees the gradient that its sum sees, so that nothing changes but how far the sum goes.
  private func inputFactors<Scalar: Real>(
    _ factor: Int, in network: Network<Scalar>
  ) -> [(inputs: Scalar, outputs: Scalar)] {
    let weight = network.layers.first { !$0.parameters.isEmpty }?.parameters.first
    return network.parameters.map { ($0.parameter === weight ? Scalar(factor) : 1, 1) }
  }
}

/// Adam (Kingma and Ba, 2015) by PyTorch's formulas; weight decay is added to the gradient.
public final class Adam<Scalar: Real>: Optimizer {
  public var learningRate: Scalar
  public var stepsTaken: UInt64 = 0
  public let betas: (first: Double, second: Double)
  public let epsilon: Scalar
  public let weightDecay: Scalar
  /// For each parameter tensor, in the order of ``Network/parameters``, the factors on the learning rate and on ε with
  /// which the network moves as a clone of it would; nil for Adam itself.
  public let copies: [(inputs: Scalar, outputs: Scalar)]?

  /// Running means of the gradient and of its square.
  public var state: [(name: String, tensor: Matrix<Scalar>)] {
    [("exp_avg", firstMoment), ("exp_avg_sq", secondMoment)]
  }

  public let network: Network<Scalar>
  private let memory: Arena<Scalar>
  private let firstMoment: Matrix<Scalar>
  private let secondMoment: Matrix<Scalar>
  // β₁ᵗ and β₂ᵗ, kept so that a step needs no power function; valid for `powersStep` steps.
  private var powers = (first: 1.0, second: 1.0)
  private var powersStep: UInt64 = 0
  /// Those of the step under way.
  private var constants: AdamConstants<Scalar>?

  /// Precondition: `copies`, if given, has factors for each parameter tensor.
  public init(
    _ network: Network<Scalar>, learningRate: Scalar = Scalar(1e-3),
    betas: (first: Double, second: Double) = (0.9, 0.999), epsilon: Scalar = Scalar(1e-8),
    weightDecay: Scalar = 0, copies: [(inputs: Scalar, outputs: Scalar)]? = nil
  ) {
    enforce(copies.map { $0.count == network.parameters.count } ?? true, "factors for each tensor")
    self.copies = copies
    self.network = network
    self.learningRate = learningRate
    self.betas = betas
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    let size = network.values.count
    memory = Arena(capacity: 2 * Arena<Scalar>.footprint(rows: 1, columns: size))
    firstMoment = memory.take(rows: 1, columns: size)
    secondMoment = memory.take(rows: 1, columns: size)
  }

  public func begin() {
    stepsTaken += 1
    advancePowers()
    constants = AdamConstants(
      rate: Scalar(Double(learningRate) / (1 - powers.first)),
      rootFactor: Scalar(1 / (1 - powers.second).squareRoot()), epsilon: epsilon,
      firstShare: Scalar(1 - betas.first), secondDecay: Scalar(betas.second),
      secondShare: Scalar(1 - betas.second), weightDecay: weightDecay)
  }

  @_specialize(where Scalar == Float)
  public func update(_ span: ParameterSpan, along gradients: UnsafeMutablePointer<Scalar>) {
    guard var constants else { fatalError("a step begins before it moves parameters") }
    if let copies {
      constants.rate *= copies[span.tensor].inputs
      constants.epsilon *= copies[span.tensor].outputs
    }
    OptimizerKernels.adam(
      network.values.elements + span.offset, gradients: gradients,
      firstMoment: firstMoment.elements + span.offset, secondMoment: secondMoment.elements + span.offset,
      count: span.count, constants: constants)
  }

  /// Products taken one by one are the same whether a run is resumed or not.
  private func advancePowers() {
    if powersStep > stepsTaken {
      powers = (1, 1)
      powersStep = 0
    }
    while powersStep < stepsTaken {
      powers = (powers.first * betas.first, powers.second * betas.second)
      powersStep += 1
    }
  }
}
