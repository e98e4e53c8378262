import Activations
import Glibc
import Testing

@testable import RankTheory

@Suite struct HermiteExpansionTests {
  /// The mass beyond degree 64.
  @Test(arguments: [
    ("linear", 1e-13), ("sigmoid", 1e-13), ("gelu", 1e-13), ("silu", 1e-13), ("sine", 1e-13),
    ("erf", 1e-12), ("tanh", 2e-10), ("elu", 2e-6), ("selu", 5e-5), ("leakyReLU", 2e-4), ("relu", 3e-4),
    ("sign", 0.064),
  ])
  func tailOfDegree64(name: String, bound: Double) throws {
    let expansion = try HermiteExpansion(StandardizedActivation(try ScalarActivation.named(name)))
    #expect(expansion.degree == 64)
    #expect(abs(expansion.coefficients[0]) < 1e-12)
    #expect(expansion.tailMass > -1e-12)
    #expect(expansion.tailMass < bound)
  }

  @Test func firstCoefficientAndSlopeAreThoseOfTheMoments() throws {
    for activation in [ScalarActivation.tanh, .gELU, .siLU, .sine] {
      let standardized = try StandardizedActivation(activation)
      let expansion = HermiteExpansion(standardized, degree: 128)
      #expect(abs(expansion.coefficients[1] - standardized.linearCoefficient) < 1e-13)
      #expect(abs(expansion.kernelSlope(at: 1) - standardized.kernelSlope) < 1e-9)
      #expect(
        abs(expansion.kernelSlope(at: 0) - (1 - standardized.decorrelationStrength)) < 1e-12)
    }
  }

  @Test func sineHasTheCoefficientsOfSinh() throws {
    let expansion = HermiteExpansion(try StandardizedActivation(.sine), degree: 11)
    var factorial = 1.0
    for k in 1...11 {
      factorial *= Double(k)
      let square = k % 2 == 1 ? 1 / (factorial * sinh(1)) : 0
      #expect(abs(expansion.coefficients[k] * expansion.coefficients[k] - square) < 1e-13)
    }
  }

  @Test func highDegreesStayAccurate() throws {
    // c_k² of the sign are the Taylor coefficients of (2/π) asin.
    let degree = 1001
    let expansion = HermiteExpansion(try StandardizedActivation(.sign), degree: degree)
    var coefficient = 2 / Double.pi
    for k in stride(from: 1, to: degree, by: 2) {
      coefficient *= Double(k * k) / Double((k + 1) * (k + 2))
    }
    let last = expansion.coefficients[degree]
    #expect(abs(last * last / coefficient - 1) < 1e-8)
  }
}
