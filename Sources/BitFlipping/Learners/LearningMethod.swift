import Specifications

/// How a learner's weights follow the stream: stochastic gradient descent on the squared error of one example,
/// (ŷ − y)², unless something is added to it.
public struct LearningMethod: Codable, Hashable, Sendable {
  public enum Optimizer: String, Codable, CaseIterable, Sendable {
    case gradientDescent
    /// Kingma and Ba (2015), with β = (0.9, 0.999) and ε = 1e-8.
    case adam
  }

  /// What happens to every parameter after every step: it is multiplied by `shrink`, and a normal number of
  /// `variance` is added.
  public struct Perturbation: Codable, Hashable, Sendable {
    public var shrink: Double
    public var variance: Double

    public init(shrink: Double, variance: Double) {
      self.shrink = shrink
      self.variance = variance
    }
  }

  /// Gradient descent if absent.
  public var optimizer: Optimizer?
  public var learningRate: Double
  /// λ, added to the gradient as λ times the parameter (biases as well, as in PyTorch).
  public var weightDecay: Double?
  /// Probability of dropping a hidden unit, the rest scaled by 1 / (1 − p).
  public var dropout: Double?
  /// Shrink and perturb.
  public var perturbation: Perturbation?
  public var continualBackpropagation: ReplacementSpecification?

  public init(
    optimizer: Optimizer? = nil, learningRate: Double = 0.01, weightDecay: Double? = nil,
    dropout: Double? = nil, perturbation: Perturbation? = nil,
    continualBackpropagation: ReplacementSpecification? = nil
  ) {
    self.optimizer = optimizer
    self.learningRate = learningRate
    self.weightDecay = weightDecay
    self.dropout = dropout
    self.perturbation = perturbation
    self.continualBackpropagation = continualBackpropagation
  }

  /// Whether a step moves only the weights of inputs that are 1, and all of them alike.
  public var movesActiveInputsAlike: Bool {
    (optimizer ?? .gradientDescent) == .gradientDescent && (weightDecay ?? 0) == 0
      && perturbation == nil && (dropout ?? 0) == 0
  }

  /// Rejects values that make no sense, naming the key path.
  public func validate() throws(SpecificationProblem) {
    try requirePositive(learningRate, upTo: 1, "learningRate")
    if let weightDecay { try require(weightDecay, in: 0...1, "weightDecay") }
    if let dropout { try require(dropout, in: 0..<1, "dropout") }
    if let perturbation {
      try require(perturbation.shrink, in: 0...1, "perturbation.shrink")
      try require(perturbation.variance, in: 0...1, "perturbation.variance")
    }
    guard let continualBackpropagation else { return }
    do { try continualBackpropagation.validate() } catch { throw error.below("continualBackpropagation") }
    if !movesActiveInputsAlike {
      throw SpecificationProblem(
        "continualBackpropagation",
        "goes with plain gradient descent alone, not with Adam, weight decay, dropout or a perturbation")
    }
  }
}
