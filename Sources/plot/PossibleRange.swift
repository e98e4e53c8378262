import Charting
import Figures

/// The values that a quantity can have. Confidence intervals of the mean know nothing of it: that of a few shares near 0
/// reaches below, where there is nothing. Drawings leave that part out; tables and claims have it.
enum PossibleRange {
  private static let share = 0.0...1.0
  private static let amount = 0.0...Double.infinity
  private static let likeness = -Double.infinity...1.0
  private static let anything = -Double.infinity...Double.infinity

  /// By metrics of runs, and by curves of computed tables.
  static let quantities: [String: ClosedRange<Double>] = [
    "trainingLoss": amount, "validationLoss": amount, "trainingAccuracy": share,
    "trainingAccuracyOfAll": share,
    "validationAccuracy": share, "cleanTrainingAccuracy": share,

    "deadFraction": share, "duplicateFraction": share, "saturatedFraction": share, "effectiveRank": amount,
    "stableRank": amount, "nonGaussianity": anything, "kolmogorovSmirnov": share, "andersonDarling": anything,
    "excessKurtosis": anything, "unitMean": anything, "unitStandardDeviation": amount,
    "cloningR2": likeness, "cloningR2Backward": likeness, "cloningR2Released": likeness,
    "cloningR2ReleasedBackward": likeness,

    "loss": amount, "evaluationLoss": amount, "potentialEffectiveRank": amount,
    "potentialDuplicateFraction": share,

    "train": share, "test": share, "rank": amount, "dead-units": share, "dead-within": share,
    "dead-points": share, "dead-pairs-before": share, "dead-images-before": share,
  ]

  /// What the points of a series can be; nil if any number.
  static func of(_ series: SeriesSpecification) -> ClosedRange<Double>? {
    guard let name = series.metric ?? series.curve.map(quantity(ofCurve:)), let range = quantities[name],
      range != anything
    else { return nil }
    guard series.minus != nil else { return range }
    let width = range.upperBound - range.lowerBound
    return width.isFinite ? -width...width : nil
  }

  /// Of a curve over the last readings or tasks, the quantity that these are of.
  private static func quantity(ofCurve curve: String) -> String {
    for prefix in ["last-", "late-"] where curve.hasPrefix(prefix) {
      return String(curve.dropFirst(prefix.count))
    }
    return curve
  }

  /// The value below which none of the series goes, if all of them have one. Differences have none: the worst of one beside
  /// the best of the other is nothing to begin at.
  static func floor(of series: [SeriesSpecification]) -> Double? {
    let floors = series.map { $0.minus == nil ? of($0)?.lowerBound ?? -.infinity : -.infinity }
    return floors.min().flatMap { $0.isFinite ? $0 : nil }
  }
}

extension FigureData.Point {
  /// The interval as far as there can be values.
  func interval(within range: ClosedRange<Double>?) -> Interval {
    guard let range else { return Interval(low, high) }
    // The mean is a value that there was, give or take rounding.
    return Interval(max(low, min(range.lowerBound, y)), min(high, max(range.upperBound, y)))
  }
}
