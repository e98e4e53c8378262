import Activations

/// K(ρ) = E[f(x) f(y)], x and y standard normal with correlation ρ, f a standardised activation
/// (Theorem 3.1). K(0) = 0, K(1) = 1, |K(ρ)| ≤ |ρ|.
public struct CorrelationKernel: Sendable {
  public let standardized: StandardizedActivation

  /// The largest |f| at the nodes: a unit that is nearly always dead has its variance in rare, huge values.
  private let peak: Double

  public init(_ standardized: StandardizedActivation) {
    self.standardized = standardized
    peak = standardized.quadrature.nodes.reduce(1) { max($0, abs(standardized.value($1))) }
  }

  /// K(ρ) by integrating over x and over y given x. The error is below 10⁻¹² for
  /// the registered activations and below 10⁻⁹ for a ReLU that is dead up to nine standard deviations.
  ///
  /// y given x is ρx + √(1−ρ²) z. The inner integral has the ends of the activation's panels, seen from z, as
  /// ends of its own, so no kink is ever inside a panel. It is a smooth function of x that turns within
  /// √(1−ρ²) of a kink's image: the outer panels are halved until they resolve that.
  ///
  /// A value costs about a millisecond; for many of them see ``InterpolatedKernel``.
  /// Precondition: `-1 <= correlation <= 1`.
  public func quadrature(at correlation: Double) -> Double {
    precondition(abs(correlation) <= 1, "a correlation from −1 to 1")
    let spread = ((1 - correlation) * (1 + correlation)).squareRoot()
    let reach = GaussianQuadrature.reach
    var edges = standardized.quadrature.panels
    if correlation != 0 {
      // Near ±1 the inner integral turns so fast that the nodes would miss it but for ends beside it.
      for landmark in standardized.activation.landmarks {
        let image = landmark / correlation
        edges += [image - 4 * spread, image, image + 4 * spread].filter { abs($0) < reach }
      }
    }
    let negligible = 1e-17 / peak
    let integrand = { (x: Double) -> SIMD4<Double> in
      let share = Normal.density(x) * standardized.value(x)
      // Out here nothing is left that would show in the sum.
      guard abs(share) > negligible else { return SIMD4() }
      let inner =
        spread > 0
        ? conditionalMean(at: correlation * x, spread: spread) : standardized.value(correlation * x)
      return SIMD4(share * inner, 0, 0, 0)
    }
    return GaussLegendre.resolve(
      edges: edges.sorted(), tolerance: SIMD4(repeating: 1e-13), depth: 30, of: integrand
    ).integral.x
  }

  /// K(ρ) in closed form, where one is known: linear, ReLU, leaky ReLU, sine, sign, erf.
  public func closedForm(at correlation: Double) -> Double? {
    standardized.activation.closedFormKernel?(correlation)
  }

  /// E[f(center + spread · z)].
  private func conditionalMean(at center: Double, spread: Double) -> Double {
    let reach = peak < 1000 ? 9 : GaussianQuadrature.reach
    let widest = 4.5
    var sum = 0.0
    var low = -reach
    for panel in 0...standardized.quadrature.panels.count {
      let isLast = panel == standardized.quadrature.panels.count
      let end = isLast ? reach : min((standardized.quadrature.panels[panel] - center) / spread, reach)
      guard end > low else { continue }
      let parts = ((end - low) / widest).rounded(.up)
      let width = (end - low) / parts
      for part in 0..<Int(parts) {
        let start = low + width * Double(part)
        sum += mean(from: start, to: start + width, center: center, spread: spread)
      }
      low = end
      if low >= reach { break }
    }
    return sum
  }

  /// ∫ density(z) f(center + spread · z) dz over one panel.
  private func mean(from low: Double, to high: Double, center: Double, spread: Double) -> Double {
    let (nodes, weights) = GaussLegendre.rule
    let middle = 0.5 * (low + high)
    let half = 0.5 * (high - low)
    var sum = 0.0
    for index in nodes.indices {
      let z = middle + half * nodes[index]
      sum += weights[index] * Normal.density(z) * standardized.value(center + spread * z)
    }
    return half * sum
  }
}
