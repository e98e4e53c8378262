import NeuralNetwork
import Testing

@testable import Manuscript
@testable import bench

/// Promise: runs that differ in rates alone are of one kind; those that take other work are not.
@Suite struct RunKindTests {
  private func usual(_ rule: any OptimizerRule, _ remedies: any Remedy...) -> OptimizerSpecification {
    OptimizerSpecification(rule, remedies: remedies).atUsualNumbers
  }

  private func noise(_ scale: Double, _ decay: Double) -> GradientNoiseRemedy {
    GradientNoiseRemedy(scale: scale, decay: decay)
  }

  @Test func ratesDoNotTellKindsApart() {
    let fast = SGDRule(learningRate: 0.1)
    let slow = SGDRule(learningRate: 0.01)
    #expect(usual(fast) == usual(slow))
    #expect(usual(NoisySGDRule(fast, noise: noise(1, 0.9))) == usual(NoisySGDRule(slow, noise: noise(2, 1))))
    #expect(usual(fast, noise(1, 0.9)) == usual(slow, noise(2, 1)))
    #expect(usual(fast, L2ToInitialRemedy(strength: 1)) == usual(slow, L2ToInitialRemedy(strength: 2)))
    #expect(
      AnyModel(MLP(hiddenSizes: [8], dropout: 0.1)).atUsualNumbers
        == AnyModel(MLP(hiddenSizes: [8], dropout: 0.2)).atUsualNumbers)
  }

  @Test func otherWorkDoes() {
    let plain = SGDRule(learningRate: 0.1)
    #expect(usual(plain) != usual(SGDRule(learningRate: 0.1, momentum: 0.9)))
    #expect(usual(plain) != usual(plain, noise(1, 1)))
    #expect(usual(plain) != usual(plain, L2ToInitialRemedy(strength: 1)))
    #expect(
      AnyModel(MLP(hiddenSizes: [8])).atUsualNumbers
        != AnyModel(MLP(hiddenSizes: [8], dropout: 0.2)).atUsualNumbers)
  }

  @Test func noiseOfAStepIsNone() {
    let plain = SGDRule(learningRate: 0.1)
    #expect(usual(NoisySGDRule(plain, noise: noise(1, 0))) == usual(plain))
  }
}
