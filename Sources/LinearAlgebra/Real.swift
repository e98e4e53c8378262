import COpenBLAS
import Glibc

/// A scalar that BLAS computes with: `Float` for training, `Double` for metrics and theorem tests.
///
/// The requirements are the BLAS calls that differ by precision; everything else is generic over `Real` and
/// specialised for both types.
public protocol Real: BinaryFloatingPoint, SIMDScalar, Codable, Sendable {
  /// `c ← alpha · op(a) · op(b) + beta · c`, row-major, `op(a)` of m × k, `op(b)` of k × n, `c` of m × n.
  static func gemm(
    transposeA: Bool, transposeB: Bool, m: Int, n: Int, k: Int, alpha: Self,
    a: UnsafePointer<Self>, strideA: Int, b: UnsafePointer<Self>, strideB: Int,
    beta: Self, c: UnsafeMutablePointer<Self>, strideC: Int)

  /// c ← c + Σ aₛ · bₛ over segments s, where aₛ is m × k with any strides and bₛ k × n: a product along rows that lie in
  /// pieces, as the patches of an image do.
  ///
  /// - Parameters:
  ///   - rowStride: from a row of aₛ to the next; `columnStride` from a column to the next, one of them 1. Rows may overlap,
  ///     as neighbouring patches of an image do.
  ///   - segmentStrideA: from aₛ to the next; `segmentStrideB` from bₛ to the next. May be negative.
  static func addSegmentedProduct(
    m: Int, n: Int, k: Int, segments: Int,
    a: UnsafePointer<Self>, rowStride: Int, columnStride: Int, segmentStrideA: Int,
    b: UnsafePointer<Self>, strideB: Int, segmentStrideB: Int,
    c: UnsafeMutablePointer<Self>, strideC: Int)

  /// The lanes of `values` where `condition` is positive, zero elsewhere (the generic comparison of vectors
  /// compiles to a loop over lanes).
  static func keeping(_ values: SIMD16<Self>, wherePositive condition: SIMD16<Self>) -> SIMD16<Self>

  /// `first` in the lanes where `x` exceeds `y`, `second` elsewhere.
  static func choosing(
    _ first: SIMD16<Self>, over second: SIMD16<Self>, where x: SIMD16<Self>, exceeds y: SIMD16<Self>
  ) -> SIMD16<Self>

  /// e to the power of `x`.
  static func exp(_ x: Self) -> Self
  /// e to the power of each lane; see ``VectorExponential``.
  static func exp(_ x: SIMD16<Self>) -> SIMD16<Self>
  /// The standard normal distribution at each lane; see ``VectorNormalDistribution``.
  static func normalDistribution(_ x: SIMD16<Self>) -> (cumulative: SIMD16<Self>, density: SIMD16<Self>)
  /// The larger one of each lane (the generic function compiles to a loop over lanes).
  static func larger(_ a: SIMD16<Self>, _ b: SIMD16<Self>) -> SIMD16<Self>
  /// 1 ÷ each lane, for positive normal numbers; see ``VectorReciprocal``.
  static func reciprocal(_ x: SIMD16<Self>) -> SIMD16<Self>
  /// The natural logarithm of `x`.
  static func log(_ x: Self) -> Self

  /// The same numbers, rounded if need be.
  static func converting(_ values: SIMD16<Float>) -> SIMD16<Self>

  /// Fills `out` with standard normal numbers; see ``RandomStream/fillNormal(_:)-swift.method``.
  static func fillNormal(_ out: UnsafeMutableBufferPointer<Self>, from stream: inout RandomStream)
  /// Fills `out` with uniform numbers; see ``RandomStream/fillUniform(_:from:to:)``.
  static func fillUniform(
    _ out: UnsafeMutableBufferPointer<Self>, from low: Self, to high: Self, drawing stream: inout RandomStream
  )
}

extension Float: Real {
  @inlinable @inline(__always)
  public static func keeping(
    _ values: SIMD16<Float>, wherePositive condition: SIMD16<Float>
  ) -> SIMD16<Float> {
    SIMD16(repeating: 0).replacing(with: values, where: condition .> 0)
  }

