import Glibc

/// e to the power of sixteen numbers at a time.
public enum VectorExponential {
  /// eˣ with a relative error below 8 · 10⁻⁸; 0 below −87.3 and infinity above 88.37, a little before `Float`'s
  /// own limits; NaN stays NaN.
  ///
  /// x = n log 2 + r with |r| ≤ ½ log 2: 2ⁿ is made of n's bits, eʳ is Taylor's series.
  @inlinable @inline(__always)
  public static func evaluate(_ x: SIMD16<Float>) -> SIMD16<Float> {
    // Adding 1.5 · 2²³ rounds to the nearest integer, which then stands in the lowest bits.
    let shifted = SIMD16(repeating: 0x1.8p23).addingProduct(x, 1.442_695_04)
    let n = shifted - 0x1.8p23
    // log 2 in two parts, the first with few enough bits that its product with n is exact.
    let r = x.addingProduct(n, -0.693_359_375).addingProduct(n, 2.121_944_4e-4)
    var series = SIMD16<Float>(repeating: 1.0 / 5_040)
    series = SIMD16(repeating: 1.0 / 720).addingProduct(r, series)
    series = SIMD16(repeating: 1.0 / 120).addingProduct(r, series)
    series = SIMD16(repeating: 1.0 / 24).addingProduct(r, series)
    series = SIMD16(repeating: 1.0 / 6).addingProduct(r, series)
    series = SIMD16(repeating: 0.5).addingProduct(r, series)
    series = SIMD16(repeating: 1).addingProduct(r, series)
    series = SIMD16(repeating: 1).addingProduct(r, series)
    let exponent = (unsafeBitCast(shifted, to: SIMD16<UInt32>.self) &+ 127) &<< 23
    var result = series * unsafeBitCast(exponent, to: SIMD16<Float>.self)
    result.replace(with: 0, where: x .< -87.3)
    result.replace(with: .infinity, where: x .> 88.7)
    return result
  }

  /// eˣ of each lane by the C library.
  @inlinable @inline(__always)
  public static func evaluate(_ x: SIMD16<Double>) -> SIMD16<Double> {
    var result = x
    for lane in 0..<16 { result[lane] = Glibc.exp(x[lane]) }
    return result
  }
}
