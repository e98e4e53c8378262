import LinearAlgebra

/// The loops of continual backpropagation.
enum ReplacementKernels {
  /// Σ of `count` numbers `stride` apart.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func sum<Scalar: Real>(_ x: UnsafeMutablePointer<Scalar>, count: Int, stride: Int) -> Scalar {
    // x: count scalars, each stride after the one before.
    // Σ x[i · stride]
    var sum: Scalar = 0
    for index in 0..<count { sum += x[index * stride] }
    return sum
  }

  /// Σ |xᵢ|.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func absoluteSum<Scalar: Real>(_ x: UnsafeMutablePointer<Scalar>, count: Int) -> Scalar {
    // x: count scalars.
    // Σ |x[i]|
    var lanes = SIMD16<Scalar>(repeating: 0)
    var index = 0
    while index + 16 <= count {
      lanes += magnitude(x.vector(at: index))
      index += 16
    }
    var sum: Scalar = 0
    for lane in 0..<16 { sum += lanes[lane] }
    while index < count {
      sum += abs(x[index])
      index += 1
    }
    return sum
  }

  /// Sets the first row of `averages` to the sums of the columns of `features`.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func setColumnSums<Scalar: Real>(of features: Matrix<Scalar>, into averages: Matrix<Scalar>) {
    // features: rows × units, row-major; averages: 2 × units, its first row overwritten.
    // averages[0, u] = Σ over rows of features[r, u]
    averages.elements.update(repeating: 0, count: features.columns)
    let width = features.columns
    let (x, out) = (features.elements, averages.elements)
    for row in 0..<features.rows {
      var column = 0
      while column + 16 <= width {
        out.store(out.vector(at: column) + x.vector(at: row * width + column), at: column)
        column += 16
      }
      while column < width {
        out[column] += x[row * width + column]
        column += 1
      }
    }
  }

  /// Sets `sums` to the sums of the absolute values of the columns of `matrix`.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func setAbsoluteColumnSums<Scalar: Real>(of matrix: Matrix<Scalar>, into sums: Matrix<Scalar>) {
    // matrix: rows × columns, row-major; sums: 1 × columns, overwritten.
    // sums[c] = Σ over rows of |matrix[r, c]|
    sums.elements.update(repeating: 0, count: matrix.columns)
    addDistances(matrix.elements, rows: matrix.rows, width: matrix.columns, from: nil, to: sums.elements)
  }

  /// Sets the second row of `averages` to Σ |x − f̂| of every column, f̂ being the first row.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func addDistances<Scalar: Real>(of features: Matrix<Scalar>, to averages: Matrix<Scalar>) {
    // features: rows × units, row-major; averages: 2 × units, f̂ in the first row, the second overwritten.
    // averages[1, u] = Σ over rows of |features[r, u] − averages[0, u]|
    let out = averages.elements + averages.columns
    out.update(repeating: 0, count: averages.columns)
    addDistances(
      features.elements, rows: features.rows, width: features.columns, from: averages.elements, to: out)
  }

  /// Lets all units age by one, moves their mean activations, and replaces the sums in the first row of `averages`
  /// by f̂.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func averageActivations<Scalar: Real>(
    _ averages: Matrix<Scalar>, rows: Int, age: Matrix<Scalar>, mean: Matrix<Scalar>, decay: Double
  ) {
    // averages: 2 × units, sums over `rows` rows in the first; age a, mean f: 1 × units (Dohare et al. 2021).
    // a += 1, f = decay · f + (1 − decay) · sum / rows, averages[0, u] = f̂ = f / (1 − decayᵃ)
    let share = 1 / Scalar(max(rows, 1))
    for unit in 0..<age.columns {
      age.elements[unit] += 1
      let value = averages.elements[unit] * share
      mean.elements[unit] = Scalar(decay) * mean.elements[unit] + Scalar(1 - decay) * value
      let power = OptimizerKernels.power(decay, UInt64(age.elements[unit]))
      averages.elements[unit] = mean.elements[unit] / Scalar(1 - power)
    }
  }

  /// Moves the utilities, from the sums of distances in the second row of `distances` and the sums of |w_out| by
  /// column.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func averageUtilities<Scalar: Real>(
    _ utility: Matrix<Scalar>, distances: Matrix<Scalar>, rows: Int, incoming: Matrix<Scalar>,
    outgoingSums: UnsafeMutablePointer<Scalar>, outgoingRows: Int, outgoing: OutgoingWeights, decay: Scalar
  ) {
    // utility u: 1 × units; distances: 2 × units, sums over `rows` rows of |h − f̂| in the second; incoming: units ×
    // inputs, row-major; outgoingSums: a sum over outgoingRows rows of |w_out| for each of the next layer's columns.
    // u = decay · u + (1 − decay) · mean|h − f̂| · mean|w_out| / mean|w_in| (Dohare et al. 2021)
    let rowShare = 1 / Scalar(max(rows, 1))
    let outgoingShare = 1 / Scalar(outgoing.run(of: 0).count * outgoingRows)
    let incomingShare = 1 / Scalar(incoming.columns)
    for unit in 0..<utility.columns {
      let run = outgoing.run(of: unit)
      let behind = sum(outgoingSums + run.start, count: run.count, stride: run.stride) * outgoingShare
      let row = incoming.elements + unit * incoming.columns
      let front = absoluteSum(row, count: incoming.columns) * incomingShare
      // A unit without incoming weights is a constant: its distance is 0 but for rounding.
      let value = front > 0 ? distances[1, unit] * rowShare * behind / front : 0
      utility.elements[unit] = decay * utility.elements[unit] + (1 - decay) * value
    }
  }

  /// How many entries exceed `limit`.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func count<Scalar: Real>(_ values: Matrix<Scalar>, above limit: Scalar) -> Int {
    // values: any shape.
    // the number of values[i] > limit
    var count = 0
    for index in 0..<values.count where values.elements[index] > limit { count += 1 }
    return count
  }

  @inline(__always)
  private static func addDistances<Scalar: Real>(
    _ x: UnsafeMutablePointer<Scalar>, rows: Int, width: Int, from center: UnsafeMutablePointer<Scalar>?,
    to sums: UnsafeMutablePointer<Scalar>
  ) {
    // x: rows × width, row-major; center, sums: width.
    // sums[c] += Σ over rows of |x[r, c] − center[c]|
    for row in 0..<rows {
      var column = 0
      while column + 16 <= width {
        var value = x.vector(at: row * width + column)
        if let center { value -= center.vector(at: column) }
        sums.store(sums.vector(at: column) + magnitude(value), at: column)
        column += 16
      }
      while column < width {
        sums[column] += abs(x[row * width + column] - (center?[column] ?? 0))
        column += 1
      }
    }
  }

  @inline(__always)
  private static func magnitude<Scalar: Real>(_ x: SIMD16<Scalar>) -> SIMD16<Scalar> {
    Scalar.choosing(x, over: -x, where: x, exceeds: .zero)
  }
}
