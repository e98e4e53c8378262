/// Operations along the columns of a matrix, sixteen columns at a time.
extension Matrix {
  /// Sets every row to `row` (1 × columns).
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func setRows(to row: Matrix) {
    // self: rows × columns; row: 1 × columns.
    // self[r, c] = row[c]
    enforce(row.count == columns, "a row as wide as the matrix")
    ThreadTeam.shareRows(rows, of: columns) { range, _ in
      for index in range { (elements + index * columns).update(from: row.elements, count: columns) }
    }
  }

  /// Sets this row (1 × columns) to the sums of the columns of `matrix`.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func setColumnSums(of matrix: Matrix) {
    // matrix: rows × columns, row-major; self: 1 × columns.
    // self[c] = Σ over rows of matrix[r, c]
    enforce(count == matrix.columns, "a row as wide as the matrix")
    // Narrow and small matrices are summed at once.
    let pieces = Pieces(of: columns, smallest: matrix.count < 1 << 17 ? columns : 64, unit: 64)
    ThreadTeam.share(pieces.count) { piece, _ in setSums(pieces[piece], of: matrix) }
  }

  /// Sets some elements of this row to the sums of those columns.
  @inline(__always)
  private func setSums(_ range: Range<Int>, of matrix: Matrix) {
    let width = matrix.columns
    let source = matrix.elements
    var column = range.lowerBound
    // Four vectors of a row lie together: one alone would use a cache line of every page that it touches.
    while column + 64 <= range.upperBound {
      var first = SIMD16<Scalar>(repeating: 0)
      var second = SIMD16<Scalar>(repeating: 0)
      var third = SIMD16<Scalar>(repeating: 0)
      var fourth = SIMD16<Scalar>(repeating: 0)
      for row in 0..<matrix.rows {
        let place = source + (row * width + column)
        first += place.vector(at: 0)
        second += place.vector(at: 16)
        third += place.vector(at: 32)
        fourth += place.vector(at: 48)
      }
      elements.store(first, at: column)
      elements.store(second, at: column + 16)
      elements.store(third, at: column + 32)
      elements.store(fourth, at: column + 48)
      column += 64
    }
    while column + 16 <= range.upperBound {
      // Two chains of additions, because one alone would wait for its own latency.
      var even = SIMD16<Scalar>(repeating: 0)
      var odd = SIMD16<Scalar>(repeating: 0)
      var row = 0
      while row + 2 <= matrix.rows {
        even += source.vector(at: row * width + column)
        odd += source.vector(at: (row + 1) * width + column)
        row += 2
      }
      if row < matrix.rows { even += source.vector(at: row * width + column) }
      elements.store(even + odd, at: column)
      column += 16
    }
    while column < range.upperBound {
      var sum: Scalar = 0
      for row in 0..<matrix.rows { sum += source[row * width + column] }
      elements[column] = sum
      column += 1
    }
  }

  /// Sets all elements to `value`.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func fill(with value: Scalar) {
    ThreadTeam.shareScalars(count) { start, count in
      (elements + start).update(repeating: value, count: count)
    }
  }

  /// Copies the elements of a matrix of the same shape.
  public func copy(from other: Matrix) {
    enforce(rows == other.rows && columns == other.columns, "equal shapes")
    ThreadTeam.shareScalars(count) { start, count in
      (elements + start).update(from: other.elements + start, count: count)
    }
  }
}
