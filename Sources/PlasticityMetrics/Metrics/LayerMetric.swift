/// A number that says how plastic one layer is.
public protocol LayerMetric: Sendable {
  /// The name that `metrics.csv` prints.
  var name: String { get }

  /// What takes in `sample`'s rows for this metric, part by part. What several metrics need, the sample gathers
  /// once for all: it is asked for here.
  func makeReading(of sample: LayerSample) -> any LayerReading
}

/// A metric while a layer's rows go by.
public protocol LayerReading: AnyObject {
  /// Takes in the next rows.
  func add(_ rows: LayerRows)

  /// The metric of all rows, or nil where it is not defined: no gradients where they are needed, gradients that
  /// are not finite, or too few rows. Asked only of samples with at least one activation, all of them finite.
  ///
  /// - Throws: `SingularValueError` if a decomposition does not converge.
  func value(of sample: LayerSample) throws -> Double?
}

/// A metric of what the sample gathers anyway, with nothing of its own to take in.
protocol GatheredMetric: LayerMetric {
  /// Asks the sample for what ``value(of:)`` needs.
  func prepare(_ sample: LayerSample)

  /// As ``LayerReading/value(of:)``.
  func value(of sample: LayerSample) throws -> Double?
}

extension GatheredMetric {
  public func makeReading(of sample: LayerSample) -> any LayerReading {
    prepare(sample)
    return GatheredReading(metric: self)
  }
}

private final class GatheredReading: LayerReading {
  private let metric: any GatheredMetric

  init(metric: any GatheredMetric) { self.metric = metric }

  func add(_ rows: LayerRows) {}

  func value(of sample: LayerSample) throws -> Double? { try metric.value(of: sample) }
}

/// The thresholds and caps of the metrics (paper, appendix B.1.2).
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
