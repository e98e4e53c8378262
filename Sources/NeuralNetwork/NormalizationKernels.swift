import LinearAlgebra

/// The loops of batch normalisation, sixteen features at a time down the rows.
///
/// `statistics` is a matrix of three rows: mean, variance, 1 / √(variance + ε).
enum NormalizationKernels {
  /// Sets mean and biased variance of every column of `input`.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func measure<Scalar: Real>(_ input: Matrix<Scalar>, into statistics: Matrix<Scalar>) {
    let width = input.columns
    let rows = input.rows
    let x = input.elements
    let factor = 1 / Scalar(rows)
    var column = 0
    while column + 16 <= width {
      var sum = SIMD16<Scalar>(repeating: 0)
      for row in 0..<rows { sum += x.vector(at: row * width + column) }
      let mean = sum * factor
      // A second pass over the differences: the difference of mean squares would lose half the digits.
      var squares = SIMD16<Scalar>(repeating: 0)
      for row in 0..<rows {
        let difference = x.vector(at: row * width + column) - mean
        squares = squares.addingProduct(difference, difference)
      }
      statistics.elements.store(mean, at: column)
      statistics.elements.store(squares * factor, at: width + column)
      column += 16
    }
    while column < width {
      var sum: Scalar = 0
      for row in 0..<rows { sum += x[row * width + column] }
      let mean = sum * factor
      var squares: Scalar = 0
      for row in 0..<rows {
        let difference = x[row * width + column] - mean
        squares += difference * difference
      }
      statistics.elements[column] = mean
      statistics.elements[width + column] = squares * factor
      column += 1
    }
  }

  /// Sets `output` and the third row of `statistics` from its first two.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func normalize<Scalar: Real>(
    _ input: Matrix<Scalar>, into output: Matrix<Scalar>, statistics: Matrix<Scalar>, scale: Matrix<Scalar>,
    shift: Matrix<Scalar>, epsilon: Scalar
  ) {
    let width = input.columns
    let table = statistics.elements
    for column in 0..<width {
      table[2 * width + column] = 1 / (table[width + column] + epsilon).squareRoot()
    }
    let x = input.elements
    let y = output.elements
    var column = 0
    while column + 16 <= width {
      let mean = table.vector(at: column)
      let factor = table.vector(at: 2 * width + column) * scale.elements.vector(at: column)
      let offset = shift.elements.vector(at: column)
      for row in 0..<input.rows {
        let place = row * width + column
        y.store(offset.addingProduct(x.vector(at: place) - mean, factor), at: place)
      }
      column += 16
    }
    while column < width {
      let factor = table[2 * width + column] * scale.elements[column]
      for row in 0..<input.rows {
        let place = row * width + column
        y[place] = (x[place] - table[column]) * factor + shift.elements[column]
      }
      column += 1
    }
  }

  /// Moves the running statistics towards those of the batch.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func average<Scalar: Real>(
    _ statistics: Matrix<Scalar>, into mean: Matrix<Scalar>, and variance: Matrix<Scalar>, momentum: Scalar,
    varianceFactor: Scalar
  ) {
    let width = statistics.columns
    for column in 0..<width {
      mean.elements[column] =
        (1 - momentum) * mean.elements[column] + momentum * statistics.elements[column]
      variance.elements[column] =
        (1 - momentum) * variance.elements[column]
        + momentum * (statistics.elements[width + column] * varianceFactor)
    }
  }

  /// Sets the gradients of scale and shift and, through the statistics or past them, of the input.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func differentiate<Scalar: Real>(
    _ outputGradient: Matrix<Scalar>, input: Matrix<Scalar>, statistics: Matrix<Scalar>,
    scale: Parameter<Scalar>, shift: Parameter<Scalar>, throughStatistics: Bool, inputGradient: Matrix<Scalar>
  ) {
    let width = input.columns
    let rows = input.rows
    let x = input.elements
    let dy = outputGradient.elements
    let dx = inputGradient.elements
    let table = statistics.elements
    let share = throughStatistics ? 1 / Scalar(rows) : 0
    var column = 0
    while column + 16 <= width {
      let mean = table.vector(at: column)
      let factor = table.vector(at: 2 * width + column)
      var shiftSum = SIMD16<Scalar>(repeating: 0)
      var scaleSum = SIMD16<Scalar>(repeating: 0)
      for row in 0..<rows {
        let place = row * width + column
        let gradient = dy.vector(at: place)
        shiftSum += gradient
        scaleSum = scaleSum.addingProduct(gradient, x.vector(at: place) - mean)
      }
      scaleSum *= factor
      shift.gradient.elements.store(shiftSum, at: column)
      scale.gradient.elements.store(scaleSum, at: column)
      let outer = scale.value.elements.vector(at: column) * factor
      let constant = shiftSum * share
      let slope = scaleSum * factor * share
      for row in 0..<rows {
        let place = row * width + column
        let rest = (x.vector(at: place) - mean) * slope + constant
        dx.store((dy.vector(at: place) - rest) * outer, at: place)
      }
      column += 16
    }
    while column < width {
      let mean = table[column]
      let factor = table[2 * width + column]
      var shiftSum: Scalar = 0
      var scaleSum: Scalar = 0
      for row in 0..<rows {
        let place = row * width + column
        shiftSum += dy[place]
        scaleSum += dy[place] * (x[place] - mean)
      }
      scaleSum *= factor
      shift.gradient.elements[column] = shiftSum
      scale.gradient.elements[column] = scaleSum
      for row in 0..<rows {
        let place = row * width + column
        let rest = (x[place] - mean) * (scaleSum * factor * share) + shiftSum * share
        dx[place] = (dy[place] - rest) * (scale.value.elements[column] * factor)
      }
      column += 1
    }
  }
}
