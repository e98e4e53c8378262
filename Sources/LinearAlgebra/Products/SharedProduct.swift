/// Products of matrices whose pieces are shared among threads, see ``ThreadTeam``.
///
/// Large products are cut by rows; those of few rows, by columns; long sums (gradients of weights, over all rows of a
/// batch) into shards of the sum, each with a matrix of its own, which are added in pairs.
public struct SharedProduct: Sendable {
  public let m: Int
  public let n: Int
  public let k: Int
  private let pieces: Pieces
  private let cut: Cut

  private enum Cut {
    case none
    case rows
    case columns
    case sum
  }

  /// Shards of a sum.
  static var mostShards: Int { 8 }

  /// - Parameters:
  ///   - m: rows, `n` columns of the product, `k` terms of each sum.
  ///   - isOverSamples: whether the sum goes over samples, as in the gradient of weights, and scratch memory is there for
  ///     its shards (``scratchCount``).
  public init(m: Int, n: Int, k: Int, isOverSamples: Bool = false) {
    (self.m, self.n, self.k) = (m, n, k)
    // Below that, a tenth of a millisecond, threads would wait for one another as long as they work.
    guard m * n * k >= 1 << 22 else {
      cut = .none
      pieces = Pieces(of: 1, smallest: 1)
      return
    }
    if isOverSamples, k >= 1_024, k >= max(m, n) {
      cut = .sum
      pieces = Pieces(of: k, smallest: 128, most: Self.mostShards, unit: 16)
    } else if m >= 256 {
      cut = .rows
      pieces = Pieces(of: m, smallest: 128, most: 32, unit: 32)
    } else {
      // The rows are copied for each piece.
      cut = .columns
      pieces = Pieces(of: n, smallest: 512, most: 32, unit: 64)
    }
  }

  /// The scalars of scratch memory that suffice for the product, and for one with fewer terms.
  public var scratchCount: Int {
    if case .sum = cut { return Self.mostShards * m * n }
    return 0
  }

  /// `c ← alpha · op(a) · op(b) + beta · c`, as ``Real/gemm(transposeA:transposeB:m:n:k:alpha:a:strideA:b:strideB:beta:c:strideC:)``.
  ///
  /// Precondition: of a sum over samples, `beta` is 0, `strideC` is n and `scratch` has ``scratchCount`` scalars.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func run<Scalar: Real>(
    transposeA: Bool, transposeB: Bool, alpha: Scalar = 1, a: UnsafePointer<Scalar>, strideA: Int,
    b: UnsafePointer<Scalar>, strideB: Int, beta: Scalar, c: UnsafeMutablePointer<Scalar>, strideC: Int,
    scratch: UnsafeMutablePointer<Scalar>? = nil
  ) {
    // a: m × k, or k × m if transposed; b: k × n, or n × k; c: m × n; all row-major.
    // c = alpha · op(a) · op(b) + beta · c
    guard cut != .none, pieces.count > 1 else {
      Scalar.gemm(
        transposeA: transposeA, transposeB: transposeB, m: m, n: n, k: k, alpha: alpha, a: a,
        strideA: strideA,
        b: b, strideB: strideB, beta: beta, c: c, strideC: strideC)
      return
    }
    switch cut {
    case .none: break
    case .rows:
      ThreadTeam.share(pieces.count) { piece, _ in
        let rows = pieces[piece]
        Scalar.gemm(
          transposeA: transposeA, transposeB: transposeB, m: rows.count, n: n, k: k, alpha: alpha,
          a: a + rows.lowerBound * (transposeA ? 1 : strideA), strideA: strideA, b: b, strideB: strideB,
          beta: beta, c: c + rows.lowerBound * strideC, strideC: strideC)
      }
    case .columns:
      ThreadTeam.share(pieces.count) { piece, _ in
        let columns = pieces[piece]
        Scalar.gemm(
          transposeA: transposeA, transposeB: transposeB, m: m, n: columns.count, k: k, alpha: alpha, a: a,
          strideA: strideA, b: b + columns.lowerBound * (transposeB ? strideB : 1), strideB: strideB,
          beta: beta, c: c + columns.lowerBound, strideC: strideC)
      }
    case .sum:
      enforce(beta == 0 && strideC == n, "a product that replaces a whole matrix")
      guard let scratch else { return enforce(false, "scratch memory for the shards of a sum") }
      ThreadTeam.share(pieces.count) { piece, _ in
        let terms = pieces[piece]
        Scalar.gemm(
          transposeA: transposeA, transposeB: transposeB, m: m, n: n, k: terms.count, alpha: alpha,
          a: a + terms.lowerBound * (transposeA ? strideA : 1), strideA: strideA,
          b: b + terms.lowerBound * (transposeB ? 1 : strideB), strideB: strideB, beta: 0,
          c: scratch + piece * m * n, strideC: n)
      }
      ShardSums.add(scratch, shards: pieces.count, count: m * n, into: c)
    }
  }
}
