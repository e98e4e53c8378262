import Activations
import Glibc

/// A correlation kernel that costs about a hundred nanoseconds a value: K(cos θ) as a Chebyshev series in θ.
///
/// dK/dθ is smooth on [0, π] even where φ jumps or bends (by Price's theorem a jump at b contributes
/// −exp(−b² / (2 cos²(θ/2))) / 2π), whereas dK/dρ is not: the series converges fast for every activation.
public struct InterpolatedKernel: Sendable {
  public let standardized: StandardizedActivation
  /// The coefficients of T_k(2θ/π − 1).
  let coefficients: [Double]
  /// The size of the last coefficients, an estimate of the error of a value.
  public let estimatedError: Double

  /// Doubles the number of quadratures until the last coefficients are below `tolerance`, from 17 to 257.
  ///
  /// The slowest is a jump beside zero, at b: dK/dθ turns within b of θ = π.
  public init(_ standardized: StandardizedActivation, tolerance: Double = 1e-11) {
    self.standardized = standardized
    let kernel = CorrelationKernel(standardized)
    let exact = standardized.activation.closedFormKernel
    let value = { (angle: Double) in exact?(cos(angle)) ?? kernel.quadrature(at: cos(angle)) }
    var values = Self.angles(16).map(value)
    while true {
      let series = Self.series(through: values)
      let error = series.suffix(4).reduce(0) { max($0, abs($1)) }
      if error < tolerance || values.count > 256 {
        coefficients = series
        estimatedError = error
        return
      }
      // The finer grid holds the coarser one.
      let finer = Self.angles(2 * (values.count - 1))
      values = finer.indices.map { $0 % 2 == 0 ? values[$0 / 2] : value(finer[$0]) }
    }
  }

  /// K(ρ). Precondition: `-1 <= correlation <= 1`.
  public func value(at correlation: Double) -> Double {
    precondition(abs(correlation) <= 1, "a correlation from −1 to 1")
    let t = 2 * acos(correlation) / .pi - 1
    // Clenshaw's recurrence.
    var next = 0.0
    var current = 0.0
    for k in stride(from: coefficients.count - 1, to: 0, by: -1) {
      (current, next) = (coefficients[k] + 2 * t * current - next, current)
    }
    return coefficients[0] + t * current - next
  }

  /// The angles θ at the extrema of T_n, from t = 1 (θ = π) to t = −1 (θ = 0).
  private static func angles(_ n: Int) -> [Double] {
    (0...n).map { 0.5 * .pi * (1 + cos(.pi * Double($0) / Double(n))) }
  }

  /// The Chebyshev coefficients of the polynomial through the values at the extrema of T_n.
  private static func series(through values: [Double]) -> [Double] {
    let n = values.count - 1
    return (0...n).map { k in
      var sum = 0.0
      for j in 0...n {
        let share = j == 0 || j == n ? 0.5 : 1
        sum += share * values[j] * cos(.pi * Double(j * k % (2 * n)) / Double(n))
      }
      return sum * (k == 0 || k == n ? 1 : 2) / Double(n)
    }
  }
}
