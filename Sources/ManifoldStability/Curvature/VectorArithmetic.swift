import LinearAlgebra

/// A matrix as one vector of all its elements.
extension Matrix where Scalar == Double {
  /// The Euclidean norm.
  var norm: Double { dot(self).squareRoot() }

  /// The inner product with a vector of the same length.
  func dot(_ other: Matrix) -> Double {
    enforce(count == other.count, "equal lengths")
    // Sixteen sums side by side, because one alone would wait for its own latency.
    var sums = SIMD16<Double>(repeating: 0)
    var index = 0
    while index + 16 <= count {
      sums += elements.vector(at: index) * other.elements.vector(at: index)
      index += 16
    }
    var sum = sums.sum()
    while index < count {
      sum += elements[index] * other.elements[index]
      index += 1
    }
    return sum
  }

  /// `self ← other`, a row or a column alike.
  func set(to other: Matrix) {
    enforce(count == other.count, "equal lengths")
    elements.update(from: other.elements, count: count)
  }

  /// `self ← factor · self`.
  func scale(by factor: Double) {
    for index in 0..<count { elements[index] *= factor }
  }

  /// `self ← self + factor · other`.
  func add(_ other: Matrix, times factor: Double) {
    enforce(count == other.count, "equal lengths")
    for index in 0..<count { elements[index] += factor * other.elements[index] }
  }
}
