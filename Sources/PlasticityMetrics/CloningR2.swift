import LinearAlgebra

/// How well the copies of a unit agree, by the paper's text: 1 − Var(residual) / Var(total).
///
/// The predictor of an element is the mean over the `factor` copies of its unit in the same sample (copies are
/// adjacent columns: unit i is columns `factor`·i … `factor`·i + `factor` − 1). The text leaves the pooling
/// open; here both variances are sums over all samples: of squared deviations from the predictor, and of
/// squared deviations from the sample's mean over all units of the layer. Centring within the sample asks how
/// much of the diversity *between units* the copies share, and samples with larger activations weigh more. A
/// layer whose units are all equal in every sample has R² = 1.
///
/// - Parameters:
///   - values: samples × units; activations for the forward score, gradients for the backward score.
///   - factor: copies of each unit.
/// - Returns: a value in [0, 1] (up to rounding); 1 if and only if all copies are equal.
/// - Precondition: the columns are a multiple of `factor`.
public func cloningR2(_ values: Matrix<Double>, factor: Int) -> Double {
  var residual = 0.0
  var total = 0.0
  forEachDeviation(in: values, factor: factor) { between, within in
    total += between
    residual += within.reduce(0, +)
  }
  return total > 0 ? 1 - residual / total : 1
}

/// How well the copies of a unit agree, by the paper's released code: 1 − mean over samples and units of the
/// standard deviation over the unit's copies ÷ the standard deviation over all units of the sample, both
/// unbiased.
///
/// Being a ratio of deviations, not variances, it is further from 1 than ``cloningR2(_:factor:)`` for the same
/// disagreement. A sample whose units are all equal contributes ratios of 0.
///
/// Parameters and precondition as for ``cloningR2(_:factor:)``.
public func cloningR2Released(_ values: Matrix<Double>, factor: Int) -> Double {
  guard factor > 1, values.count > 0 else { return 1 }
  var ratios = 0.0
  forEachDeviation(in: values, factor: factor) { between, within in
    guard between > 0 else { return }
    let scale = Double(values.columns - 1) / (between * Double(factor - 1))
    for deviation in within { ratios += (deviation * scale).squareRoot() }
  }
  return 1 - ratios / Double(values.rows * (values.columns / factor))
}

/// Calls `body` for every sample with the sum of squared deviations of its elements from their mean, and with
/// the sum of squared deviations of each unit's copies from their own mean.
private func forEachDeviation(
  in values: Matrix<Double>, factor: Int,
  _ body: (_ between: Double, _ within: [Double]) -> Void
) {
  precondition(factor > 0 && values.columns % factor == 0, "the columns are a multiple of the factor")
  var within = [Double](repeating: 0, count: values.columns / factor)
  for sample in 0..<values.rows {
    let row = UnsafeBufferPointer(start: values.elements + sample * values.columns, count: values.columns)
    let between = squaredDeviations(row[...])
    for unit in within.indices {
      within[unit] = squaredDeviations(row[unit * factor..<(unit + 1) * factor])
    }
    body(between, within)
  }
}

/// The sum of squared deviations from the mean, from the first value on: exactly zero for equal values.
private func squaredDeviations(_ values: Slice<UnsafeBufferPointer<Double>>) -> Double {
  guard let origin = values.first else { return 0 }
  let shift = values.reduce(0) { $0 + ($1 - origin) } / Double(values.count)
  return values.reduce(0) { sum, value in
    let deviation = (value - origin) - shift
    return sum + deviation * deviation
  }
}
