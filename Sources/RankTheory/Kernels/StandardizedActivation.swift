import Activations

/// An activation, centred and scaled: f = (φ − E φ) / σ with E[f(z)] = 0 and E[f(z)²] = 1 for z ~ N(0, 1).
///
/// Its moments are integrals of a ``GaussianQuadrature/piecewise(for:)`` rule.
public struct StandardizedActivation: Sendable {
  public let activation: ScalarActivation
  /// E[φ(z)].
  public let mean: Double
  /// √(E[φ(z)²] − E[φ(z)]²), positive.
  public let standardDeviation: Double
  /// c₁ = E[z f(z)], the first Hermite coefficient; −1 to 1.
  public let linearCoefficient: Double
  /// The decorrelation strength δ = 1 − c₁², from 0 (linear) to 1 (Theorem 3.1).
  ///
  /// Computed as E[(f(z) − c₁ z)²], which is the same and does not cancel for nearly linear activations.
  public let decorrelationStrength: Double
  /// The slope of the correlation kernel at one, K′(1) = E[f′(z)²], at least 1;
  /// +∞ for a discontinuous activation.
  public let kernelSlope: Double
  /// α = K′(1) − 1 = E[φ′²] / Var φ − 1 (section A.2), at least 0; +∞ for a discontinuous activation.
  ///
  /// Computed as E[(f′(z) − c₁)²] − δ, which is the same and does not cancel. The sum Σ c_k² (k − 1)
  /// bounds δ by α.
  public let slopeExcess: Double
  /// The rule made for φ.
  public let quadrature: GaussianQuadrature

  /// - Throws: ``RankTheoryError/constantActivation(name:)`` if the variance is zero to the precision of
  ///   `Double`, ``RankTheoryError/notFinite(name:)`` if mean or variance is not finite.
  public init(_ activation: ScalarActivation) throws(RankTheoryError) {
    self.activation = activation
    quadrature = .piecewise(for: activation)
    let values = quadrature.nodes.map { activation.value($0) }
    var mean = 0.0
    var size = 0.0
    for (weight, value) in zip(quadrature.weights, values) {
      mean += weight * value
      size = max(size, abs(value) * weight)
    }
    var variance = 0.0
    for (weight, value) in zip(quadrature.weights, values) {
      variance += weight * (value - mean) * (value - mean)
    }
    guard mean.isFinite, variance.isFinite else { throw .notFinite(name: activation.name) }
    let deviation = variance.squareRoot()
    // Below this the deviation is the rounding of the values.
    guard deviation > 1e-13 * max(abs(mean), size) else { throw .constantActivation(name: activation.name) }
    var linear = 0.0
    for index in values.indices {
      linear += quadrature.weights[index] * quadrature.nodes[index] * (values[index] - mean)
    }
    linear /= deviation
    var strength = 0.0
    var roughness = 0.0
    for index in values.indices {
      let node = quadrature.nodes[index]
      let residual = (values[index] - mean) / deviation - linear * node
      let slope = activation.derivative(node) / deviation - linear
      strength += quadrature.weights[index] * residual * residual
      roughness += quadrature.weights[index] * slope * slope
    }
    self.mean = mean
    standardDeviation = deviation
    linearCoefficient = linear
    decorrelationStrength = min(strength, 1)
    slopeExcess = activation.isDiscontinuous ? .infinity : max(roughness - strength, 0)
    kernelSlope = 1 + slopeExcess
  }

  /// f(x).
  public func value(_ x: Double) -> Double { (activation.value(x) - mean) / standardDeviation }

  /// f′(x).
  public func derivative(_ x: Double) -> Double { activation.derivative(x) / standardDeviation }
}
