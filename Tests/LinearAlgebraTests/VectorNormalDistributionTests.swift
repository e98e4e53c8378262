import Foundation
import LinearAlgebra
import Testing

@Suite("Vector normal distribution") struct VectorNormalDistributionTests {
  @Test("has the errors that it states", arguments: [(-12.0, 12.0), (-5, 0), (-1, 1), (-1e-3, 1e-3)])
  func errors(low: Double, high: Double) {
    var worst = (absolute: 0.0, relative: 0.0, density: 0.0)
    for start in stride(from: 0, to: 40_000, by: 16) {
      var x = SIMD16<Float>()
      for lane in 0..<16 { x[lane] = Float(low + (high - low) * Double(start + lane) / 39_999) }
      let y = VectorNormalDistribution.evaluate(x)
      for lane in 0..<16 {
        let exact = 0.5 * erfc(-Double(x[lane]) / 2.0.squareRoot())
        let density = exp(-0.5 * Double(x[lane]) * Double(x[lane])) / (2 * Double.pi).squareRoot()
        worst.absolute = max(worst.absolute, abs(Double(y.cumulative[lane]) - exact))
        guard abs(x[lane]) < 5 else { continue }
        worst.relative = max(worst.relative, abs(Double(y.cumulative[lane]) / exact - 1))
        worst.density = max(worst.density, abs(Double(y.density[lane]) / density - 1))
      }
    }
    #expect(worst.absolute < 2.5e-7)
    #expect(worst.relative < 1e-6)
    #expect(worst.density < 1e-6)
    #expect(worst.absolute > 1e-9)
  }

  @Test("saturates, and NaN stays NaN")
  func edges() {
    for x: Float in [-14, -30, -1e30, -.infinity] {
      let y = VectorNormalDistribution.evaluate(SIMD16(repeating: x))
      #expect(y.cumulative[3] == 0 && y.density[3] == 0)
    }
    for x: Float in [14, 30, 1e30, .infinity] {
      let y = VectorNormalDistribution.evaluate(SIMD16(repeating: x))
      #expect(y.cumulative[3] == 1 && y.density[3] == 0)
    }
    #expect(VectorNormalDistribution.evaluate(SIMD16<Float>(repeating: .nan)).cumulative[0].isNaN)
  }

  @Test("in Double is the C library's")
  func double() {
    var x = SIMD16<Double>()
    for lane in 0..<16 { x[lane] = Double(lane) - 7.5 }
    let y = VectorNormalDistribution.evaluate(x)
    for lane in 0..<16 {
      #expect(abs(y.cumulative[lane] - 0.5 * erfc(-x[lane] / 2.0.squareRoot())) < 1e-15)
      #expect(abs(y.density[lane] - exp(-x[lane] * x[lane] / 2) / (2 * Double.pi).squareRoot()) < 1e-15)
    }
  }
}