  @inlinable @inline(__always)
  public static func choosing(
    _ first: SIMD16<Float>, over second: SIMD16<Float>, where x: SIMD16<Float>, exceeds y: SIMD16<Float>
  ) -> SIMD16<Float> {
    second.replacing(with: first, where: x .> y)
  }

  public static func exp(_ x: Float) -> Float { Glibc.exp(x) }

  @inlinable @inline(__always)
  public static func exp(_ x: SIMD16<Float>) -> SIMD16<Float> { VectorExponential.evaluate(x) }

  @inlinable @inline(__always)
  public static func normalDistribution(
    _ x: SIMD16<Float>
  ) -> (cumulative: SIMD16<Float>, density: SIMD16<Float>) {
    VectorNormalDistribution.evaluate(x)
  }

  @inlinable @inline(__always)
  public static func larger(_ a: SIMD16<Float>, _ b: SIMD16<Float>) -> SIMD16<Float> {
    a.replacing(with: b, where: b .> a)
  }

  @inlinable @inline(__always)
  public static func reciprocal(_ x: SIMD16<Float>) -> SIMD16<Float> { VectorReciprocal.evaluate(x) }

  public static func log(_ x: Float) -> Float { Glibc.log(x) }

  @inlinable @inline(__always)
  public static func converting(_ values: SIMD16<Float>) -> SIMD16<Float> { values }

  public static func fillNormal(_ out: UnsafeMutableBufferPointer<Float>, from stream: inout RandomStream) {
    stream.fillNormal(out)
  }

  public static func fillUniform(
    _ out: UnsafeMutableBufferPointer<Float>, from low: Float, to high: Float,
    drawing stream: inout RandomStream
  ) {
    stream.fillUniform(out, from: low, to: high)
  }

  public static func gemm(
    transposeA: Bool, transposeB: Bool, m: Int, n: Int, k: Int, alpha: Float,
    a: UnsafePointer<Float>, strideA: Int, b: UnsafePointer<Float>, strideB: Int,
    beta: Float, c: UnsafeMutablePointer<Float>, strideC: Int
  ) {
    enforceStrides(transposeA, transposeB, m: m, n: n, k: k, strideA, strideB, strideC)
    if beta == 0 || beta == 1,
      SmallProducts.suit(transposeA: transposeA, transposeB: transposeB, m: m, n: n, k: k)
    {
      SmallProducts.multiply(
        transposeA: transposeA, transposeB: transposeB, m: m, n: n, k: k, alpha: alpha, a: a,
        strideA: strideA, b: b, strideB: strideB, accumulates: beta == 1, c: c, strideC: strideC)
      return
    }
    cblas_sgemm(
      CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans, transposeB ? CblasTrans : CblasNoTrans,
      blasint(m), blasint(n), blasint(k), alpha, a, blasint(strideA), b, blasint(strideB), beta, c,
      blasint(strideC))
  }
}

extension Float {
  public static func addSegmentedProduct(
    m: Int, n: Int, k: Int, segments: Int,
    a: UnsafePointer<Float>, rowStride: Int, columnStride: Int, segmentStrideA: Int,
    b: UnsafePointer<Float>, strideB: Int, segmentStrideB: Int,
    c: UnsafeMutablePointer<Float>, strideC: Int
  ) {
    SmallProducts.addSegments(
      m: m, n: n, k: k, segments: segments, a: a, rowStride: rowStride, columnStride: columnStride,
      segmentStrideA: segmentStrideA, b: b, strideB: strideB, segmentStrideB: segmentStrideB, c: c,
      strideC: strideC)
  }
}

