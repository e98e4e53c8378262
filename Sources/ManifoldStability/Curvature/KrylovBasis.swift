import LinearAlgebra

/// Orthonormal vectors, kept in blocks of memory that are made as the basis grows.
final class KrylovBasis {
  private static let vectorsPerBlock = 16

  private let length: Int
  private var blocks: [(arena: Arena<Double>, vectors: Matrix<Double>)] = []
  private let coefficientMemory: Arena<Double>
  private let coefficients: Matrix<Double>
  private(set) var count = 0

  init(length: Int) {
    self.length = length
    coefficientMemory = Arena(capacity: Self.vectorsPerBlock)
    coefficients = coefficientMemory.take(rows: Self.vectorsPerBlock, columns: 1)
  }

  subscript(index: Int) -> Matrix<Double> {
    enforce(index < count, "a vector of the basis")
    let vectors = blocks[index / Self.vectorsPerBlock].vectors
    let row = index % Self.vectorsPerBlock
    return Matrix(elements: vectors.elements + row * length, rows: length, columns: 1)
  }

  /// Appends a copy of `vector`, divided by `norm`.
  func append(_ vector: Matrix<Double>, dividedBy norm: Double) {
    if count == blocks.count * Self.vectorsPerBlock {
      let size = Arena<Double>.footprint(rows: Self.vectorsPerBlock, columns: length)
      let arena = Arena<Double>(capacity: size)
      blocks.append((arena, arena.take(rows: Self.vectorsPerBlock, columns: length)))
    }
    count += 1
    let last = self[count - 1]
    last.elements.update(from: vector.elements, count: length)
    last.scale(by: 1 / norm)
  }

  /// Removes from `vector` (length × 1) its components along the basis, twice, because once leaves what rounding
  /// lost where the components are much larger than the rest.
  func orthogonalize(_ vector: Matrix<Double>) {
    for _ in 0..<2 {
      for (index, block) in blocks.enumerated() {
        let used = min(count - index * Self.vectorsPerBlock, Self.vectorsPerBlock)
        let vectors = block.vectors.prefix(rows: used)
        let coefficients = coefficients.prefix(rows: used)
        coefficients.setProduct(of: vectors, and: vector)
        vector.setProduct(of: vectors, transposed: true, and: coefficients, alpha: -1, beta: 1)
      }
    }
  }
}
