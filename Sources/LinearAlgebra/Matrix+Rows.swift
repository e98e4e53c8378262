/// Views of rows, and what can be done with their elements without pointers.
extension Matrix {
  /// The same memory seen as its first `rows` rows. Precondition: `rows` lies in 0 … `self.rows`.
  public func prefix(rows: Int) -> Matrix {
    enforce(rows >= 0 && rows <= self.rows, "a view of rows that are there")
    return Matrix(elements: elements, rows: rows, columns: columns)
  }

  /// The same memory seen as some of its rows. Precondition: they are there.
  public func rows(_ range: Range<Int>) -> Matrix {
    enforce(range.lowerBound >= 0 && range.upperBound <= rows, "a view of rows that are there")
    return Matrix(elements: elements + range.lowerBound * columns, rows: range.count, columns: columns)
  }

  /// Calls `body` with the elements of a row, which hold during the call. Precondition: the row is there.
  @inlinable
  @inline(__always)
  public func withRow<Result>(
    _ row: Int, _ body: (UnsafeMutableBufferPointer<Scalar>) throws -> Result
  ) rethrows -> Result {
    enforce(row >= 0 && row < rows, "a row that is there")
    return try body(UnsafeMutableBufferPointer(start: elements + row * columns, count: columns))
  }

  /// Whether both begin at the same place in memory, with rows of the same width.
  public func isView(of other: Matrix) -> Bool {
    elements == other.elements && columns == other.columns
  }

  /// Copies scalars from memory that may lie at any address. Precondition: it holds as many as the matrix.
  public func copy(from bytes: UnsafeRawBufferPointer) {
    enforce(bytes.count == count * MemoryLayout<Scalar>.stride, "as many bytes as the matrix has")
    UnsafeMutableRawBufferPointer(buffer).copyMemory(from: bytes)
  }
}
