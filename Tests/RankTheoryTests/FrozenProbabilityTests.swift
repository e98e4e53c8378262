import Activations
import Glibc
import LinearAlgebra
import Testing

@testable import RankTheory

@Suite struct FrozenProbabilityTests {
  private let threshold = FrozenProbability.defaultThreshold

  @Test func linearAndSignAreNeverAndAlwaysFrozen() {
    #expect(FrozenProbability.exact(.linear, scale: 3, bias: -1) == 0)
    #expect(abs(FrozenProbability.exact(.sign) - 1) < 1e-12)
    #expect(abs(FrozenProbability.exact(.linear, scale: 1e-5) - 1) < 1e-12)
    #expect(FrozenProbability.exact(.tanh, scale: 0, bias: 1) == 1)
  }

  @Test(arguments: [-9.0, -3.3, 0, 1.7, 6])
  func reLUIsFrozenBelowItsKink(bias: Double) {
    let exact = Normal.distribution(-bias / 2)
    #expect(abs(FrozenProbability.exact(.reLU, scale: 2, bias: bias) - exact) < 1e-12)
    #expect(abs(FrozenProbability.exact(.reLU, scale: -2, bias: bias) - exact) < 1e-12)
    #expect(FrozenProbability.exact(.leakyReLU, scale: 2, bias: bias) == 0)
  }

  @Test(arguments: [0.3, 1, 7, 200, 3e4])
  func tanhIsFrozenBeyondItsCrossing(gain: Double) {
    // a sech²(ax) < ε where |x| > arcosh(√(a/ε)) / a.
    let crossing = acosh((gain / threshold).squareRoot()) / gain
    let exact = 2 * Normal.distribution(-crossing)
    #expect(abs(FrozenProbability.exact(.tanh, scale: gain) - exact) < 1e-10)
  }

  @Test(arguments: [(0.7, 0.2), (5, -1), (60, 2.2)])
  func sineIsFrozenAtItsCrests(scale: Double, bias: Double) {
    let half = asin(threshold / scale)
    var exact = 0.0
    for turn in -400...400 {
      let crest = (Double(turn) + 0.5) * .pi
      exact += Normal.probability(
        from: (crest - half - bias) / scale, to: (crest + half - bias) / scale)
    }
    #expect(abs(FrozenProbability.exact(.sine, scale: scale, bias: bias) - exact) < 1e-10)
  }

  /// A large threshold makes probabilities that sampling can see.
  @Test(arguments: ScalarActivation.all.map(\.name))
  func exactAgreesWithSampling(name: String) throws {
    let activation = try ScalarActivation.named(name)
    for (scale, bias, threshold) in [(1.3, -0.8, 0.2), (-0.6, 1.1, 0.05), (4.5, 2.5, 0.7)] {
      let exact = FrozenProbability.exact(activation, scale: scale, bias: bias, threshold: threshold)
      var stream = RandomStream(seed: 9, purpose: "frozen units")
      let count = 10_000
      let sampled = FrozenProbability.sampled(
        activation, scale: scale, bias: bias, threshold: threshold, count: count, stream: &stream)
      let error = (exact * (1 - exact) / Double(count)).squareRoot()
      // A probability that rounds to zero or one allows a single stray input.
      #expect(abs(sampled - exact) < 5 * error + 1 / Double(count), "scale \(scale), bias \(bias)")
    }
  }

  @Test func aModulatedActivationIsTheModulationOfTheSearch() {
    for activation in [ScalarActivation.gELU, .siLU, .sELU, .sine] {
      let inside = FrozenProbability.exact(activation.modulated(scale: 2, bias: -1), threshold: 0.01)
      let outside = FrozenProbability.exact(activation, scale: 2, bias: -1, threshold: 0.01)
      #expect(abs(inside - outside) < 1e-10)
      #expect(inside > 0)
    }
  }
}
