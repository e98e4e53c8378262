/// A row-major matrix over memory that it does not own: `rows` × `columns` scalars without gaps.
///
/// Whoever made the memory (usually an ``Arena``) must outlive every view of it. Copying a `Matrix` copies
/// the view, never the elements.
public struct Matrix<Scalar: Real> {
  public let elements: UnsafeMutablePointer<Scalar>
  public let rows: Int
  public let columns: Int

  public init(elements: UnsafeMutablePointer<Scalar>, rows: Int, columns: Int) {
    enforce(rows >= 0 && columns >= 0, "a size that is not negative")
    self.elements = elements
    self.rows = rows
    self.columns = columns
  }

  /// The number of scalars.
  public var count: Int { rows * columns }

  /// All scalars in row-major order.
  public var buffer: UnsafeMutableBufferPointer<Scalar> { .init(start: elements, count: count) }

  public subscript(row: Int, column: Int) -> Scalar {
    get { elements[row * columns + column] }
    nonmutating set { elements[row * columns + column] = newValue }
  }

  /// `self ← alpha · op(a) · op(b) + beta · self`, where `op` transposes on request.
  ///
  /// Precondition: the shapes agree. `self` must not overlap `a` or `b`.
  public func setProduct(
    of a: Matrix, transposed transposeA: Bool = false,
    and b: Matrix, transposed transposeB: Bool = false,
    alpha: Scalar = 1, beta: Scalar = 0
  ) {
    // self: m × n; op(a): m × k, op(b): k × n, where a is k × m if transposed and b is n × k; all row-major.
    // self = alpha · op(a) · op(b) + beta · self
    let inner = transposeA ? a.rows : a.columns
    enforce((transposeA ? a.columns : a.rows) == rows, "rows of the product")
    enforce((transposeB ? b.rows : b.columns) == columns, "columns of the product")
    enforce((transposeB ? b.columns : b.rows) == inner, "inner dimensions")
    guard rows > 0, columns > 0 else { return }
    SharedProduct(m: rows, n: columns, k: inner).run(
      transposeA: transposeA, transposeB: transposeB, alpha: alpha, a: a.elements, strideA: a.columns,
      b: b.elements, strideB: b.columns, beta: beta, c: elements, strideC: columns)
  }
}
