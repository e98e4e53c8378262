import Activations

/// The strengths of one modulated activation φ(scale · x + bias) (section A.2, Figures A.2 and A.3).
public struct ModulationPoint: Sendable, Equatable {
  public let scale: Double
  public let bias: Double
  /// δ, 0 to 1; nil where the modulated activation is constant for every input that occurs.
  public let decorrelationStrength: Double?
  /// α = K′(1) − 1, at least 0 (+∞ for a discontinuous activation); nil where δ is.
  public let slopeExcess: Double?
  /// P(|φ′_{a,b}(x)| < ε), 0 to 1.
  public let frozenProbability: Double

  /// - Throws: ``RankTheoryError/notFinite(name:)``.
  public init(
    _ activation: ScalarActivation, scale: Double, bias: Double,
    threshold: Double = FrozenProbability.defaultThreshold
  ) throws(RankTheoryError) {
    self.scale = scale
    self.bias = bias
    do {
      let standardized = try StandardizedActivation(activation.modulated(scale: scale, bias: bias))
      decorrelationStrength = standardized.decorrelationStrength
      slopeExcess = standardized.slopeExcess
    } catch .constantActivation {
      decorrelationStrength = nil
      slopeExcess = nil
    } catch {
      throw error
    }
    frozenProbability = FrozenProbability.exact(
      activation, scale: scale, bias: bias, threshold: threshold)
  }

  /// The points of a grid, scale by scale and within a scale bias by bias.
  ///
  /// Figure A.2 is `grid(.reLU, scales: [1], biases: …)` and `grid(.tanh, scales: …, biases: [0])`.
  /// - Throws: ``RankTheoryError/notFinite(name:)``.
  public static func grid(
    _ activation: ScalarActivation, scales: [Double], biases: [Double],
    threshold: Double = FrozenProbability.defaultThreshold
  ) throws(RankTheoryError) -> [ModulationPoint] {
    var points: [ModulationPoint] = []
    points.reserveCapacity(scales.count * biases.count)
    for scale in scales {
      for bias in biases {
        points.append(
          try ModulationPoint(activation, scale: scale, bias: bias, threshold: threshold))
      }
    }
    return points
  }
}
