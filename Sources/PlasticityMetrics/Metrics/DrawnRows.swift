import LinearAlgebra

/// The rows that capped metrics look at, picked out as the parts of a sample go by: all of them, or if they are
/// too many a number of them drawn without replacement.
final class DrawnRows {
  private let total: Int
  private let seed: UInt64
  /// All rows in their order, or the drawn ones in the order in which they were drawn.
  private let kept: Matrix<Double>
  private let arena: Arena<Double>
  /// Which rows to keep, ascending, and where; nil for all.
  private let wanted: [(row: Int, place: Int)]?
  private var next = 0

  /// - Parameters:
  ///   - total: the rows to draw from.
  ///   - limit: the most rows to keep.
  init(of total: Int, units: Int, limit: Int, seed: UInt64) {
    self.total = total
    self.seed = seed
    let count = min(total, limit)
    arena = Arena(capacity: Arena<Double>.footprint(rows: count, columns: units))
    kept = arena.take(rows: count, columns: units)
    wanted =
      total > limit
      ? Self.draw(limit, of: total, seed: seed).enumerated().map { (row: $1, place: $0) }
        .sorted { $0.row < $1.row } : nil
  }

  /// Keeps what is wanted of the rows from `start` on. Rows come in ascending order.
  func add(_ rows: Matrix<Double>, start: Int) {
    let columns = rows.columns
    guard let wanted else {
      (kept.elements + start * columns).update(from: rows.elements, count: rows.count)
      return
    }
    while next < wanted.count, wanted[next].row < start + rows.rows {
      (kept.elements + wanted[next].place * columns)
        .update(from: rows.elements + (wanted[next].row - start) * columns, count: columns)
      next += 1
    }
  }

  /// Calls `body` with `limit` drawn rows, or with all if there are no more. Precondition: `limit` is not above the
  /// one that rows are kept for.
  func withRows<Result>(limit: Int, _ body: (Matrix<Double>) throws -> Result) rethrows -> Result {
    guard total > limit else { return try body(kept) }
    // Fewer draws are the first of more.
    guard wanted == nil else { return try body(kept.prefix(rows: limit)) }
    let columns = kept.columns
    return try withScratch(rows: limit, columns: columns) { chosen in
      for (target, source) in Self.draw(limit, of: total, seed: seed).enumerated() {
        (chosen.elements + target * columns)
          .update(from: kept.elements + source * columns, count: columns)
      }
      return try body(chosen)
    }
  }

  /// The first `limit` entries of a random permutation of the rows: Fisher and Yates, keeping only what moved.
  private static func draw(_ limit: Int, of total: Int, seed: UInt64) -> [Int] {
    var stream = RandomStream(seed: seed, purpose: "metric rows")
    var moved: [Int: Int] = [:]
    return (0..<limit).map { position in
      let other = position + Int(stream.integer(below: UInt32(total - position)))
      let drawn = moved[other] ?? other
      moved[other] = moved[position] ?? position
      return drawn
    }
  }
}
