import LinearAlgebra

extension NormalizationKernels {
  /// Mean and biased variance of `count` numbers.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func moments<Scalar: Real>(
    of x: UnsafeMutablePointer<Scalar>, count: Int
  ) -> (mean: Scalar, variance: Scalar) {
    // x: count scalars.
    // mean = Σ x / count, variance = Σ (x − mean)² / count
    let mean = blockedSum(x, count: count, about: 0, squared: false) / Scalar(count)
    return (mean, blockedSum(x, count: count, about: mean, squared: true) / Scalar(count))
  }

  /// Σ (x − centre), or of the squares.
  @inline(__always)
  private static func blockedSum<Scalar: Real>(
    _ x: UnsafeMutablePointer<Scalar>, count: Int, about center: Scalar, squared: Bool
  ) -> Scalar {
    // x: count scalars, summed in blocks of 4,096.
    // Σ (x[i] − center), or Σ (x[i] − center)²
    var total: Scalar = 0
    var index = 0
    while index < count {
      let end = min(index + 4_096, count)
      var even = SIMD16<Scalar>(repeating: 0)
      var odd = SIMD16<Scalar>(repeating: 0)
      while index + 32 <= end {
        let first = x.vector(at: index) - center
        let second = x.vector(at: index + 16) - center
        even = squared ? even.addingProduct(first, first) : even + first
        odd = squared ? odd.addingProduct(second, second) : odd + second
        index += 32
      }
      even += odd
      var sum: Scalar = 0
      for lane in 0..<16 { sum += even[lane] }
      while index < end {
        let difference = x[index] - center
        sum += squared ? difference * difference : difference
        index += 1
      }
      total += sum
    }
    return total
  }
}
