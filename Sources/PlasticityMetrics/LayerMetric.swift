/// A number that says how plastic one layer is.
public protocol LayerMetric: Sendable {
  /// The name that `metrics.csv` prints.
  var name: String { get }

  /// The metric of `sample`, or nil where it is not defined: an empty sample, elements that are not finite, no
  /// gradients where they are needed, or too few samples.
  ///
  /// - Throws: `SingularValueError` if a decomposition does not converge.
  func value(for sample: LayerSample) throws -> Double?
}

/// The thresholds and caps of the metrics (paper, appendix B.1; SPEC §7).
public struct MetricThresholds: Hashable, Sendable, Codable {
  /// An activation of smaller magnitude is silent.
  public var deadMagnitude = 1e-7
  /// A unit is dead if it is silent in more than this share of the samples.
  public var deadShare = 0.95
  /// Two units are duplicates if the cosine between their activations is above this.
  public var duplicateCosine = 0.95
  /// A gradient is vanishing if its ratio to the unit's mean absolute activation is below this.
  public var saturatedRatio = 1e-4
  /// A unit is saturated if its gradient vanishes in more than this share of the samples.
  public var saturatedShare = 0.99
  /// The most rows that the spectra (effective and stable rank) are taken from.
  public var spectrumRows = 1024
  /// The most rows that the measures of Gaussian shape are taken from; at most 5,000, where the Shapiro–Wilk
  /// weights are valid.
  public var shapeRows = 1000

  public init() {}
}

/// The metrics by name: a new metric is one file and one line here.
public enum LayerMetricRegistry {
  /// All metrics, in the order of the columns of `metrics.csv`.
  public static func standard(thresholds: MetricThresholds = MetricThresholds()) -> [any LayerMetric] {
    [
      DeadFraction(thresholds: thresholds),
      DuplicateFraction(thresholds: thresholds),
      SaturatedFraction(thresholds: thresholds),
      EffectiveRank(thresholds: thresholds),
      StableRank(thresholds: thresholds),
      NonGaussianity(thresholds: thresholds),
      KolmogorovSmirnov(thresholds: thresholds),
      AndersonDarling(thresholds: thresholds),
      ExcessKurtosis(thresholds: thresholds),
      UnitMean(),
      UnitStandardDeviation(),
    ]
  }
}
