import Foundation
import LinearAlgebra

/// The exponential of the entropy of the normalised singular values, exp(−Σ p log p) with p = σ / Σσ
/// (Roy and Vetterli 2007), of the activations as they are, not centred, from at most `spectrumRows` rows.
///
/// As in the paper's released code 1e-12 is added inside the logarithm and the rank is 0 when Σσ < 1e-9.
struct EffectiveRank: GatheredMetric {
  let name = "effectiveRank"
  let thresholds: MetricThresholds

  func prepare(_ sample: LayerSample) { sample.keepRows(limit: thresholds.spectrumRows) }

  func value(of sample: LayerSample) throws -> Double? {
    try sample.spectrum(limit: thresholds.spectrumRows).effectiveRank
  }

  /// The effective rank of a matrix with these singular values.
  static func value(singularValues: [Double]) -> Double {
    let sum = singularValues.reduce(0, +)
    guard sum >= 1e-9 else { return 0 }
    let entropy = singularValues.reduce(0) { $0 - $1 / sum * log($1 / sum + 1e-12) }
    return exp(entropy)
  }

  /// The effective rank of a matrix whose singular values are known within bounds, or nil if that leaves it open by more
  /// than ``Spectrum/tolerance``.
  ///
  /// The entropy H changes with a singular value by −(log p + H) / Σσ, and H is at most log n. Over a range of σ as wide
  /// as e the logarithm adds up to e · log(Σσ/σ) at the most, σ being its lower end, or if that is near zero to
  /// e · (1 + log(Σσ/e)): the smallest singular values, which squaring may have lost, count for little, but they count.
  static func value(bounded singular: BoundedSingularValues) -> Double? {
    let least = singular.lower.reduce(0, +)
    let most = singular.upper.reduce(0, +)
    guard least >= 1e-9 else { return most < 1e-9 ? 0 : nil }
    let limit = log(Double(singular.values.count))
    var error = 0.0
    for (lower, upper) in zip(singular.lower, singular.upper) where upper > lower {
      let width = upper - lower
      let slope = min(1 + log(most / width), lower > 0 ? log(most / lower) : .infinity)
      error += width * (slope + limit) / least
    }
    return error <= Spectrum.tolerance ? value(singularValues: singular.values) : nil
  }
}
