/// One block of zeroed, 64-byte aligned memory from which matrices are cut, freed as a whole.
///
/// A model plans its sizes, makes one arena, and from then on a training step allocates nothing.
public final class Arena<Scalar: Real> {
  private let base: UnsafeMutableRawPointer
  private let capacity: Int
  private var used = 0

  /// The scalars that ``take(rows:columns:)`` will use up for a matrix of this size: its count, rounded up so
  /// that the next matrix starts on a cache line.
  public static func footprint(rows: Int, columns: Int) -> Int {
    let line = 64 / MemoryLayout<Scalar>.stride
    return (rows * columns + line - 1) / line * line
  }

  /// Room for `capacity` scalars, the sum of the footprints of what will be taken.
  public init(capacity: Int) {
    enforce(capacity >= 0, "a capacity that is not negative")
    self.capacity = capacity
    let bytes = max(capacity, 1) * MemoryLayout<Scalar>.stride
    base = .allocate(byteCount: bytes, alignment: 64)
    base.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
  }

  deinit { base.deallocate() }

  /// The next `rows` × `columns` zeroed scalars. Precondition: the capacity suffices.
  public func take(rows: Int, columns: Int) -> Matrix<Scalar> {
    enforce(rows >= 0 && columns >= 0, "a size that is not negative")
    let start = used
    used += Self.footprint(rows: rows, columns: columns)
    enforce(used <= capacity, "the arena is smaller than what is taken from it")
    let elements = (base + start * MemoryLayout<Scalar>.stride)
      .bindMemory(to: Scalar.self, capacity: max(rows * columns, 1))
    return Matrix(elements: elements, rows: rows, columns: columns)
  }
}
