import Foundation
import LinearAlgebra
import Testing

@Suite struct VectorReciprocalTests {
  @Test func hasTheErrorThatItStates() {
    var worst = 0.0
    var stream = RandomStream(seed: 1, purpose: "reciprocal")
    for _ in 0..<20_000 {
      let exponent = -37 + 74 * stream.uniform()
      let x = Float(pow(10, exponent))
      let result = VectorReciprocal.evaluate(SIMD16(repeating: x))[3]
      worst = max(worst, abs(Double(result) * Double(x) - 1))
    }
    #expect(worst < 2e-7)
  }
}
