import LinearAlgebra

/// Loops over the tokens of samples.
enum TokenKernels {
  /// Sets `out` to the sum over samples of the `count` scalars at the start of each.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func sum<Scalar: Real>(
    _ source: UnsafeMutablePointer<Scalar>, stride: Int, samples: Int, into out: UnsafeMutablePointer<Scalar>,
    count: Int
  ) {
    // source: samples rows of stride scalars, of which the first count are read; out: count.
    // out[i] = Σ over samples of source[s, i]
    let pieces = Pieces(of: count, smallest: 65_536 / max(samples, 1), unit: 16)
    ThreadTeam.share(pieces.count) { piece, _ in
      var index = pieces[piece].lowerBound
      let end = pieces[piece].upperBound
      while index + 16 <= end {
        var total = SIMD16<Scalar>(repeating: 0)
        for sample in 0..<samples { total += source.vector(at: sample * stride + index) }
        out.store(total, at: index)
        index += 16
      }
      while index < end {
        var total: Scalar = 0
        for sample in 0..<samples { total += source[sample * stride + index] }
        out[index] = total
        index += 1
      }
    }
  }
}
