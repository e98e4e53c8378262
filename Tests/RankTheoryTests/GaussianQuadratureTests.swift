import Activations
import Glibc
import LinearAlgebra
import Testing

@testable import RankTheory

@Suite struct GaussianQuadratureTests {
  /// E[z^2k] = 1 · 3 · … · (2k − 1).
  private func evenMoment(_ k: Int) -> Double {
    (0..<k).reduce(1) { $0 * Double(2 * $1 + 1) }
  }

  @Test(arguments: [1, 2, 3, 8, 21, 64, 200])
  func hermiteRulesAreExactForPolynomials(count: Int) {
    let rule = GaussianQuadrature.hermite(count: count)
    #expect(rule.nodes.count == count)
    #expect(zip(rule.nodes, rule.nodes.dropFirst()).allSatisfy { $0 < $1 })
    for k in 0..<min(count, 20) {
      let exact = evenMoment(k)
      #expect(abs(rule.expectation { pow($0, Double(2 * k)) } - exact) < 1e-12 * exact, "moment \(2 * k)")
    }
  }

  @Test func hermiteRuleOfThreeNodes() {
    let rule = GaussianQuadrature.hermite(count: 3)
    #expect(abs(rule.nodes[0] + 3.0.squareRoot()) < 1e-14)
    #expect(rule.nodes[1] == 0)
    #expect(abs(rule.weights[1] - 2.0 / 3) < 1e-14)
    #expect(abs(rule.weights[2] - 1.0 / 6) < 1e-14)
  }

  @Test(arguments: ScalarActivation.all.map(\.name))
  func piecewiseRulesIntegrateMomentsAndTheirActivation(name: String) throws {
    let activation = try ScalarActivation.named(name)
    let rule = GaussianQuadrature.piecewise(for: activation)
    for k in 0...4 {
      #expect(abs(rule.expectation { pow($0, Double(2 * k)) } - evenMoment(k)) < 1e-11 * evenMoment(k))
    }
    // Panels of a quarter of the width are another, much finer rule.
    let finer = rule.refined(maximumWidth: 0.4)
    let moments: [(Double) -> Double] = [
      { activation.value($0) }, { activation.value($0) * activation.value($0) },
      { $0 * activation.value($0) }, { activation.derivative($0) * activation.derivative($0) },
    ]
    for moment in moments {
      #expect(abs(rule.expectation(of: moment) - finer.expectation(of: moment)) < 1e-12)
    }
  }

  @Test(arguments: ["tanh", "sigmoid", "gelu", "silu", "sine", "erf"])
  func piecewiseAndHermiteRulesAgreeWhereSmooth(name: String) throws {
    let activation = try ScalarActivation.named(name)
    let piecewise = GaussianQuadrature.piecewise(for: activation)
    let hermite = GaussianQuadrature.hermite(count: 200)
    let square = { (z: Double) in activation.value(z) * activation.value(z) }
    #expect(
      abs(piecewise.expectation(of: activation.value) - hermite.expectation(of: activation.value)) < 1e-12)
    #expect(abs(piecewise.expectation(of: square) - hermite.expectation(of: square)) < 1e-12)
  }

  @Test func narrowStepsAreNotMissed() {
    // E[tanh(az + b)] tends to P(z > −b/a) − P(z < −b/a).
    for bias in [-1800.0, -333, 0, 1234] {
      let rule = GaussianQuadrature.piecewise(for: ScalarActivation.tanh.modulated(scale: 1000, bias: bias))
      let mean = rule.expectation { tanh(1000 * $0 + bias) }
      #expect(abs(mean - (1 - 2 * Normal.distribution(-bias / 1000))) < 1e-6)
      // E[φ′²] tends to a · density(−b/a) · ∫ sech⁴ = 4a/3 · density.
      let roughness = rule.expectation { pow(1000 / (cosh(1000 * $0 + bias) * cosh(1000 * $0 + bias)), 2) }
      let limit = 4000.0 / 3 * Normal.density(bias / 1000)
      #expect(abs(roughness / limit - 1) < 1e-5)
    }
  }

  @Test(arguments: ScalarActivation.all.map(\.name))
  func quadratureAgreesWithRandomInputs(name: String) throws {
    let activation = try ScalarActivation.named(name)
    var stream = RandomStream(seed: 7, purpose: "quadrature against sampling")
    var inputs = [Double](repeating: 0, count: 20_000)
    inputs.withUnsafeMutableBufferPointer { stream.fillNormal($0) }
    let standardized = try StandardizedActivation(activation)
    var sums = SIMD2<Double>()
    var squares = SIMD2<Double>()
    for x in inputs {
      let value = standardized.value(x)
      let pair = SIMD2(value, x * value)
      sums += pair
      squares += pair * pair
    }
    let count = Double(inputs.count)
    let means = sums / count
    let errors = ((squares / count - means * means) / count).squareRoot()
    #expect(abs(means.x) < 5 * errors.x)
    #expect(abs(means.y - standardized.linearCoefficient) < 5 * errors.y + 1e-12)
  }
}
