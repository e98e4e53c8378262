import LinearAlgebra

/// Sorts the columns of a matrix, eight at a time, by Batcher's merge exchange (Knuth, TAOCP vol. 3, 5.2.2,
/// algorithm M): the comparisons do not depend on the data, so that a vector register sorts a column a lane.
enum SortingNetwork {
  /// Sorts every column of `matrix` in ascending order, in place. No element may be NaN.
  static func sortColumns(of matrix: Matrix<Double>) {
    let rows = matrix.rows
    let columns = matrix.columns
    withUnsafeTemporaryAllocation(of: SIMD8<Double>.self, capacity: max(rows, 1)) { lanes in
      guard let block = lanes.baseAddress else { return }
      for first in stride(from: 0, to: columns, by: 8) {
        let width = min(8, columns - first)
        for row in 0..<rows {
          var values = SIMD8<Double>()
          for lane in 0..<width { values[lane] = matrix[row, first + lane] }
          (block + row).initialize(to: values)
        }
        sort(block, count: rows)
        for row in 0..<rows {
          for lane in 0..<width { matrix[row, first + lane] = block[row][lane] }
        }
      }
    }
  }

  /// Sorts `count` vectors lane by lane.
  private static func sort(_ values: UnsafeMutablePointer<SIMD8<Double>>, count: Int) {
    guard count > 1 else { return }
    let top = 1 << (Int.bitWidth - 1 - (count - 1).leadingZeroBitCount)
    var bit = top
    while bit > 0 {
      var spread = top
      var remainder = 0
      var distance = bit
      while true {
        // The indices with `index & bit == remainder` come in runs of `bit`.
        var start = remainder
        while start < count - distance {
          for index in start..<min(start + bit, count - distance) {
            let low = values[index]
            let high = values[index + distance]
            let swapped = high .< low
            values[index] = low.replacing(with: high, where: swapped)
            values[index + distance] = high.replacing(with: low, where: swapped)
          }
          start += 2 * bit
        }
        if spread == bit { break }
        distance = spread - bit
        spread >>= 1
        remainder = bit
      }
      bit >>= 1
    }
  }
}
