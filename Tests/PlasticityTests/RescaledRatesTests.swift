import LinearAlgebra
import NeuralNetwork
import Testing

@testable import Plasticity

@Suite("Rescaled rates")
struct RescaledRatesTests {
  @Test("are 1/k in front, 1 inside, k at the end, and 1/k for what is copied undivided")
  func factors() {
    let base = Trial<Double>.base(normalization: .batch, hiddenSizes: [5, 6])
    #expect(
      base.network.parameters.map(\.name) == [
        "linear_1.weight", "linear_1.bias", "norm_1.weight", "norm_1.bias", "linear_2.weight",
        "linear_2.bias", "norm_2.weight", "norm_2.bias", "out.weight", "out.bias",
      ])
    #expect(
      rescaledRateFactors(for: base.network, factor: 4)
        == [0.25, 0.25, 0.25, 0.25, 1, 0.25, 0.25, 0.25, 4, 1])
    #expect(rescaledRateFactors(for: base.network, factor: 1).allSatisfy { $0 == 1 })
  }

  @Test("make the base follow its clone", arguments: normalizations, [2, 3, 4])
  func follow(normalization: Normalization, factor: Int) throws {
    for momentum in [0, 0.9] {
      let base = Trial<Double>.base(normalization: normalization)
      let clone = try base.cloned(factor: factor)
      let rates: [Double] = rescaledRateFactors(for: base.network, factor: factor)
      let rate = momentum == 0 ? 0.05 : 0.01
      let followed = base.train(
        SGD(base.network, learningRate: rate, momentum: momentum, rateFactors: rates), steps: 200)
      let losses = clone.train(SGD(clone.network, learningRate: rate, momentum: momentum), steps: 200)
      #expect(largestDifference(losses, followed) < 1e-9)
      #expect(largestDifference(clone.values, try base.cloned(factor: factor).values) < 1e-9)
    }
  }

  @Test("are needed: at one rate for all tensors the base goes elsewhere")
  func needed() throws {
    let base = Trial<Double>.base(normalization: .none)
    let clone = try base.cloned(factor: 2)
    base.train(SGD(base.network, learningRate: 0.05), steps: 200)
    clone.train(SGD(clone.network, learningRate: 0.05), steps: 200)
    #expect(largestDifference(clone.values, try base.cloned(factor: 2).values) > 1e-2)
  }
}
