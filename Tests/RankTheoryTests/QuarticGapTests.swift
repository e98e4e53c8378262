import Activations
import LinearAlgebra
import Testing

@testable import RankTheory

@Suite struct QuarticGapTests {
  @Test func aGridIsEvenAndHoldsItsEnds() {
    #expect(QuarticGap.grid(count: 5) == [-1, -0.5, 0, 0.5, 1])
  }

  @Test(arguments: ScalarActivation.all.map(\.name))
  func theBoundHoldsAndIsStrictInside(name: String) throws {
    let kernel = try #require(InterpolatedKernels.all[name])
    let strength = kernel.standardized.decorrelationStrength
    let curve = QuarticGap.curve(
      decorrelationStrength: strength, on: QuarticGap.grid(count: 401), kernel: kernel.value(at:))
    #expect(curve.allSatisfy { $0.gap - $0.bound > -1e-9 })
    let inside = curve.filter { abs($0.correlation) > 0 && abs($0.correlation) < 1 }
    if name == "linear" {
      #expect(inside.allSatisfy { abs($0.gap) < 1e-12 })
    } else if name == "square" {
      // Nothing but a bend: K(ρ) = ρ², and the bound is met everywhere.
      #expect(inside.allSatisfy { abs($0.gap - $0.bound) < 1e-9 })
    } else {
      // The excess is at least r²(1 − c₁²) c₁² (1 − r)², see the proof; half of it is left for rounding.
      let linear = 1 - strength
      let isStrict = inside.allSatisfy { point in
        let r = abs(point.correlation)
        return point.gap - point.bound > 0.5 * r * r * strength * linear * (1 - r) * (1 - r)
      }
      #expect(isStrict)
    }
    for end in [curve[200], curve[400]] { #expect(abs(end.gap - end.bound) < 1e-9) }
    // At −1 only an odd or an even activation leaves no gap: K(−1) = E[f(x) f(−x)].
    let hasParity = ["linear", "tanh", "sigmoid", "sine", "sign", "erf", "square"].contains(name)
    #expect((abs(curve[0].gap) < 1e-9) == hasParity)
  }

  @Test func aKernelThatDecorrelatesTooLittleViolatesTheBound() {
    // ρ claims to be the kernel of an activation with δ = ½: the bound is missed by ρ²(1 − ρ²) / 2.
    let grid = QuarticGap.grid(count: 1001)
    let violation = QuarticGap.largestViolation(decorrelationStrength: 0.5, on: grid, kernel: { $0 })
    #expect(abs(violation - 0.125) < 1e-6)
  }

  /// The upper bound |K| ≤ |K_N| + tail · |ρ|^(N+1) takes the place of K.
  @Test func theBoundHoldsForRandomModulations() throws {
    var stream = RandomStream(seed: 3, purpose: "random modulations")
    let grid = QuarticGap.grid(count: 41)
    var largest = -Double.infinity
    var largestStrengthError = 0.0
    for index in 0..<2000 {
      let base = ScalarActivation.all[index % ScalarActivation.all.count]
      let activation = base.modulated(
        scale: 0.1 + 3.9 * stream.uniform(), bias: -2.5 + 5 * stream.uniform())
      let expansion = HermiteExpansion(try StandardizedActivation(activation), degree: 12)
      let linear = expansion.coefficients[1] * expansion.coefficients[1]
      // Σ c_k² ≤ 1, up to rounding.
      largestStrengthError = max(largestStrengthError, -expansion.tailMass)
      let violation = QuarticGap.largestViolation(decorrelationStrength: 1 - linear, on: grid) {
        correlation in
        var tail = abs(expansion.tailMass)
        for _ in 0...expansion.degree { tail *= abs(correlation) }
        return abs(expansion.kernel(at: correlation)) + tail
      }
      largest = max(largest, violation)
    }
    #expect(largest <= 1e-9)
    #expect(largestStrengthError < 1e-10)
  }

  /// Quadrature knows nothing of the series from which the lemma follows.
  @Test func theBoundHoldsForRandomModulationsByQuadrature() throws {
    var stream = RandomStream(seed: 5, purpose: "random modulations by quadrature")
    for index in 0..<24 {
      let base = ScalarActivation.all[index % ScalarActivation.all.count]
      let standardized = try StandardizedActivation(
        base.modulated(scale: 0.2 + 3 * stream.uniform(), bias: -2 + 4 * stream.uniform()))
      let violation = QuarticGap.largestViolation(
        decorrelationStrength: standardized.decorrelationStrength, on: [-1 + 2 * stream.uniform()],
        kernel: CorrelationKernel(standardized).quadrature(at:))
      #expect(violation <= 1e-9, "\(standardized.activation.name)")
    }
  }
}
