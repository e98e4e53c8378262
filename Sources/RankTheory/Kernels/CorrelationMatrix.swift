import LinearAlgebra

/// A correlation matrix C: symmetric, ones on the diagonal, elements from −1 to 1.
public struct CorrelationMatrix: Sendable, Equatable {
  /// The number of rows, n ≥ 1.
  public let size: Int
  /// n × n elements, row by row.
  public let elements: [Double]

  init(size: Int, elements: [Double]) {
    self.size = size
    self.elements = elements
  }

  /// A copy of `matrix`.
  ///
  /// - Throws: ``RankTheoryError/notSquare(rows:columns:)``, or
  ///   ``RankTheoryError/notCorrelation(row:column:value:)`` for the first element that is not finite, off by
  ///   more than 10⁻⁹ from one on the diagonal or from its mirror image, or outside [−1, 1] by more than that.
  public init(copying matrix: Matrix<Double>) throws(RankTheoryError) {
    guard matrix.rows == matrix.columns, matrix.rows >= 1 else {
      throw .notSquare(rows: matrix.rows, columns: matrix.columns)
    }
    let slack = 1e-9
    var elements = Array(matrix.buffer)
    for row in 0..<matrix.rows {
      for column in 0..<matrix.columns {
        let value = matrix[row, column]
        // A comparison with a NaN is false.
        let isFine =
          abs(value) <= 1 + slack && abs(value - matrix[column, row]) <= slack
          && (row != column || abs(value - 1) <= slack)
        guard isFine else { throw .notCorrelation(row: row, column: column, value: value) }
        elements[row * matrix.columns + column] = row == column ? 1 : min(max(value, -1), 1)
      }
    }
    self.init(size: matrix.rows, elements: elements)
  }

  public subscript(row: Int, column: Int) -> Double { elements[row * size + column] }

  /// The Gram matrix of `size` independent random unit vectors in `dimension` dimensions: a correlation matrix
  /// of rank min(size, dimension), the denser the fewer dimensions. Precondition: both at least 1.
  public static func random(size: Int, dimension: Int, stream: inout RandomStream) -> CorrelationMatrix {
    precondition(size >= 1 && dimension >= 1, "a vector and a dimension")
    var vectors = [Double](repeating: 0, count: size * dimension)
    vectors.withUnsafeMutableBufferPointer { stream.fillNormal($0) }
    var elements = [Double](repeating: 1, count: size * size)
    // One normal draw is never exactly zero in every dimension but with probability 2⁻³²: that vector would
    // have no direction, so its length counts as one.
    let lengths = (0..<size).map { row in
      let square = (0..<dimension).reduce(0) {
        $0 + vectors[row * dimension + $1] * vectors[row * dimension + $1]
      }
      return square > 0 ? square.squareRoot() : 1
    }
    for row in 0..<size {
      for column in 0..<row {
        var product = 0.0
        for axis in 0..<dimension {
          product += vectors[row * dimension + axis] * vectors[column * dimension + axis]
        }
        let value = min(max(product / (lengths[row] * lengths[column]), -1), 1)
        elements[row * size + column] = value
        elements[column * size + row] = value
      }
    }
    return CorrelationMatrix(size: size, elements: elements)
  }

  /// (1 − t) I + t C: the continuum from the identity (t = 0) to this matrix (t = 1) of Figure A.1.
  /// Precondition: `0 <= t <= 1`.
  public func blendedWithIdentity(_ t: Double) -> CorrelationMatrix {
    precondition((0...1).contains(t), "a share from 0 to 1")
    var blend = elements.map { t * $0 }
    for row in 0..<size { blend[row * size + row] = 1 }
    return CorrelationMatrix(size: size, elements: blend)
  }

  /// K(C), the kernel applied to every element off the diagonal; K(1) = 1 stays on it.
  public func mapped(through kernel: (Double) -> Double) -> CorrelationMatrix {
    var image = elements
    for row in 0..<size {
      for column in 0..<row {
        let value = kernel(self[row, column])
        image[row * size + column] = value
        image[column * size + row] = value
      }
    }
    return CorrelationMatrix(size: size, elements: image)
  }
}
