import LinearAlgebra

/// The mean over units of the Anderson–Darling statistic A² against a normal distribution with the sample's
/// mean and deviation, divided by its 5 % critical value 0.752 / (1 + 0.75/n + 2.25/n²) (D'Agostino and
/// Stephens 1986, table 4.9) and capped at 10, from at most `shapeRows` rows. A constant unit counts as 10. Not
/// defined below three samples.
struct AndersonDarling: GatheredMetric {
  let name = "andersonDarling"
  let thresholds: MetricThresholds

  /// The largest value of a unit.
  static let cap = 10.0

  func prepare(_ sample: LayerSample) { sample.keepRows(limit: thresholds.shapeRows) }

  func value(of sample: LayerSample) -> Double? {
    guard sample.rows >= 3 else { return nil }
    let units = sample.shapes(limit: thresholds.shapeRows)
    let size = Double(units.count)
    let critical = 0.752 / (1 + 0.75 / size + 2.25 / (size * size))
    let ratios = units.logarithms.map { min(Self.cap, (-size - $0 / size) / critical) }
    return units.mean(of: ratios, worst: Self.cap)
  }
}
