import Activations
import Glibc
import Testing

@testable import RankTheory

@Suite struct StandardizedActivationTests {
  @Test(arguments: ScalarActivation.all.map(\.name))
  func meanIsZeroAndVarianceOne(name: String) throws {
    let standardized = try StandardizedActivation(try ScalarActivation.named(name))
    let rule = standardized.quadrature.refined(maximumWidth: 0.5)
    #expect(abs(rule.expectation(of: standardized.value)) < 1e-12)
    #expect(abs(rule.expectation { standardized.value($0) * standardized.value($0) } - 1) < 1e-12)
  }

  struct Strengths: Sendable {
    let name: String
    let strength: Double
    let excess: Double
  }

  /// δ and α of the activations whose integrals are elementary.
  static let elementary: [Strengths] = {
    let arc: Double = asin(2.0 / 3)
    let leakyEven: Double = 0.2025 * (1 - 2 / .pi)
    let leakyVariance: Double = 0.3025 + leakyEven
    return [
      Strengths(name: "linear", strength: 0, excess: 0),
      Strengths(name: "relu", strength: 1 - .pi / (2 * (.pi - 1)), excess: 1 / (.pi - 1)),
      Strengths(
        name: "leakyReLU", strength: 1 - 0.3025 / leakyVariance, excess: 0.505 / leakyVariance - 1),
      Strengths(name: "sine", strength: 1 - 1 / sinh(1), excess: cosh(1) / sinh(1) - 1),
      Strengths(name: "sign", strength: 1 - 2 / .pi, excess: .infinity),
      Strengths(
        name: "erf", strength: 1 - (2.0 / 3) / arc, excess: 2 / 5.0.squareRoot() / arc - 1),
    ]
  }()

  @Test(arguments: elementary)
  func strengthsInClosedForm(expected: Strengths) throws {
    let standardized = try StandardizedActivation(try ScalarActivation.named(expected.name))
    let strength = expected.strength
    let excess = expected.excess
    #expect(abs(standardized.decorrelationStrength - strength) < 1e-12)
    #expect(
      standardized.slopeExcess == excess || abs(standardized.slopeExcess - excess) < 1e-12,
      "\(standardized.slopeExcess)")
    #expect(standardized.kernelSlope == 1 + standardized.slopeExcess)
    let square = standardized.linearCoefficient * standardized.linearCoefficient
    #expect(abs(1 - square - strength) < 1e-12)
  }

  @Test(arguments: ScalarActivation.all.map(\.name))
  func strengthIsAtMostTheSlopeExcess(name: String) throws {
    let standardized = try StandardizedActivation(try ScalarActivation.named(name))
    #expect(standardized.decorrelationStrength <= standardized.slopeExcess + 1e-15)
    #expect((standardized.decorrelationStrength < 1e-20) == (name == "linear"))
  }

  @Test func nearlyLinearStrengthsDoNotCancel() throws {
    // tanh(az) = az − a³z³/3 + …: c₃² / c₁² = (a³/3)² · 6 / a² = 2a⁴/3 to first order.
    let gain = 1e-3
    let standardized = try StandardizedActivation(ScalarActivation.tanh.modulated(scale: gain, bias: 0))
    let expected = 2.0 / 3 * pow(gain, 4)
    #expect(abs(standardized.decorrelationStrength / expected - 1) < 1e-4)
  }

  @Test func constantActivationsAreErrors() {
    let dead = ScalarActivation.reLU.modulated(scale: 1, bias: -40)
    let flat = ScalarActivation.tanh.modulated(scale: 0, bias: 0.3)
    for activation in [dead, flat] {
      #expect(throws: RankTheoryError.constantActivation(name: activation.name)) {
        try StandardizedActivation(activation)
      }
    }
  }

  @Test func anUndefinedActivationIsAnError() {
    let broken = ScalarActivation(
      name: "root", label: "root", value: { $0.squareRoot() }, derivative: { _ in 0 })
    #expect(throws: RankTheoryError.notFinite(name: "root")) { try StandardizedActivation(broken) }
  }
}
