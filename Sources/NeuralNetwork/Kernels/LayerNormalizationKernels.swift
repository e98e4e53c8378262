import LinearAlgebra

/// The loops of layer normalisation, row by row and sixteen features at a time.
///
/// `statistics` has for each row its mean and 1 / √(variance + ε).
enum LayerNormalizationKernels {
  /// Sets `output` and `statistics`.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func normalize<Scalar: Real>(
    _ input: Matrix<Scalar>, into output: Matrix<Scalar>, statistics: Matrix<Scalar>, scale: Matrix<Scalar>,
    shift: Matrix<Scalar>, epsilon: Scalar
  ) {
    // input x, output y: rows × features, row-major; statistics: rows × 2; scale γ, shift β: 1 × features.
    // y[r, f] = (x[r, f] − mean_r) · factor_r · γ[f] + β[f], factor_r = 1 / √(variance_r + ε) (Ba et al. 2016)
    let width = input.columns
    let vectors = width / 16 * 16
    let gamma = scale.elements
    let beta = shift.elements
    ThreadTeam.shareRows(input.rows, of: width) { range, _ in
      for row in range {
        let x = input.elements + row * width
        let y = output.elements + row * width
        var lanes = SIMD16<Scalar>(repeating: 0)
        for column in stride(from: 0, to: vectors, by: 16) { lanes += x.vector(at: column) }
        var sum = lanes.laneSum
        for column in vectors..<width { sum += x[column] }
        let mean = sum / Scalar(width)
        // A second pass over the differences: the difference of mean squares would lose half the digits.
        lanes = SIMD16(repeating: 0)
        for column in stride(from: 0, to: vectors, by: 16) {
          let difference = x.vector(at: column) - mean
          lanes = lanes.addingProduct(difference, difference)
        }
        var squares = lanes.laneSum
        for column in vectors..<width { squares += (x[column] - mean) * (x[column] - mean) }
        let factor = 1 / (squares / Scalar(width) + epsilon).squareRoot()
        statistics.elements[2 * row] = mean
        statistics.elements[2 * row + 1] = factor
        for column in stride(from: 0, to: vectors, by: 16) {
          let slope = gamma.vector(at: column) * factor
          y.store(beta.vector(at: column).addingProduct(x.vector(at: column) - mean, slope), at: column)
        }
        for column in vectors..<width {
          y[column] = beta[column] + (x[column] - mean) * (gamma[column] * factor)
        }
      }
    }
  }

  /// Sets the gradients of scale, shift and input.
  ///
  /// With z = (x − mean) · factor and g = γ · dy: dx = factor · (g − mean(g) − z · mean(g · z)).
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func differentiate<Scalar: Real>(
    _ outputGradient: Matrix<Scalar>, input: Matrix<Scalar>, statistics: Matrix<Scalar>,
    scale: Parameter<Scalar>, shift: Parameter<Scalar>, inputGradient: Matrix<Scalar>,
    sums: UnsafeMutablePointer<Scalar>
  ) {
    // outputGradient dy, input x, inputGradient dx: rows × features, row-major; statistics: rows × 2.
    // scale γ, shift β: 1 × features, their gradients overwritten: dγ = Σ over rows of dy · z, dβ = Σ of dy.
    // sums: shards × features for γ, then as many for β, scratch.
    let width = input.columns
    let vectors = width / 16 * 16
    let gamma = scale.value.elements
    let shards = RowShards(rows: input.rows, columns: width)
    ThreadTeam.share(shards.count) { shard, _ in
      let scaleGradient = sums + shard * width
      let shiftGradient = sums + (shards.count + shard) * width
      scaleGradient.update(repeating: 0, count: width)
      shiftGradient.update(repeating: 0, count: width)
      for row in shards[shard] {
        let x = input.elements + row * width
        let dy = outputGradient.elements + row * width
        let dx = inputGradient.elements + row * width
        let mean = statistics.elements[2 * row]
        let factor = statistics.elements[2 * row + 1]
        var plain = SIMD16<Scalar>(repeating: 0)
        var weighted = SIMD16<Scalar>(repeating: 0)
        for column in stride(from: 0, to: vectors, by: 16) {
          let gradient = dy.vector(at: column)
          let z = (x.vector(at: column) - mean) * factor
          let g = gradient * gamma.vector(at: column)
          plain += g
          weighted = weighted.addingProduct(g, z)
          shiftGradient.store(shiftGradient.vector(at: column) + gradient, at: column)
          scaleGradient.store(scaleGradient.vector(at: column).addingProduct(gradient, z), at: column)
        }
        var plainSum = plain.laneSum
        var weightedSum = weighted.laneSum
        for column in vectors..<width {
          let z = (x[column] - mean) * factor
          plainSum += dy[column] * gamma[column]
          weightedSum += dy[column] * gamma[column] * z
          shiftGradient[column] += dy[column]
          scaleGradient[column] += dy[column] * z
        }
        let constant = plainSum / Scalar(width)
        let slope = weightedSum / Scalar(width) * factor
        for column in stride(from: 0, to: vectors, by: 16) {
          let rest = (x.vector(at: column) - mean) * slope + constant
          dx.store((dy.vector(at: column) * gamma.vector(at: column) - rest) * factor, at: column)
        }
        for column in vectors..<width {
          let rest = (x[column] - mean) * slope + constant
          dx[column] = (dy[column] * gamma[column] - rest) * factor
        }
      }
    }
    ShardSums.add(sums, shards: shards.count, count: width, into: scale.gradient.elements)
    ShardSums.add(
      sums + shards.count * width, shards: shards.count, count: width, into: shift.gradient.elements)
  }
}
