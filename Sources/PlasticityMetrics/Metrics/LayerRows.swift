import LinearAlgebra

/// Some rows of a layer's activations and gradients, few enough to stay in the cache while every metric takes
/// them in.
///
/// Convolutions give a row per sample and position, tokens a row per sample and token. The matrices are
/// views that hold during the call in which they are handed over.
public struct LayerRows {
  /// Samples × units.
  public let activations: Matrix<Double>
  /// The gradient of the loss with respect to ``activations``, of the same shape.
  public let gradients: Matrix<Double>?
  /// How many rows came before.
  public let start: Int
}

/// Hands out a matrix as pieces in double precision.
final class DoublePieces {
  /// Half a megabyte: with its gradients a piece fills half of a second-level cache.
  private static let elements = 1 << 16

  /// The most rows of a piece.
  let height: Int
  private let arena: Arena<Double>
  private let memory: Matrix<Double>

  /// The ``height`` of pieces of matrices with so many rows and columns.
  static func height(rows: Int, columns: Int) -> Int {
    max(1, min(rows, elements / max(columns, 1)))
  }

  /// Room for pieces of matrices with `columns` columns and up to `rows` rows.
  init(rows: Int, columns: Int) {
    height = Self.height(rows: rows, columns: columns)
    arena = Arena(capacity: Arena<Double>.footprint(rows: height, columns: columns))
    memory = arena.take(rows: height, columns: columns)
  }

  /// The `count` rows of `matrix` from `first` on; they hold until the next call. Precondition: no more than
  /// ``height``.
  func piece<Scalar: Real>(of matrix: Matrix<Scalar>, first: Int, count: Int) -> Matrix<Double> {
    let piece = memory.prefix(rows: count)
    Self.convert(matrix.elements + first * matrix.columns, into: piece.elements, count: piece.count)
    return piece
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  private static func convert<Scalar: Real>(
    _ source: UnsafeMutablePointer<Scalar>, into target: UnsafeMutablePointer<Double>, count: Int
  ) {
    for index in 0..<count { target[index] = Double(source[index]) }
  }
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

  /// Adds to each count of `counts`, one a column, the number of rows for which `holds(elements, index, column)`
  /// is true.
  @inline(__always)
  func count(
    into counts: inout [Double], where holds: (UnsafeMutablePointer<Double>, Int, Int) -> Bool
  ) {
    counts.withUnsafeMutableBufferPointer { counts in
      for row in 0..<rows {
        let start = row * columns
        for column in 0..<columns {
          counts[column] += holds(elements, start + column, column) ? 1 : 0
        }
      }
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
