import LinearAlgebra

/// The loops of attention over samples and heads.
///
/// Queries, keys and values of a head are strips of the input's columns; its scores are ``queries`` × ``scoreWidth``,
/// the columns beyond the tokens being padding that softmax sets to zero. Weights, factors, output and its gradient
/// have rows for the queries alone.
struct AttentionShape {
  let tokens: Int
  /// How many tokens of each sample ask, the first ones.
  let queries: Int
  let heads: Int
  let headWidth: Int
  let scoreWidth: Int

  /// The scalars of scratch memory that a thread needs: scores of a head, twice.
  var scratchCount: Int { 2 * tokens * scoreWidth }

  /// Samples are shared among threads, unless they are so small that many make a piece.
  private func share(samples: Int, places: Int, _ body: (_ sample: Int, _ place: Int) -> Void) {
    let work = heads * queries * tokens * headWidth
    let pieces = Pieces(of: samples, smallest: 250_000 / max(work, 1), most: 64)
    ThreadTeam.share(pieces.count, places: places) { piece, place in
      for sample in pieces[piece] { body(sample, place) }
    }
  }

  /// Sets `output` and the attention weights before dropout. There is scratch memory for `places` threads.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func attend<Scalar: Real>(
    _ input: Matrix<Scalar>, into output: Matrix<Scalar>, weights: UnsafeMutablePointer<Scalar>,
    factors: UnsafeMutablePointer<Scalar>?, scratch: UnsafeMutablePointer<Scalar>, places: Int
  ) {
    let size = heads * headWidth
    let scale = 1 / Scalar(headWidth).squareRoot()
    let scores = queries * scoreWidth
    share(samples: input.rows / tokens, places: places) { sample, thread in
      let scratch = scratch + thread * scratchCount
      for head in 0..<heads {
        let asking = input.elements + sample * tokens * 3 * size + head * headWidth
        let place = weights + (sample * heads + head) * scores
        Scalar.gemm(
          transposeA: false, transposeB: true, m: queries, n: tokens, k: headWidth, alpha: scale,
          a: asking, strideA: 3 * size, b: asking + size, strideB: 3 * size,
          beta: 0, c: place, strideC: scoreWidth)
        softmax(place)
        var kept = place
        if let factors {
          kept = scratch
          Kernels.multiply(
            place, by: factors + (sample * heads + head) * scores, into: kept, count: scores)
        }
        Scalar.gemm(
          transposeA: false, transposeB: false, m: queries, n: headWidth, k: tokens, alpha: 1,
          a: kept, strideA: scoreWidth, b: asking + 2 * size, strideB: 3 * size,
          beta: 0, c: output.elements + sample * queries * size + head * headWidth, strideC: size)
      }
    }
  }

  /// Sets `inputGradient`, to zero at the queries of tokens that do not ask.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func differentiate<Scalar: Real>(
    _ outputGradient: Matrix<Scalar>, input: Matrix<Scalar>, weights: UnsafeMutablePointer<Scalar>,
    factors: UnsafeMutablePointer<Scalar>?, into inputGradient: Matrix<Scalar>,
    scratch: UnsafeMutablePointer<Scalar>, places: Int
  ) {
    let size = heads * headWidth
    let scale = 1 / Scalar(headWidth).squareRoot()
    let scores = queries * scoreWidth
    share(samples: input.rows / tokens, places: places) { sample, thread in
      let scratch = scratch + thread * scratchCount
      // Padding has no gradient.
      scratch.update(repeating: 0, count: scores)
      for head in 0..<heads {
        let start = sample * tokens * 3 * size + head * headWidth
        let asking = input.elements + start
        let gradient = inputGradient.elements + start
        let arriving = outputGradient.elements + sample * queries * size + head * headWidth
        let place = weights + (sample * heads + head) * scores
        let mask = factors.map { $0 + (sample * heads + head) * scores }
        var kept = place
        if let mask {
          kept = scratch + scores
          Kernels.multiply(place, by: mask, into: kept, count: scores)
        }
        Scalar.gemm(
          transposeA: true, transposeB: false, m: tokens, n: headWidth, k: queries, alpha: 1,
          a: kept, strideA: scoreWidth, b: arriving, strideB: size,
          beta: 0, c: gradient + 2 * size, strideC: 3 * size)
        Scalar.gemm(
          transposeA: false, transposeB: true, m: queries, n: tokens, k: headWidth, alpha: 1,
          a: arriving, strideA: size, b: asking + 2 * size, strideB: 3 * size,
          beta: 0, c: scratch, strideC: scoreWidth)
        if let mask { Kernels.multiply(scratch, by: mask, into: scratch, count: scores) }
        differentiateSoftmax(scratch, weights: place)
        Scalar.gemm(
          transposeA: false, transposeB: false, m: queries, n: headWidth, k: tokens, alpha: scale,
          a: scratch, strideA: scoreWidth, b: asking + size, strideB: 3 * size,
          beta: 0, c: gradient, strideC: 3 * size)
        for token in queries..<tokens {
          (gradient + token * 3 * size).update(repeating: 0, count: headWidth)
        }
        Scalar.gemm(
          transposeA: true, transposeB: false, m: tokens, n: headWidth, k: queries, alpha: scale,
          a: scratch, strideA: scoreWidth, b: asking, strideB: 3 * size,
          beta: 0, c: gradient + size, strideC: 3 * size)
      }
    }
  }

  /// The softmax of each row of a head's scores.
  @inline(__always)
  private func softmax<Scalar: Real>(_ scores: UnsafeMutablePointer<Scalar>) {
    for query in 0..<queries {
      let row = scores + query * scoreWidth
      // e to the power of this is zero, whatever the largest score is.
      for column in tokens..<scoreWidth { row[column] = -Scalar.greatestFiniteMagnitude }
      var largest = row.vector(at: 0)
      var column = 16
      while column < scoreWidth {
        largest = Scalar.larger(largest, row.vector(at: column))
        column += 16
      }
      let top = largest.laneMaximum
      var sum = SIMD16<Scalar>(repeating: 0)
      column = 0
      while column < scoreWidth {
        let power = Scalar.exp(row.vector(at: column) - top)
        row.store(power, at: column)
        sum += power
        column += 16
      }
      let factor = 1 / sum.laneSum
      column = 0
      while column < scoreWidth {
        row.store(row.vector(at: column) * factor, at: column)
        column += 16
      }
    }
  }

  /// g ← w · (g − Σ g · w) in each row: the gradient with respect to the scores from that with respect to the
  /// attention weights w.
  @inline(__always)
  private func differentiateSoftmax<Scalar: Real>(
    _ gradient: UnsafeMutablePointer<Scalar>, weights: UnsafeMutablePointer<Scalar>
  ) {
    for query in 0..<queries {
      let g = gradient + query * scoreWidth
      let w = weights + query * scoreWidth
      var products = SIMD16<Scalar>(repeating: 0)
      var column = 0
      while column < scoreWidth {
        products = products.addingProduct(g.vector(at: column), w.vector(at: column))
        column += 16
      }
      let sum = products.laneSum
      column = 0
      while column < scoreWidth {
        g.store((g.vector(at: column) - sum) * w.vector(at: column), at: column)
        column += 16
      }
    }
  }
}
