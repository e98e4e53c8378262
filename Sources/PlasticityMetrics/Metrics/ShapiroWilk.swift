import Foundation

/// The weights of the Shapiro–Wilk statistic, by P. Royston, "Remark AS R94: a remark on algorithm AS 181: the
/// W-test for normality", Applied Statistics 44 (1995): the two outermost weights by polynomials in 1/√n, the
/// others from approximate normal order statistics.
enum ShapiroWilk {
  /// The sizes for which the approximation is valid.
  static let sizes = 3...5000

  private static let outermost = [0, 0.221157, -0.147981, -2.07119, 4.434685, -2.706056]
  private static let second = [0, 0.042981, -0.293762, -1.752461, 5.682633, -3.582633]

  /// Antisymmetric weights of unit norm for `count` sorted observations, the negative ones first: W is
  /// (Σ aᵢ xᵢ)² / Σ (xᵢ − x̄)².
  ///
  /// Precondition: `count` is in ``sizes``.
  static func weights(count: Int) -> [Double] {
    precondition(sizes.contains(count), "Shapiro–Wilk weights are known for 3 to 5,000 observations")
    let half = count / 2
    // The upper half, the largest first.
    var upper = [Double](repeating: 0, count: half)
    if count == 3 {
      upper[0] = 0.5.squareRoot()
    } else {
      let scores = (0..<half).map {
        -NormalDistribution.quantile((Double($0) + 0.625) / (Double(count) + 0.25))
      }
      let squares = 2 * scores.reduce(0) { $0 + $1 * $1 }
      let norm = squares.squareRoot()
      let root = 1 / Double(count).squareRoot()
      upper[0] = polynomial(outermost, at: root) + scores[0] / norm
      var fixed = 1
      var rest = squares - 2 * scores[0] * scores[0]
      var room = 1 - 2 * upper[0] * upper[0]
      if count > 5 {
        upper[1] = polynomial(second, at: root) + scores[1] / norm
        rest -= 2 * scores[1] * scores[1]
        room -= 2 * upper[1] * upper[1]
        fixed = 2
      }
      let factor = (room / rest).squareRoot()
      for index in fixed..<half { upper[index] = scores[index] * factor }
    }
    let middle = [Double](repeating: 0, count: count % 2)
    return upper.map { -$0 } + middle + upper.reversed()
  }

  private static func polynomial(_ coefficients: [Double], at point: Double) -> Double {
    coefficients.reversed().reduce(0) { $0 * point + $1 }
  }
}

/// The standard normal distribution.
enum NormalDistribution {
  /// The point below which the distribution has `probability`, by Newton's method with Halley's correction to
  /// rounding.
  ///
  /// Precondition: `probability` is in (0, 1/2]; the other half follows by symmetry.
  static func quantile(_ probability: Double) -> Double {
    precondition(probability > 0 && probability <= 0.5)
    // Start: Abramowitz and Stegun 26.2.23, good to 4.5e-4.
    let t = (-2 * log(probability)).squareRoot()
    let numerator = 2.515517 + t * (0.802853 + t * 0.010328)
    var point = numerator / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) - t
    for _ in 0..<2 {
      let excess = 0.5 * erfc(-point * 0.5.squareRoot()) - probability
      let step = excess * (2 * Double.pi).squareRoot() * exp(0.5 * point * point)
      point -= step / (1 + 0.5 * point * step)
    }
    return point
  }
}
