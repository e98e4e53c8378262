/// 1 ÷ x without the divider, which is busy with square roots where it is used.
public enum VectorReciprocal {
  /// The reciprocals of positive normal numbers between 10⁻³⁷ and 10³⁷, with a relative error below 2 · 10⁻⁷; of anything
  /// else, no number that means anything.
  @inlinable @inline(__always)
  public static func evaluate(_ x: SIMD16<Float>) -> SIMD16<Float> {
    // The difference of the patterns is the reciprocal to an eighth; each of Newton's steps squares the error.
    let pattern = SIMD16<UInt32>(repeating: 0x7ef3_11c7) &- unsafeBitCast(x, to: SIMD16<UInt32>.self)
    var result = unsafeBitCast(pattern, to: SIMD16<Float>.self)
    for _ in 0..<2 {
      let rest = SIMD16<Float>(repeating: 2).addingProduct(-x, result)
      result *= rest
    }
    // The last one adds a correction, which rounds less than a product.
    let rest = SIMD16<Float>(repeating: 1).addingProduct(-x, result)
    return result.addingProduct(result, rest)
  }
}
