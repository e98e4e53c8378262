import COpenBLAS

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
}

extension Float: Real {
  public static func gemm(
    transposeA: Bool, transposeB: Bool, m: Int, n: Int, k: Int, alpha: Float,
    a: UnsafePointer<Float>, strideA: Int, b: UnsafePointer<Float>, strideB: Int,
    beta: Float, c: UnsafeMutablePointer<Float>, strideC: Int
  ) {
    cblas_sgemm(
      CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans, transposeB ? CblasTrans : CblasNoTrans,
      blasint(m), blasint(n), blasint(k), alpha, a, blasint(strideA), b, blasint(strideB), beta, c,
      blasint(strideC))
  }
}

extension Double: Real {
  public static func gemm(
    transposeA: Bool, transposeB: Bool, m: Int, n: Int, k: Int, alpha: Double,
    a: UnsafePointer<Double>, strideA: Int, b: UnsafePointer<Double>, strideB: Int,
    beta: Double, c: UnsafeMutablePointer<Double>, strideC: Int
  ) {
    cblas_dgemm(
      CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans, transposeB ? CblasTrans : CblasNoTrans,
      blasint(m), blasint(n), blasint(k), alpha, a, blasint(strideA), b, blasint(strideB), beta, c,
      blasint(strideC))
  }
}
