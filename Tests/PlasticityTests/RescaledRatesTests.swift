import LinearAlgebra
import NeuralNetwork
import Testing

@testable import Plasticity

@Suite("Rescaled rates")
struct RescaledRatesTests {
  @Test("are 1/k in front, 1 inside, k at the end, and 1/k for what is copied undivided")
  func factors() throws {
    let shape = Trial<Double>.perceptron(normalization: .batch, hiddenSizes: [5, 6])
    let network = shape.makeNetwork(of: Double.self)
    #expect(
      network.parameters.map(\.name) == [
        "linear_1.weight", "linear_1.bias", "norm_1.weight", "norm_1.bias", "linear_2.weight",
        "linear_2.bias", "norm_2.weight", "norm_2.bias", "out.weight", "out.bias",
      ])
    #expect(
      rescaledRateFactors(for: try expansion(of: shape, factor: 4))
        == [0.25, 0.25, 0.25, 0.25, 1, 0.25, 0.25, 0.25, 4, 1])
    #expect(
      rescaledRateFactors(for: try expansion(of: shape, factor: 1)).allSatisfy { (rate: Double) in rate == 1 }
    )
  }

  @Test("of a transformer treat its embeddings as biases and its heads as units")
  func transformer() throws {
    let shape = Architecture.transformer.specification(normalization: .none)
    let names = shape.makeNetwork(of: Float.self).parameters.map(\.name)
    let factors: [Double] = rescaledRateFactors(for: try expansion(of: shape, factor: 2))
    let rates = Dictionary(uniqueKeysWithValues: zip(names, factors))
    for name in ["patch_embedding.weight", "class_token.weight", "position_embedding.weight"] {
      #expect(rates[name] == 0.5)
    }
    for name in ["block_1.attn.qkv", "block_1.attn.proj", "block_1.mlp.fc1", "block_1.mlp.fc2"] {
      #expect(rates["\(name).weight"] == 1 && rates["\(name).bias"] == 0.5)
    }
    #expect(rates["out.weight"] == 2 && rates["out.bias"] == 1)
  }

  @Test("make the base follow its clone", arguments: normalizations, [2, 3, 4])
  func follow(normalization: Normalization, factor: Int) throws {
    for momentum in [0, 0.9] {
      try expectFollowing(
        .perceptron, normalization, factor: factor, momentum: momentum, rate: momentum == 0 ? 0.05 : 0.01,
        steps: 200)
    }
  }

  @Test(
    "make the base of every architecture follow its clone", arguments: Architecture.allCases, normalizations)
  func architectures(architecture: Architecture, normalization: Normalization) throws {
    for momentum in [0, 0.9] {
      try expectFollowing(
        architecture, normalization, factor: 2, momentum: momentum, rate: 0.01, steps: 10)
    }
  }

  private func expectFollowing(
    _ architecture: Architecture, _ normalization: Normalization, factor: Int, momentum: Double, rate: Double,
    steps: Int
  ) throws {
    let base = try Trial<Double>.base(architecture.specification(normalization: normalization))
    let clone = try base.cloned(factor: factor)
    let start = clone.values
    let rates: [Double] = rescaledRateFactors(for: clone.expansion)
    let followed = base.train(
      SGD(base.network, learningRate: rate, momentum: momentum, rateFactors: rates), steps: steps)
    let losses = clone.train(SGD(clone.network, learningRate: rate, momentum: momentum), steps: steps)
    #expect(largestDifference(losses, followed) < 1e-9)
    #expect(largestDifference(clone.values, start) > 1e-3)
    #expect(largestDifference(clone.values, try base.cloned(factor: factor).values) < 1e-9)
  }

  @Test(
    "make the base of every architecture follow its clone under Adam", arguments: Architecture.allCases,
    [2, 3])
  func adam(architecture: Architecture, factor: Int) throws {
    let base = try Trial<Double>.base(architecture.specification(normalization: .none))
    let clone = try base.cloned(factor: factor)
    let start = clone.values
    // A large ε, so that its factor is seen.
    let followed = base.train(
      Adam(base.network, learningRate: 1e-3, epsilon: 1e-3, copies: copies(in: clone.expansion)), steps: 30)
    let losses = clone.train(Adam(clone.network, learningRate: 1e-3, epsilon: 1e-3), steps: 30)
    #expect(largestDifference(losses, followed) < 1e-9)
    #expect(largestDifference(clone.values, start) > 1e-3)
    #expect(largestDifference(clone.values, try base.cloned(factor: factor).values) < 1e-9)
  }

  @Test("are needed: at one rate for all tensors the base goes elsewhere")
  func needed() throws {
    let base = try Trial<Double>.base(normalization: .none)
    let clone = try base.cloned(factor: 2)
    base.train(SGD(base.network, learningRate: 0.05), steps: 200)
    clone.train(SGD(clone.network, learningRate: 0.05), steps: 200)
    #expect(largestDifference(clone.values, try base.cloned(factor: 2).values) > 1e-2)
  }
}
