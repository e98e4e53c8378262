import Charting
import Figures

/// The values that a quantity can have. Confidence intervals of the mean know nothing of it: that of a few shares near 0
/// reaches below, where there is nothing. Drawings leave that part out; tables and claims have it.
enum PossibleRange {
  struct Quantity: Equatable {
    let range: ClosedRange<Double>
    /// Whether it counts something, so that an axis may begin at none of it. Accuracies and losses have no such beginning.
    var isCount = false
  }

  private static let share = Quantity(range: 0...1)
  private static let amount = Quantity(range: 0...Double.infinity)
  private static let likeness = Quantity(range: -Double.infinity...1)
  private static let anything = Quantity(range: -Double.infinity...Double.infinity)
  private static let units = Quantity(range: 0...1, isCount: true)
  private static let rank = Quantity(range: 0...Double.infinity, isCount: true)

  /// By metrics of runs, and by curves of computed tables.
  static let quantities: [String: Quantity] = [
    "trainingLoss": amount, "validationLoss": amount, "trainingAccuracy": share,
    "trainingAccuracyOfAll": share, "validationAccuracy": share, "cleanTrainingAccuracy": share,

    "deadFraction": units, "duplicateFraction": units, "saturatedFraction": units, "effectiveRank": rank,
    "stableRank": rank, "nonGaussianity": anything, "kolmogorovSmirnov": share, "andersonDarling": anything,
    "excessKurtosis": anything, "unitMean": anything, "unitStandardDeviation": amount,
    "cloningR2": likeness, "cloningR2Backward": likeness, "cloningR2Released": likeness,
    "cloningR2ReleasedBackward": likeness,

    "loss": amount, "evaluationLoss": amount, "potentialEffectiveRank": rank,
    "potentialDuplicateFraction": units,

    "train": share, "test": share, "rank": rank, "dead-units": units, "dead-within": units,
    "dead-points": units, "dead-pairs-before": units, "dead-images-before": units,
  ]

  private static func quantity(of series: SeriesSpecification) -> Quantity {
    (series.metric ?? series.curve.map(quantity(ofCurve:))).flatMap { quantities[$0] } ?? anything
  }

  /// What the points of a series can be; nil if any number.
  static func of(_ series: SeriesSpecification) -> ClosedRange<Double>? {
    let quantity = quantity(of: series)
    guard quantity != anything else { return nil }
    guard series.minus != nil else { return quantity.range }
    let width = quantity.range.upperBound - quantity.range.lowerBound
    return width.isFinite ? -width...width : nil
  }

  /// Of a curve over the last readings or tasks, the quantity that these are of.
  private static func quantity(ofCurve curve: String) -> String {
    for prefix in ["last-", "late-"] where curve.hasPrefix(prefix) {
      return String(curve.dropFirst(prefix.count))
    }
    return curve
  }

  /// Where the axis of the series may begin: zero if all of them count something.
  static func floor(of series: [SeriesSpecification]) -> Double? {
    let isCounted = series.allSatisfy { quantity(of: $0).isCount && $0.minus == nil }
    return isCounted && !series.isEmpty ? 0 : nil
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
