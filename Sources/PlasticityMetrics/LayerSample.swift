import LinearAlgebra

/// What a layer did on the probe batch: the material of every ``LayerMetric``.
///
/// Convolutions give a row per sample and position, tokens a row per sample and token (SPEC §6). The matrices
/// are views: their memory must outlive the sample. Intermediate results that several metrics share (sorted
/// units, for instance) are computed once and kept with the sample.
public struct LayerSample {
  /// Samples × units.
  public let activations: Matrix<Double>
  /// The gradient of the loss with respect to ``activations``, of the same shape.
  public let gradients: Matrix<Double>?
  /// Names the stream that draws the rows of capped metrics.
  public let seed: UInt64

  private let cache = Cache()

  /// - Precondition: `gradients`, if given, has the shape of `activations`.
  public init(activations: Matrix<Double>, gradients: Matrix<Double>?, seed: UInt64) {
    if let gradients {
      precondition(
        gradients.rows == activations.rows && gradients.columns == activations.columns,
        "gradients are of the shape of the activations")
    }
    self.activations = activations
    self.gradients = gradients
    self.seed = seed
  }

  private final class Cache {
    var isMeasurable: Bool?
    var moments: UnitMoments?
    var sorted: [Int: SortedUnits] = [:]
  }

  /// Whether there is at least one activation and all are finite.
  var isMeasurable: Bool {
    if let known = cache.isMeasurable { return known }
    let result = activations.count > 0 && activations.isFinite
    cache.isMeasurable = result
    return result
  }

  /// Mean and deviation of every unit over all rows.
  var moments: UnitMoments {
    if let known = cache.moments { return known }
    let result = UnitMoments(of: activations)
    cache.moments = result
    return result
  }

  /// The standardised, sorted values of every unit, from at most `limit` rows.
  func sortedUnits(limit: Int) -> SortedUnits {
    if let known = cache.sorted[limit] { return known }
    let result = withRows(limit: limit) { SortedUnits(of: $0) }
    cache.sorted[limit] = result
    return result
  }

  /// Calls `body` with the activations, or with `limit` rows of them drawn without replacement if there are
  /// more. A smaller limit draws a subset of what a larger one draws.
  func withRows<Result>(limit: Int, _ body: (Matrix<Double>) throws -> Result) rethrows -> Result {
    guard activations.rows > limit else { return try body(activations) }
    let columns = activations.columns
    return try withScratch(rows: limit, columns: columns) { chosen in
      for (target, source) in drawnRows(limit: limit).enumerated() {
        (chosen.elements + target * columns)
          .update(from: activations.elements + source * columns, count: columns)
      }
      return try body(chosen)
    }
  }

  /// The first `limit` entries of a random permutation of the rows: Fisher and Yates, keeping only what moved.
  private func drawnRows(limit: Int) -> [Int] {
    var stream = RandomStream(seed: seed, purpose: "metric rows")
    var moved: [Int: Int] = [:]
    return (0..<limit).map { position in
      let other = position + Int(stream.integer(below: UInt32(activations.rows - position)))
      let drawn = moved[other] ?? other
      moved[other] = moved[position] ?? position
      return drawn
    }
  }
}

/// Calls `body` with a zeroed matrix that lives as long as the call.
func withScratch<Result>(
  rows: Int, columns: Int, _ body: (Matrix<Double>) throws -> Result
) rethrows -> Result {
  let arena = Arena<Double>(capacity: Arena<Double>.footprint(rows: rows, columns: columns))
  return try withExtendedLifetime(arena) { try body(arena.take(rows: rows, columns: columns)) }
}

extension Matrix<Double> {
  /// Whether no element is NaN or infinite.
  var isFinite: Bool {
    // x − x is zero exactly for finite x, and the sum keeps a NaN: one vectorised pass without branches.
    var sum = SIMD8<Double>()
    let whole = count / 8 * 8
    for start in stride(from: 0, to: whole, by: 8) {
      let lanes = UnsafeRawPointer(elements + start).loadUnaligned(as: SIMD8<Double>.self)
      sum += lanes - lanes
    }
    return sum.sum() == 0 && (whole..<count).allSatisfy { elements[$0].isFinite }
  }
}
