import LinearAlgebra
import NeuralNetwork
import Testing

@testable import Plasticity

@Suite("Tied masks")
struct TiedMasksTests {
  @Test(
    "keep a clone of every architecture a clone of its base, step for step", arguments: Architecture.allCases,
    [2, 3, 4])
  func cloneFollowsBase(architecture: Architecture, factor: Int) throws {
    let base = try Trial<Double>.base(architecture.specification(normalization: .none, dropout: 0.3))
    let clone = try base.cloned(factor: factor)
    clone.copiesSharingMasks = factor
    let rates: [Double] = rescaledRateFactors(for: clone.expansion)
    let followed = base.train(SGD(base.network, learningRate: 0.01, rateFactors: rates), steps: 10)
    let losses = clone.train(SGD(clone.network, learningRate: 0.01), steps: 10)
    // The masks are those of the base, or its losses would be others.
    #expect(largestDifference(losses, followed) < 1e-9)
    #expect(clone.certificate().failures(tolerance: 1e-9).isEmpty)
    #expect(clone.distance.fromBlockwiseConstant < 1e-9)
  }

  @Test("keep copies equal to the last bit in single precision", arguments: Architecture.allCases, [2, 4])
  func singlePrecision(architecture: Architecture, factor: Int) throws {
    let clone = try Trial<Float>.base(architecture.specification(normalization: .batch, dropout: 0.3))
      .cloned(factor: factor)
    clone.copiesSharingMasks = factor
    clone.train(SGD(clone.network, learningRate: 0.01, momentum: 0.9), steps: 10)
    #expect(clone.distance.fromBlockwiseConstant < 1e-6)
  }

  @Test("are what keeps it: with masks of their own copies part", arguments: Architecture.allCases)
  func untied(architecture: Architecture) throws {
    let clone = try Trial<Double>.base(architecture.specification(normalization: .none, dropout: 0.3))
      .cloned(factor: 2)
    clone.train(SGD(clone.network, learningRate: 0.01), steps: 10)
    #expect(clone.distance.fromBlockwiseConstant > 1e-6)
  }
}
