import LinearAlgebra

/// The loops of attention over samples and heads.
///
/// Queries, keys and values of a head are strips of the input's columns; its scores are tokens × ``scoreWidth``, the
/// columns beyond the tokens being padding that softmax sets to zero.
struct AttentionShape {
  let tokens: Int
  let heads: Int
  let headWidth: Int
  let scoreWidth: Int

  /// Sets `output` and the attention weights before dropout.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func attend<Scalar: Real>(
    _ input: Matrix<Scalar>, into output: Matrix<Scalar>, weights: UnsafeMutablePointer<Scalar>,
    factors: UnsafeMutablePointer<Scalar>?, scratch: UnsafeMutablePointer<Scalar>
  ) {
    let size = heads * headWidth
    let scale = 1 / Scalar(headWidth).squareRoot()
    let scores = tokens * scoreWidth
    for sample in 0..<input.rows / tokens {
      for head in 0..<heads {
        let queries = input.elements + sample * tokens * 3 * size + head * headWidth
        let place = weights + (sample * heads + head) * scores
        Scalar.gemm(
          transposeA: false, transposeB: true, m: tokens, n: tokens, k: headWidth, alpha: scale,
          a: queries, strideA: 3 * size, b: queries + size, strideB: 3 * size,
          beta: 0, c: place, strideC: scoreWidth)
        softmax(place)
        var kept = place
        if let factors {
          kept = scratch
          Kernels.multiply(
            place, by: factors + (sample * heads + head) * scores, into: kept, count: scores)
        }
        Scalar.gemm(
          transposeA: false, transposeB: false, m: tokens, n: headWidth, k: tokens, alpha: 1,
          a: kept, strideA: scoreWidth, b: queries + 2 * size, strideB: 3 * size,
          beta: 0, c: output.elements + sample * tokens * size + head * headWidth, strideC: size)
      }
    }
  }

  /// Sets `inputGradient`.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func differentiate<Scalar: Real>(
    _ outputGradient: Matrix<Scalar>, input: Matrix<Scalar>, weights: UnsafeMutablePointer<Scalar>,
    factors: UnsafeMutablePointer<Scalar>?, into inputGradient: Matrix<Scalar>,
    scratch: UnsafeMutablePointer<Scalar>
  ) {
    let size = heads * headWidth
    let scale = 1 / Scalar(headWidth).squareRoot()
    let scores = tokens * scoreWidth
    // Padding has no gradient.
    scratch.update(repeating: 0, count: scores)
    for sample in 0..<input.rows / tokens {
      for head in 0..<heads {
        let start = sample * tokens * 3 * size + head * headWidth
        let queries = input.elements + start
        let gradient = inputGradient.elements + start
        let arriving = outputGradient.elements + sample * tokens * size + head * headWidth
        let place = weights + (sample * heads + head) * scores
        let mask = factors.map { $0 + (sample * heads + head) * scores }
        var kept = place
        if let mask {
          kept = scratch + scores
          Kernels.multiply(place, by: mask, into: kept, count: scores)
        }
        Scalar.gemm(
          transposeA: true, transposeB: false, m: tokens, n: headWidth, k: tokens, alpha: 1,
          a: kept, strideA: scoreWidth, b: arriving, strideB: size,
          beta: 0, c: gradient + 2 * size, strideC: 3 * size)
        Scalar.gemm(
          transposeA: false, transposeB: true, m: tokens, n: tokens, k: headWidth, alpha: 1,
          a: arriving, strideA: size, b: queries + 2 * size, strideB: 3 * size,
          beta: 0, c: scratch, strideC: scoreWidth)
        if let mask { Kernels.multiply(scratch, by: mask, into: scratch, count: scores) }
        differentiateSoftmax(scratch, weights: place)
        Scalar.gemm(
          transposeA: false, transposeB: false, m: tokens, n: headWidth, k: tokens, alpha: scale,
          a: scratch, strideA: scoreWidth, b: queries + size, strideB: 3 * size,
          beta: 0, c: gradient, strideC: 3 * size)
        Scalar.gemm(
          transposeA: true, transposeB: false, m: tokens, n: headWidth, k: tokens, alpha: scale,
          a: scratch, strideA: scoreWidth, b: queries, strideB: 3 * size,
          beta: 0, c: gradient + size, strideC: 3 * size)
      }
    }
  }

  /// The softmax of each row of a head's scores.
  @inline(__always)
  private func softmax<Scalar: Real>(_ scores: UnsafeMutablePointer<Scalar>) {
    for token in 0..<tokens {
      let row = scores + token * scoreWidth
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
    for token in 0..<tokens {
      let g = gradient + token * scoreWidth
      let w = weights + token * scoreWidth
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
