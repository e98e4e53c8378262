import NeuralNetwork

/// Runs differ in numbers that cost nothing: with each at one value, those that go equally fast are of one kind.
extension OptimizerSpecification {
  /// The same with a small learning rate, and noise that lasts.
  public var atUsualNumbers: OptimizerSpecification {
    var rule = rule
    if var noisy = rule as? NoisySGDRule {
      noisy.noise = noisy.noise.lasting
      // Noise that is gone after the first step has cost nothing.
      rule = noisy.noise.decay > 0 ? noisy : noisy.descent
    }
    // One batch is learnt by heart at any rate; a small one keeps numbers ordinary.
    rule.learningRate = 1e-4
    return OptimizerSpecification(rule, remedies: remedies.map(\.atUsualNumbers))
  }
}

extension Remedy {
  /// The same with the strength that all have here; of an unknown kind, itself.
  fileprivate var atUsualNumbers: any Remedy {
    switch self {
    case let noise as GradientNoiseRemedy: noise.lasting
    case is L2ToInitialRemedy: L2ToInitialRemedy(strength: 1e-4)
    case is ShrinkAndPerturbRemedy: ShrinkAndPerturbRemedy(shrink: 0.99999, standardDeviation: 1e-5)
    default: self
    }
  }
}

extension GradientNoiseRemedy {
  fileprivate var lasting: GradientNoiseRemedy {
    GradientNoiseRemedy(scale: 1e-3, decay: decay > 0 ? 1 : 0)
  }
}

extension AnyModel {
  /// The same with one probability of dropout, if there is any, and no clone's order of pixels.
  public var atUsualNumbers: AnyModel {
    var usual = self
    if dropout > 0 { usual.dropout = 0.1 }
    if var cnn = usual.model as? CNN {
      cnn.copies = 1
      usual = AnyModel(cnn)
    }
    return usual
  }
}
