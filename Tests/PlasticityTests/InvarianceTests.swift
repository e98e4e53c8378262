import LinearAlgebra
import NeuralNetwork
import PlasticityMetrics
import Testing

@testable import Plasticity

@Suite("The cloning manifold")
struct InvarianceTests {
  @Test("holds a clone under every rule of training", arguments: Rule.allCases, normalizations)
  func invariance(rule: Rule, normalization: Normalization) throws {
    for factor in [2, 3] {
      let clone = try Trial<Double>.base(normalization: normalization).cloned(factor: factor)
      let start = clone.values
      let losses = clone.train(rule.make(clone.network), steps: 200)
      #expect(largestDifference(clone.values, start) > 0.05)
      #expect(losses[197...].reduce(0, +) < losses[..<3].reduce(0, +))
      clone.pass()
      let certificate = clone.certificate()
      #expect(certificate.parameters.fromBlockwiseConstant < 1e-9)
      #expect(1 - certificate.meanScore < 1e-9)
    }
  }

  @Test("holds a block-wise constant clone under weight decay too", arguments: Rule.allCases, normalizations)
  func weightDecay(rule: Rule, normalization: Normalization) throws {
    let clone = try Trial<Double>.base(normalization: normalization).cloned(factor: 2)
    clone.train(rule.make(clone.network, weightDecay: 0.01), steps: 200)
    #expect(clone.distance.fromBlockwiseConstant < 1e-9)
  }

  @Test("is left under gradient noise, even of a single step", arguments: [0, 0.9, 1])
  func noise(decay: Double) throws {
    let clone = try Trial<Double>.base(normalization: .batch).cloned(factor: 2)
    clone.train(
      GradientNoise(
        clone.network, before: SGD(clone.network, learningRate: 0.05), noise: 0.01, decay: decay, seed: 1),
      steps: 50)
    try expectEscape(clone)
  }

  @Test("is left under dropout", arguments: normalizations)
  func dropout(normalization: Normalization) throws {
    let clone = try Trial<Double>.base(normalization: normalization, dropout: 0.1).cloned(factor: 2)
    clone.train(SGD(clone.network, learningRate: 0.05), steps: 50)
    try expectEscape(clone)
  }

  @Test("is left if the optimiser's state differs between copies", arguments: [Rule.momentum, .adam])
  func untiedState(rule: Rule) throws {
    let clone = try Trial<Double>.base(normalization: .none).cloned(factor: 2)
    let optimizer = rule.make(clone.network)
    // A step first: momentum ignores its state in the very first one.
    clone.train(optimizer, steps: 1)
    let moments = try #require(optimizer.state.first?.tensor)
    for index in 0..<moments.count { moments.elements[index] += index % 2 == 0 ? 1e-3 : -1e-3 }
    clone.train(optimizer, steps: 50)
    try expectEscape(clone)
  }

  @Test("repels: a small distance from it grows in proportion")
  func instability() throws {
    func distances(offset: Double) throws -> (before: Double, after: Double) {
      let clone = try Trial<Double>.base(normalization: .batch).cloned(factor: 2)
      var stream = RandomStream(seed: 9, purpose: "offset")
      for index in 0..<clone.network.values.count {
        clone.network.values.elements[index] += offset * (stream.uniform() - 0.5)
      }
      let before = clone.distance.fromRowEquitable
      clone.train(SGD(clone.network, learningRate: 0.05), steps: 200)
      return (before, clone.distance.fromRowEquitable)
    }
    let small = try distances(offset: 1e-10)
    let large = try distances(offset: 1e-8)
    #expect(small.after > 3 * small.before)
    #expect(abs(large.after / small.after / 100 - 1) < 0.05)
  }

  @Test("holds a clone in single precision to an R² of 1 − 1e-9", arguments: normalizations)
  func singlePrecision(normalization: Normalization) throws {
    let clone = try Trial<Float>.base(normalization: normalization, hiddenSizes: [32, 32]).cloned(factor: 2)
    clone.train(SGD(clone.network, learningRate: 0.05), steps: 200)
    clone.pass()
    let certificate = clone.certificate()
    #expect(certificate.parameters.fromBlockwiseConstant < 1e-5)
    #expect(1 - certificate.meanScore < 1e-9)
  }

  private func expectEscape(_ clone: Trial<Double>) throws {
    clone.pass(.evaluation)
    let certificate = clone.certificate()
    #expect(certificate.parameters.fromBlockwiseConstant > 1e-6)
    #expect(!certificate.parameters.isEquitable(tolerance: 1e-6))
    #expect(certificate.gradients.fromBlockwiseConstant > 1e-9)
    #expect(certificate.meanScore < 1 - 1e-9)
    #expect(certificate.copiedLayers.allSatisfy { $0.forward < 1 })
  }
}
