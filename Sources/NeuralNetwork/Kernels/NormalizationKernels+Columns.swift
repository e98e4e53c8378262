import LinearAlgebra

/// Mean and variance of every column.
extension NormalizationKernels {
  /// Sets ``NormalizationTable/center`` to the mean and ``NormalizationTable/variance`` to the biased variance of
  /// every column.
  ///
  /// Each block by its own mean (the difference of mean squares would lose half the digits), joined by the formula
  /// of Chan, Golub and LeVeque (1979).
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func measure<Scalar: Real>(
    _ input: Matrix<Scalar>, into table: NormalizationTable<Scalar>, sums: UnsafeMutablePointer<Scalar>
  ) {
    // input: rows × features, row-major; center, variance: features, overwritten; sums: 2 · shards × features, scratch.
    // center[f] = mean over rows, variance[f] = mean over rows of (input[r, f] − center[f])²
    let width = input.columns
    let shards = RowShards(rows: input.rows, columns: width)
    ThreadTeam.share(shards.count) { shard, _ in
      let means = shard == 0 ? table.center : sums + 2 * shard * width
      let squares = shard == 0 ? table.variance : sums + (2 * shard + 1) * width
      measure(input, rows: shards[shard], means: means, squares: squares)
    }
    for shard in 1..<max(shards.count, 1) {
      let rows = shards[shard]
      join(
        sums + 2 * shard * width, sums + (2 * shard + 1) * width, rows: rows.count, to: table.center,
        table.variance, rows: rows.lowerBound, width: width)
    }
    let share = 1 / Scalar(max(input.rows, 1))
    for column in 0..<width { table.variance[column] *= share }
  }

  /// Sets means and sums of squared differences from the mean of some rows.
  @inline(__always)
  private static func measure<Scalar: Real>(
    _ input: Matrix<Scalar>, rows range: Range<Int>, means: UnsafeMutablePointer<Scalar>,
    squares: UnsafeMutablePointer<Scalar>
  ) {
    // input: rows × features, row-major; means, squares: features.
    let width = input.columns
    means.update(repeating: 0, count: width)
    squares.update(repeating: 0, count: width)
    let block = rowsOfBlock(width: width)
    var first = 0
    while first < range.count {
      let rows = min(block, range.count - first)
      let x = input.elements + (range.lowerBound + first) * width
      let share = 1 / Scalar(rows)
      let weight = Scalar(rows) / Scalar(first + rows)
      let cross = Scalar(first) * weight
      var column = 0
      while column + 16 <= width {
        var even = SIMD16<Scalar>(repeating: 0)
        var odd = SIMD16<Scalar>(repeating: 0)
        var row = 0
        while row + 2 <= rows {
          even += x.vector(at: row * width + column)
          odd += x.vector(at: (row + 1) * width + column)
          row += 2
        }
        if row < rows { even += x.vector(at: row * width + column) }
        let mean = (even + odd) * share
        var square = SIMD16<Scalar>(repeating: 0)
        for row in 0..<rows {
          let difference = x.vector(at: row * width + column) - mean
          square = square.addingProduct(difference, difference)
        }
        let shift = mean - means.vector(at: column)
        means.store(means.vector(at: column) + shift * weight, at: column)
        squares.store(squares.vector(at: column) + square + shift * shift * cross, at: column)
        column += 16
      }
      while column < width {
        var sum: Scalar = 0
        for row in 0..<rows { sum += x[row * width + column] }
        let mean = sum * share
        var square: Scalar = 0
        for row in 0..<rows {
          let difference = x[row * width + column] - mean
          square += difference * difference
        }
        let shift = mean - means[column]
        means[column] += shift * weight
        squares[column] += square + shift * shift * cross
        column += 1
      }
      first += rows
    }
  }

  /// Joins means and sums of squared differences of `rows` rows to those of `earlier` rows.
  private static func join<Scalar: Real>(
    _ means: UnsafeMutablePointer<Scalar>, _ squares: UnsafeMutablePointer<Scalar>, rows: Int,
    to center: UnsafeMutablePointer<Scalar>, _ variance: UnsafeMutablePointer<Scalar>, rows earlier: Int,
    width: Int
  ) {
    // all: features; center and variance change in place (Chan, Golub and LeVeque 1979).
    let weight = Scalar(rows) / Scalar(earlier + rows)
    let cross = Scalar(earlier) * weight
    for column in 0..<width {
      let shift = means[column] - center[column]
      center[column] += shift * weight
      variance[column] += squares[column] + shift * shift * cross
    }
  }
}
