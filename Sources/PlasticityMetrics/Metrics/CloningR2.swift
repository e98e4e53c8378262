import LinearAlgebra

/// How well the copies of a unit agree, by the paper's text: 1 − Var(residual) / Var(total), of samples that may
/// come in parts.
///
/// The predictor of an element is the mean over the `factor` copies of its unit in the same sample (copies are
/// adjacent columns: unit i is columns `factor`·i … `factor`·i + `factor` − 1). The text leaves the pooling
/// open; here both variances are sums over all samples: of squared deviations from the predictor, and of
/// squared deviations from the sample's mean over all units of the layer. Centring within the sample asks how
/// much of the diversity *between units* the copies share, and samples with larger activations weigh more. A
/// layer whose units are all equal in every sample has R² = 1.
public struct CloningR2 {
  private let factor: Int
  private var residual = 0.0
  private var total = 0.0

  /// - Parameter factor: copies of each unit.
  public init(factor: Int) { self.factor = factor }

  /// Takes in more samples.
  ///
  /// - Parameter values: samples × units; activations for the forward score, gradients for the backward score.
  /// - Precondition: the columns are a multiple of `factor`.
  public mutating func add<Scalar: Real>(_ values: Matrix<Scalar>) {
    CopyDeviations.forEach(in: values, factor: factor) { between, within in
      total += between
      residual += within.reduce(0, +)
    }
  }

  /// A value in [0, 1] (up to rounding); 1 if and only if all copies are equal.
  public var value: Double { total > 0 ? 1 - residual / total : 1 }
}

/// How well the copies of a unit agree, by the paper's released code: 1 − mean over samples and units of the
/// standard deviation over the unit's copies ÷ the standard deviation over all units of the sample, both
/// unbiased. Samples may come in parts.
///
/// Being a ratio of deviations, not variances, it is further from 1 than ``CloningR2`` for the same disagreement. A
/// sample whose units are all equal contributes ratios of 0.
public struct CloningR2Released {
  private let factor: Int
  private var ratios = 0.0
  private var count = 0

  /// - Parameter factor: copies of each unit.
  public init(factor: Int) { self.factor = factor }

  /// Takes in more samples, as ``CloningR2/add(_:)``.
  public mutating func add<Scalar: Real>(_ values: Matrix<Scalar>) {
    guard factor > 1 else { return }
    let columns = values.columns
    CopyDeviations.forEach(in: values, factor: factor) { between, within in
      count += within.count
      guard between > 0 else { return }
      let scale = Double(columns - 1) / (between * Double(factor - 1))
      for deviation in within { ratios += (deviation * scale).squareRoot() }
    }
  }

  /// At most 1, which it is if all copies are equal.
  public var value: Double { count > 0 ? 1 - ratios / Double(count) : 1 }
}

/// ``CloningR2`` of samples × units.
public func cloningR2(_ values: Matrix<Double>, factor: Int) -> Double {
  var score = CloningR2(factor: factor)
  score.add(values)
  return score.value
}

/// ``CloningR2Released`` of samples × units.
public func cloningR2Released(_ values: Matrix<Double>, factor: Int) -> Double {
  var score = CloningR2Released(factor: factor)
  score.add(values)
  return score.value
}

/// The loop that both scores share.
private enum CopyDeviations {
  /// Calls `body` for every sample with the sum of squared deviations of its elements from their mean, and with
  /// the sum of squared deviations of each unit's copies from their own mean.
  static func forEach<Scalar: Real>(
    in values: Matrix<Scalar>, factor: Int,
    _ body: (_ between: Double, _ within: UnsafeMutableBufferPointer<Double>) -> Void
  ) {
    enforce(factor > 0 && values.columns % factor == 0, "the columns are a multiple of the factor")
    let pieces = DoublePieces(rows: values.rows, columns: values.columns)
    let height = pieces.height
    defer { withExtendedLifetime(pieces) {} }
    withUnsafeTemporaryAllocation(of: Double.self, capacity: values.columns / factor) { within in
      within.initialize(repeating: 0)
      for first in stride(from: 0, to: values.rows, by: height) {
        let piece = pieces.piece(of: values, first: first, count: min(height, values.rows - first))
        for sample in 0..<piece.rows {
          let row = piece.elements + sample * piece.columns
          measureCopies(row, factor: factor, into: within)
          body(squaredDeviations(row, count: piece.columns), within)
        }
      }
    }
  }

  @inline(__always)
  private static func measureCopies(
    _ row: UnsafeMutablePointer<Double>, factor: Int, into within: UnsafeMutableBufferPointer<Double>
  ) {
    guard factor == 2 else {
      for unit in 0..<within.count {
        within[unit] = squaredDeviations(row + unit * factor, count: factor)
      }
      return
    }
    for unit in 0..<within.count {
      let difference = row[2 * unit + 1] - row[2 * unit]
      within[unit] = 0.5 * difference * difference
    }
  }

  /// The sum of squared deviations from the mean, from the first value on: exactly zero for equal values.
  @inline(__always)
  private static func squaredDeviations(_ values: UnsafeMutablePointer<Double>, count: Int) -> Double {
    guard count > 0 else { return 0 }
    let origin = values[0]
    var sums = SIMD16<Double>(repeating: 0)
    var index = 0
    while index + 16 <= count {
      sums += values.vector(at: index) - origin
      index += 16
    }
    var shift = sums.laneSum
    for index in index..<count { shift += values[index] - origin }
    shift /= Double(count)
    var squares = SIMD16<Double>(repeating: 0)
    index = 0
    while index + 16 <= count {
      let deviations = (values.vector(at: index) - origin) - shift
      squares += deviations * deviations
      index += 16
    }
    var result = squares.laneSum
    for index in index..<count {
      let deviation = (values[index] - origin) - shift
      result += deviation * deviation
    }
    return result
  }
}
