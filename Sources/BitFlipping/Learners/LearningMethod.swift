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
  public var continualBackpropagation: ContinualBackpropagation?

  public init(
    optimizer: Optimizer? = nil, learningRate: Double = 0.01, weightDecay: Double? = nil,
    dropout: Double? = nil, perturbation: Perturbation? = nil,
    continualBackpropagation: ContinualBackpropagation? = nil
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

  /// The key path of the first value that makes no sense, with what is wrong.
  public var problem: (key: [String], message: String)? {
    if !(learningRate > 0 && learningRate <= 1) {
      return (["learningRate"], "is \(learningRate); it must lie in 0…1, above 0")
    }
    if let weightDecay, !(weightDecay >= 0 && weightDecay <= 1) {
      return (["weightDecay"], "is \(weightDecay); it must lie in 0…1")
    }
    if let dropout, !(dropout >= 0 && dropout < 1) {
      return (["dropout"], "is \(dropout); it must lie in 0…1, below 1")
    }
    if let perturbation {
      if !(perturbation.shrink >= 0 && perturbation.shrink <= 1) {
        return (["perturbation", "shrink"], "is \(perturbation.shrink); it must lie in 0…1")
      }
      if !(perturbation.variance >= 0 && perturbation.variance <= 1) {
        return (["perturbation", "variance"], "is \(perturbation.variance); it must lie in 0…1")
      }
    }
    guard let continualBackpropagation else { return nil }
    if let problem = continualBackpropagation.problem {
      return (["continualBackpropagation", problem.key], problem.message)
    }
    if !movesActiveInputsAlike {
      return (
        ["continualBackpropagation"],
        "goes with plain gradient descent alone, not with Adam, weight decay, dropout or a perturbation"
      )
    }
    return nil
  }
}
