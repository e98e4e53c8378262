import Activations

/// f = Σ c_k h_k, h_k the orthonormal Hermite polynomials: c_k = E[f(z) h_k(z)], c₀ = 0, Σ c_k² = 1.
public struct HermiteExpansion: Sendable {
  /// c₀ … c_degree.
  public let coefficients: [Double]
  /// Σ c_k² over the degrees left out, at least 0 up to rounding: the error of ``kernel(at:)`` is at most
  /// tailMass · |ρ|^(degree + 1).
  ///
  /// Entire activations leave nothing at degree 64, tanh 1.5 · 10⁻¹⁰; at a kink c_k² falls as k^(−5/2)
  /// and the tail as degree^(−3/2); at a jump they fall as k^(−3/2) and degree^(−1/2).
  public let tailMass: Double

  public var degree: Int { coefficients.count - 1 }

  /// Precondition: `1 <= degree <= 4096`.
  public init(_ standardized: StandardizedActivation, degree: Int = 64) {
    precondition((1...4096).contains(degree), "a degree from 1 to 4096")
    // h_k swings as cos √k x: on panels this wide, 16 nodes integrate it to twelve digits.
    let quadrature = standardized.quadrature.refined(maximumWidth: 10 / Double(degree).squareRoot())
    var sums = [Double](repeating: 0, count: degree + 1)
    for index in quadrature.nodes.indices {
      let node = quadrature.nodes[index]
      let share = quadrature.weights[index] * standardized.value(node)
      HermitePolynomials.forEach(upTo: degree, at: node) { k, value in sums[k] += share * value }
    }
    coefficients = sums
    tailMass = 1 - sums.reduce(0) { $0 + $1 * $1 }
  }

  /// Σ c_k² ρᵏ, Mehler's formula without the tail. `correlation` is ρ, −1 to 1.
  public func kernel(at correlation: Double) -> Double {
    coefficients.reversed().reduce(0) { $0 * correlation + $1 * $1 }
  }

  /// The derivative Σ k c_k² ρᵏ⁻¹ of the kernel.
  public func kernelSlope(at correlation: Double) -> Double {
    var sum = 0.0
    for k in stride(from: degree, to: 0, by: -1) {
      sum = sum * correlation + Double(k) * coefficients[k] * coefficients[k]
    }
    return sum
  }
}
