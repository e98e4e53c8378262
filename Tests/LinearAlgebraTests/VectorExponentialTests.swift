import Foundation
import LinearAlgebra
import Testing

@Suite("Vector exponential") struct VectorExponentialTests {
  /// Over every `Float` of magnitude above 2⁻²⁰ in the range the largest error is 7.9 · 10⁻⁸; here a sample.
  @Test(
    "has a relative error below 8 · 10⁻⁸", arguments: [(-87.3, 88.376), (-6, 6), (-0.4, 0.4), (-1e-6, 1e-6)])
  func error(low: Double, high: Double) {
    var worst = 0.0
    for start in stride(from: 0, to: 20_000, by: 16) {
      var x = SIMD16<Float>()
      for lane in 0..<16 { x[lane] = Float(low + (high - low) * Double(start + lane) / 19_999) }
      let y = VectorExponential.evaluate(x)
      for lane in 0..<16 {
        let exact = exp(Double(x[lane]))
        let error = abs(Double(y[lane]) - exact) / exact
        if !(error <= worst) { worst = error }
      }
    }
    #expect(worst < 8e-8)
    // Rounding a result to Float alone can cost 6 · 10⁻⁸.
    #expect(worst > 1e-8)
  }

  @Test("is exact at zero, and saturates")
  func edges() {
    func value(_ x: Float) -> Float {
      let lanes = VectorExponential.evaluate(SIMD16(repeating: x))
      #expect((1..<16).allSatisfy { lanes[$0].bitPattern == lanes[0].bitPattern })
      return lanes[0]
    }
    #expect(value(0) == 1)
    #expect(value(-0.0) == 1)
    #expect(value(.leastNonzeroMagnitude) == 1)
    for x: Float in [-87.301, -88.7, -103, -200, -1e30, -.greatestFiniteMagnitude, -.infinity] {
      #expect(value(x).bitPattern == 0)
    }
    for x: Float in [88.377, 88.5, 88.7, 88.8, 200, 1e30, .greatestFiniteMagnitude, .infinity] {
      #expect(value(x) == .infinity)
    }
    for x: Float in [-87.3, -87, 87, 88.376] {
      let exact = exp(Double(x))
      #expect(abs(Double(value(x)) - exact) < 8e-8 * exact)
    }
    #expect(value(.nan).isNaN)
  }

  @Test("works on each lane by itself")
  func lanes() {
    var x = SIMD16<Float>()
    for lane in 0..<16 { x[lane] = Float(lane) * 9 - 70 }
    x[3] = .nan
    x[5] = -.infinity
    x[11] = .infinity
    let y = VectorExponential.evaluate(x)
    for lane in 0..<16 {
      let alone = VectorExponential.evaluate(SIMD16(repeating: x[lane]))[0]
      #expect(y[lane].bitPattern == alone.bitPattern)
    }
  }

  @Test("in Double is the C library's")
  func double() {
    var x = SIMD16<Double>()
    for lane in 0..<16 { x[lane] = Double(lane) * 91 - 700.5 }
    x[7] = .infinity
    x[8] = -.infinity
    x[9] = 0
    let y = VectorExponential.evaluate(x)
    for lane in 0..<16 { #expect(y[lane] == exp(x[lane])) }
    #expect(VectorExponential.evaluate(SIMD16<Double>(repeating: .nan))[0].isNaN)
  }
}