extension Double: Real {
  public static func addSegmentedProduct(
    m: Int, n: Int, k: Int, segments: Int,
    a: UnsafePointer<Double>, rowStride: Int, columnStride: Int, segmentStrideA: Int,
    b: UnsafePointer<Double>, strideB: Int, segmentStrideB: Int,
    c: UnsafeMutablePointer<Double>, strideC: Int
  ) {
    // Of a single row, the stride does not matter.
    guard columnStride != 1 ? columnStride >= m : (m == 1 || rowStride >= k) else {
      // No product of a library's.
      for segment in 0..<segments {
        let (a, b) = (a + segment * segmentStrideA, b + segment * segmentStrideB)
        for row in 0..<m {
          for term in 0..<k {
            let factor = a[row * rowStride + term * columnStride]
            for column in 0..<n { c[row * strideC + column] += factor * b[term * strideB + column] }
          }
        }
      }
      return
    }
    for segment in 0..<segments {
      gemm(
        transposeA: columnStride != 1, transposeB: false, m: m, n: n, k: k, alpha: 1,
        a: a + segment * segmentStrideA, strideA: columnStride != 1 ? columnStride : max(rowStride, k),
        b: b + segment * segmentStrideB, strideB: strideB, beta: 1, c: c, strideC: strideC)
    }
  }

  @inlinable @inline(__always)
  public static func keeping(
    _ values: SIMD16<Double>, wherePositive condition: SIMD16<Double>
  ) -> SIMD16<Double> {
    SIMD16(repeating: 0).replacing(with: values, where: condition .> 0)
  }

  @inlinable @inline(__always)
  public static func choosing(
    _ first: SIMD16<Double>, over second: SIMD16<Double>, where x: SIMD16<Double>, exceeds y: SIMD16<Double>
  ) -> SIMD16<Double> {
    second.replacing(with: first, where: x .> y)
  }

  public static func exp(_ x: Double) -> Double { Glibc.exp(x) }

  @inlinable @inline(__always)
  public static func exp(_ x: SIMD16<Double>) -> SIMD16<Double> { VectorExponential.evaluate(x) }

  @inlinable @inline(__always)
  public static func normalDistribution(
    _ x: SIMD16<Double>
  ) -> (cumulative: SIMD16<Double>, density: SIMD16<Double>) {
    VectorNormalDistribution.evaluate(x)
  }

  @inlinable @inline(__always)
  public static func larger(_ a: SIMD16<Double>, _ b: SIMD16<Double>) -> SIMD16<Double> {
    a.replacing(with: b, where: b .> a)
  }

  @inlinable @inline(__always)
  public static func reciprocal(_ x: SIMD16<Double>) -> SIMD16<Double> { 1 / x }

  public static func log(_ x: Double) -> Double { Glibc.log(x) }

  @inlinable @inline(__always)
  public static func converting(_ values: SIMD16<Float>) -> SIMD16<Double> { SIMD16<Double>(values) }

  public static func fillNormal(_ out: UnsafeMutableBufferPointer<Double>, from stream: inout RandomStream) {
    stream.fillNormal(out)
  }

  public static func fillUniform(
    _ out: UnsafeMutableBufferPointer<Double>, from low: Double, to high: Double,
    drawing stream: inout RandomStream
  ) {
    stream.fillUniform(out, from: low, to: high)
  }

  public static func gemm(
    transposeA: Bool, transposeB: Bool, m: Int, n: Int, k: Int, alpha: Double,
    a: UnsafePointer<Double>, strideA: Int, b: UnsafePointer<Double>, strideB: Int,
    beta: Double, c: UnsafeMutablePointer<Double>, strideC: Int
  ) {
    enforceStrides(transposeA, transposeB, m: m, n: n, k: k, strideA, strideB, strideC)
    cblas_dgemm(
      CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans, transposeB ? CblasTrans : CblasNoTrans,
      blasint(m), blasint(n), blasint(k), alpha, a, blasint(strideA), b, blasint(strideB), beta, c,
      blasint(strideC))
  }
}

/// Ends the program unless rows of op(a), m × k, of op(b), k × n, and of c, m × n, are as long as they have to be and
/// the library can count them.
private func enforceStrides(
  _ transposeA: Bool, _ transposeB: Bool, m: Int, n: Int, k: Int, _ strideA: Int, _ strideB: Int,
  _ strideC: Int
) {
  enforce(m >= 0 && n >= 0 && k >= 0, "a product of sizes that are not negative")
  enforce(
    strideA >= (transposeA ? m : k) && strideB >= (transposeB ? k : n) && strideC >= n,
    "rows of a product's matrices that do not overlap")
  enforce(
    max(max(m, n, k), max(strideA, strideB, strideC)) <= Int(blasint.max), "sizes that the library can count")
}
