import LinearAlgebra

/// Between images of channels side by side and images of one channel after another.
enum TransposeKernels {
  /// `out[column][row] ← input[row][column]`.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func transpose<Scalar: Real>(
    _ input: UnsafeMutablePointer<Scalar>, rows: Int, columns: Int, into out: UnsafeMutablePointer<Scalar>
  ) {
    // input: rows × columns, out: columns × rows, both row-major.
    // out[c, r] = input[r, c]
    // Tiles of 16 × 16, so that a cache line that is read or written in part is still there for the rest.
    var top = 0
    while top < rows {
      let bottom = min(top + 16, rows)
      var left = 0
      while left < columns {
        let right = min(left + 16, columns)
        for column in left..<right {
          for row in top..<bottom { out[column * rows + row] = input[row * columns + column] }
        }
        left = right
      }
      top = bottom
    }
  }

  /// The same for elements that are groups of `group` scalars.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func transpose<Scalar: Real>(
    _ input: UnsafeMutablePointer<Scalar>, rows: Int, columns: Int, group: Int,
    into out: UnsafeMutablePointer<Scalar>
  ) {
    // input: (rows, columns, group), out: (columns, rows, group), both row-major.
    // out[c, r, g] = input[r, c, g]
    guard group > 1 else { return transpose(input, rows: rows, columns: columns, into: out) }
    for row in 0..<rows {
      for column in 0..<columns {
        let source = input + (row * columns + column) * group
        let target = out + (column * rows + row) * group
        for index in 0..<group { target[index] = source[index] }
      }
    }
  }
}
