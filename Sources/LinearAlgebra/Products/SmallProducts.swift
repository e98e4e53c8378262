/// Products of single-precision matrices without OpenBLAS, which copies both factors into an order of its own before it
/// multiplies: that takes longer than the product where one of them has few rows.
enum SmallProducts {
  /// Whether these kernels are taken for a product of these sizes (m × k times k × n).
  ///
  /// GFLOP/s with and without OpenBLAS's kernels (AVX2, one thread, the best of nine), for a layer of k inputs and n
  /// outputs in a batch of m: forward with a weight that is read along its rows, its gradient, and that of the inputs.
  ///
  ///     m × n × k       | forward  | weight   | inputs
  ///     8 × 128 × 768   | 67 to 41 | 59 to 27 | 71 to 44
  ///     32 × 128 × 768  | 84 to 70 | 71 to 59 | 74 to 69
  ///     128 × 128 × 768 | 83 to 83 | 58 to 82 | 71 to 81
  ///     8 × 128 × 128   | 41 to 33 | 43 to 25 | 76 to 43
  ///     64 × 64 × 64    | 45 to 57 | 84 to 62 | 91 to 65
  ///     64 × 16 × 16    | 16 to 28 | 83 to 39 | 71 to 27
  ///     544 × 128 × 128 | 46 to 72 | 42 to 62 | 37 to 58
  ///
  /// Short sums in few columns, such as the transforms of filters' gradients (n = 9, k = 36), are taken however many rows
  /// there are: OpenBLAS was seen to sum the last rows in another order than the others, so that copies of a filter, which
  /// lie far apart there, would part.
  @inline(__always)
  static func suit(transposeA: Bool, transposeB: Bool, m: Int, n: Int, k: Int) -> Bool {
    if transposeB { return !transposeA && (m <= 12 || (m <= fewRows && k >= 256)) }
    return (transposeA ? k : m) <= fewRows || m * n * k <= 1 << 19 || (transposeA && n <= 16 && k <= 64)
  }

  /// Samples of a small batch.
  static var fewRows: Int { 32 }

  /// `c ← alpha · op(a) · op(b) + c` or without c. Precondition: not both factors are transposed.
  ///
  /// - Parameter isWide: see ``Float/isWide``; another value is for tests.
  static func multiply(
    transposeA: Bool, transposeB: Bool, m: Int, n: Int, k: Int, alpha: Float,
    a: UnsafePointer<Float>, strideA: Int, b: UnsafePointer<Float>, strideB: Int,
    accumulates: Bool, c: UnsafeMutablePointer<Float>, strideC: Int, isWide: Bool = Float.isWide
  ) {
    func multiply<Vector: NativeFloats>(_ vector: Vector.Type, columns: Range<Int>) {
      Self.multiply(
        vector, transposeA, transposeB, m, columns.count, k, alpha, a, strideA,
        b + columns.lowerBound * (transposeB ? strideB : 1), strideB, accumulates, c + columns.lowerBound,
        strideC)
    }
    // Sums of rows with rows are cut along the rows, not along columns.
    let wide = transposeB ? (isWide ? n : 0) : wideColumns(of: n, isWide: isWide, accumulates: accumulates)
    if wide > 0 { multiply(SIMD16<Float>.self, columns: 0..<wide) }
    if wide < n { multiply(SIMD8<Float>.self, columns: wide..<n) }
  }

  /// How many of n columns, the first ones, are computed in registers of sixteen, the others in those of eight, to the
  /// same bits: what fills neither is computed one by one, which for eight to fifteen columns takes most of the time.
  @inline(__always)
  private static func wideColumns(of n: Int, isWide: Bool, accumulates: Bool) -> Int {
    guard isWide, n >= 16 else { return 0 }
    // Where sums are not added up, the last columns are computed together with some before them.
    return accumulates && n % 16 >= 8 ? n - n % 16 : n
  }

  @inline(__always)
  private static func multiply<Vector: NativeFloats>(
    _ vector: Vector.Type, _ transposeA: Bool, _ transposeB: Bool, _ m: Int, _ n: Int, _ k: Int,
    _ alpha: Float, _ a: UnsafePointer<Float>, _ strideA: Int, _ b: UnsafePointer<Float>, _ strideB: Int,
    _ accumulates: Bool, _ c: UnsafeMutablePointer<Float>, _ strideC: Int
  ) {
    if transposeB {
      InnerProducts<Vector>(
        a: a, strideA: strideA, b: b, strideB: strideB, c: c, strideC: strideC, k: k, alpha: alpha,
        accumulates: accumulates
      ).run(m: m, n: n)
    } else {
      OuterProducts<Vector>(
        a: a, rowStride: transposeA ? 1 : strideA, columnStride: transposeA ? strideA : 1, b: b,
        strideB: strideB, c: c, strideC: strideC, k: k, alpha: alpha, accumulates: accumulates
      ).run(m: m, n: n)
    }
  }

  /// See ``Real/addSegmentedProduct(m:n:k:segments:a:rowStride:columnStride:segmentStrideA:b:strideB:segmentStrideB:c:strideC:)``.
  static func addSegments(
    m: Int, n: Int, k: Int, segments: Int, a: UnsafePointer<Float>, rowStride: Int, columnStride: Int,
    segmentStrideA: Int, b: UnsafePointer<Float>, strideB: Int, segmentStrideB: Int,
    c: UnsafeMutablePointer<Float>, strideC: Int
  ) {
    func add<Vector: NativeFloats>(_ vector: Vector.Type, columns: Range<Int>) {
      OuterProducts<Vector>(
        a: a, rowStride: rowStride, columnStride: columnStride, b: b + columns.lowerBound, strideB: strideB,
        c: c + columns.lowerBound, strideC: strideC, k: k, segments: segments, segmentStrideA: segmentStrideA,
        segmentStrideB: segmentStrideB, alpha: 1, accumulates: true
      ).run(m: m, n: columns.count)
    }
    let wide = wideColumns(of: n, isWide: Float.isWide, accumulates: true)
    if wide > 0 { add(SIMD16<Float>.self, columns: 0..<wide) }
    if wide < n { add(SIMD8<Float>.self, columns: wide..<n) }
  }
}
