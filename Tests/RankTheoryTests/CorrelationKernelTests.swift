import Activations
import LinearAlgebra
import Testing

@testable import RankTheory

@Suite struct CorrelationKernelTests {
  private static let correlations = [-1, -0.97, -0.4, 0, 0.15, 0.8, 0.999, 1]

  @Test(arguments: ["linear", "relu", "leakyReLU", "sine", "sign", "erf"])
  func quadratureAgreesWithClosedForms(name: String) throws {
    let kernel = CorrelationKernel(try StandardizedActivation(try ScalarActivation.named(name)))
    for correlation in Self.correlations {
      let exact = try #require(kernel.closedForm(at: correlation))
      #expect(abs(kernel.quadrature(at: correlation) - exact) < 1e-11, "at \(correlation)")
    }
  }

  /// The difference must be the tail: at most its mass times |ρ|^65, and rounding.
  @Test(arguments: ScalarActivation.all.map(\.name))
  func quadratureAgreesWithHermiteSeries(name: String) throws {
    let standardized = try StandardizedActivation(try ScalarActivation.named(name))
    let kernel = CorrelationKernel(standardized)
    let expansion = HermiteExpansion(standardized)
    for correlation in Self.correlations {
      var tail = max(expansion.tailMass, 0)
      for _ in 0...expansion.degree { tail *= abs(correlation) }
      let difference = abs(kernel.quadrature(at: correlation) - expansion.kernel(at: correlation))
      #expect(difference <= tail + 1e-11, "at \(correlation)")
    }
  }

  @Test(arguments: ["tanh", "gelu", "elu"])
  func interpolationAgreesWithQuadrature(name: String) throws {
    let interpolated = try #require(InterpolatedKernels.all[name])
    let kernel = CorrelationKernel(interpolated.standardized)
    #expect(interpolated.estimatedError < 1e-10)
    for correlation in [-1, -0.9995, -0.63, 0.02, 0.42, 0.991, 0.99999, 1] {
      let difference = abs(interpolated.value(at: correlation) - kernel.quadrature(at: correlation))
      #expect(difference < 1e-10, "at \(correlation)")
    }
  }

  @Test func interpolatedClosedFormsStayAccurateWhereTheyAreSteep() throws {
    for activation in [ScalarActivation.reLU, .sign, .erf, .sine] {
      let interpolated = try #require(InterpolatedKernels.all[activation.name])
      for correlation in QuarticGap.grid(count: 201) + [0.99999999, -0.99999999] {
        let exact = try #require(activation.closedFormKernel?(correlation))
        #expect(abs(interpolated.value(at: correlation) - exact) < 1e-10)
      }
    }
  }

  @Test func aSteepTanhHasTheKernelOfTheSign() throws {
    let kernel = CorrelationKernel(
      try StandardizedActivation(ScalarActivation.tanh.modulated(scale: 5000, bias: 0)))
    let sign = CorrelationKernel(try StandardizedActivation(.sign))
    for correlation in [-0.9, 0.3, 0.7] {
      let exact = try #require(sign.closedForm(at: correlation))
      #expect(abs(kernel.quadrature(at: correlation) - exact) < 1e-3)
    }
  }

  @Test func aNearlyDeadReLUKeepsItsKernel() throws {
    // All of the variance is beyond 9.4 standard deviations, in values of the order 10⁹.
    let standardized = try StandardizedActivation(ScalarActivation.reLU.modulated(scale: 0.4, bias: -3.76))
    let kernel = CorrelationKernel(standardized)
    let expansion = HermiteExpansion(standardized, degree: 400)
    for correlation in [0.3, 0.8, 0.9] {
      var tail = expansion.tailMass
      for _ in 0...expansion.degree { tail *= correlation }
      let difference = abs(kernel.quadrature(at: correlation) - expansion.kernel(at: correlation))
      #expect(difference <= tail + 1e-9, "at \(correlation)")
    }
  }

  @Test func theSignOfTheInputDoesNotMatter() throws {
    let kernel = CorrelationKernel(
      try StandardizedActivation(ScalarActivation.reLU.modulated(scale: -1, bias: 0)))
    let exact = try #require(kernel.closedForm(at: 0.6))
    #expect(abs(kernel.quadrature(at: 0.6) - exact) < 1e-11)
  }

  @Test func quadratureAgreesWithRandomPairs() throws {
    let correlation = 0.6
    let count = 20_000
    var stream = RandomStream(seed: 11, purpose: "kernel against sampling")
    var draws = [Double](repeating: 0, count: 2 * count)
    draws.withUnsafeMutableBufferPointer { stream.fillNormal($0) }
    for activation in [ScalarActivation.tanh, .gELU, ScalarActivation.sELU.modulated(scale: 1.5, bias: -0.7)]
    {
      let standardized = try StandardizedActivation(activation)
      var sum = 0.0
      var squares = 0.0
      for pair in 0..<count {
        let x = draws[2 * pair]
        let y = correlation * x + 0.8 * draws[2 * pair + 1]
        let product = standardized.value(x) * standardized.value(y)
        sum += product
        squares += product * product
      }
      let mean = sum / Double(count)
      let error = ((squares / Double(count) - mean * mean) / Double(count)).squareRoot()
      #expect(abs(CorrelationKernel(standardized).quadrature(at: correlation) - mean) < 5 * error)
    }
  }
}
