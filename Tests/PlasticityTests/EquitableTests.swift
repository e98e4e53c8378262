import LinearAlgebra
import NeuralNetwork
import PlasticityMetrics
import Testing

@testable import Plasticity

/// The generalisation in the paper's appendix A.3: equal sums in blocks, unequal entries.
@Suite("Equitable weights that are not block-wise constant")
struct EquitableTests {
  /// Redistributes the weights between hidden layers inside their blocks: adds random entries whose sums vanish
  /// along every row and column of a block. Only there are both axes copied.
  ///
  /// The entries are about as large as the weights. Much larger ones make the manifold repel so strongly (with
  /// batch normalisation) that rounding alone grows to 1e-2 within 200 steps.
  private func redistribute(_ trial: Trial<Double>, factor: Int) {
    var stream = RandomStream(seed: 3, purpose: "redistribution")
    for (tensor, rule) in zip(trial.network.parameters, trial.expansion.parameters) {
      guard rule.outputCopies > 1, rule.inputCopies > 1 else { continue }
      let weight = tensor.parameter.value
      for row in stride(from: 0, to: weight.rows, by: factor) {
        for column in stride(from: 0, to: weight.columns, by: factor) {
          let noise = (0..<factor).map { _ in (0..<factor).map { _ in 0.2 * stream.uniform() - 0.1 } }
          let rows = noise.map { $0.reduce(0, +) / Double(factor) }
          let columns = (0..<factor).map { j in noise.reduce(0) { $0 + $1[j] } / Double(factor) }
          let mean = rows.reduce(0, +) / Double(factor)
          for i in 0..<factor {
            for j in 0..<factor { weight[row + i, column + j] += noise[i][j] - rows[i] - columns[j] + mean }
          }
        }
      }
    }
  }

  /// How far the parameters are from where they were: block-wise constant shifts keep to the affine manifold.
  private func shift(_ trial: Trial<Double>, from start: [Double]) -> ManifoldDistance {
    var shift = zip(trial.values, start).map { $0 - $1 }
    return shift.withUnsafeMutableBufferPointer { buffer in
      var tensors: [Matrix<Double>] = []
      var offset = 0
      for value in trial.network.parameters.map(\.parameter.value) {
        if let base = buffer.baseAddress {
          tensors.append(Matrix(elements: base + offset, rows: value.rows, columns: value.columns))
        }
        offset += value.count
      }
      return ManifoldDistance(of: tensors, expansion: trial.expansion)
    }
  }

  private func equitable(
    _ normalization: Normalization, factor: Int
  ) throws -> Trial<Double> {
    let clone = try Trial<Double>.base(normalization: normalization).cloned(factor: factor)
    redistribute(clone, factor: factor)
    return clone
  }

  @Test("have equal activations, errors and gradients in every block", arguments: normalizations, [2, 3, 4])
  func certificate(normalization: Normalization, factor: Int) throws {
    let trial = try equitable(normalization, factor: factor)
    let base = try Trial<Double>.base(normalization: normalization)
    #expect(largestDifference(base.outputs(.training), trial.outputs(.training)) < 1e-10)
    let certificate = trial.certificate()
    #expect(certificate.parameters.fromBlockwiseConstant > 0.05)
    #expect(certificate.parameters.isEquitable(tolerance: 1e-14))
    #expect(certificate.gradients.fromBlockwiseConstant < 1e-10)
    #expect(certificate.copiedLayers.allSatisfy { 1 - $0.forward < 1e-10 && 1 - $0.backward < 1e-10 })
  }

  @Test(
    "stay equitable under every rule of training, and move by block-wise constant shifts",
    arguments: Rule.allCases, normalizations)
  func invariance(rule: Rule, normalization: Normalization) throws {
    for factor in [2, 3] {
      let trial = try equitable(normalization, factor: factor)
      let start = trial.values
      trial.train(rule.make(trial.network), steps: 200)
      #expect(largestDifference(trial.values, start) > 0.05)
      #expect(trial.distance.isEquitable(tolerance: 1e-9))
      #expect(shift(trial, from: start).fromBlockwiseConstant < 1e-9)
    }
  }

  @Test(
    "stay equitable under weight decay that is linear in the weights, but their redistribution decays",
    arguments: [Rule.descent, .momentum])
  func linearDecay(rule: Rule) throws {
    let trial = try equitable(.batch, factor: 3)
    let start = trial.values
    let before = trial.distance.fromBlockwiseConstant
    trial.train(rule.make(trial.network, weightDecay: 0.05), steps: 200)
    let after = trial.distance
    #expect(after.isEquitable(tolerance: 1e-9))
    #expect(shift(trial, from: start).fromBlockwiseConstant > 1e-2)
    #expect(after.fromBlockwiseConstant < 0.9 * before)
  }

  @Test("are redistributed by the factor (1 − rate · decay)ᵗ under gradient descent with weight decay")
  func decayRate() throws {
    let trial = try equitable(.none, factor: 2)
    let before = trial.distance.fromBlockwiseConstant
    trial.train(SGD(trial.network, learningRate: 0.05, weightDecay: 0.05), steps: 200)
    let after = trial.distance.fromBlockwiseConstant
    var expected = before
    for _ in 0..<200 { expected *= 1 - 0.05 * 0.05 }
    #expect(abs(after / expected - 1) < 1e-9)
  }

  @Test("stay equitable under weight decay apart from the gradient, as in AdamW")
  func decoupledDecay() throws {
    let trial = try equitable(.batch, factor: 3)
    trial.train(Rule.adam.make(trial.network), steps: 200) {
      for index in 0..<trial.network.values.count { trial.network.values.elements[index] *= 0.999 }
    }
    #expect(trial.distance.isEquitable(tolerance: 1e-9))
  }

  @Test(
    "cease to be equitable when weight decay passes through a rule that normalises entry by entry",
    arguments: [Rule.rootMeanSquare, .adam], normalizations)
  func normalizedDecay(rule: Rule, normalization: Normalization) throws {
    let trial = try equitable(normalization, factor: 3)
    trial.train(rule.make(trial.network, weightDecay: 0.01), steps: 200)
    trial.pass(.evaluation)
    let certificate = trial.certificate()
    #expect(!certificate.parameters.isEquitable(tolerance: 1e-3))
    #expect(certificate.meanScore < 1 - 1e-6)
  }

  @Test(
    "of two copies stay equitable even then: [[a, b], [b, a]] keeps its pattern under any rule entry by entry",
    arguments: Rule.allCases)
  func pairs(rule: Rule) throws {
    let trial = try equitable(.none, factor: 2)
    let start = trial.values
    trial.train(rule.make(trial.network, weightDecay: 0.01), steps: 200)
    #expect(trial.distance.isEquitable(tolerance: 1e-9))
    #expect(shift(trial, from: start).fromBlockwiseConstant > 1e-3)
  }
}
