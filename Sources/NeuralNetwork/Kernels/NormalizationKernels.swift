import LinearAlgebra

/// The loops of normalisation along the rows of a matrix, sixteen features at a time.
///
/// Images are larger than the caches, so every loop goes through memory once, block of rows by block of rows.
enum NormalizationKernels {
  /// As many rows as stay in the first-level cache; sums over so few lose no digits in working precision.
  @inline(__always)
  static func rowsOfBlock(width: Int) -> Int { max(8, 4_096 / width) }

  /// Sets ``NormalizationTable/inverse`` from the variance, factor and shift from that and from γ and β.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func prepare<Scalar: Real>(
    _ table: NormalizationTable<Scalar>, scale: Matrix<Scalar>, shift: Matrix<Scalar>, epsilon: Scalar
  ) {
    // variance, inverse, factor, shift: features; scale γ, shift β: 1 × features.
    // inverse = 1 / √(variance + ε), factor = inverse · γ, shift = β
    for column in 0..<table.width {
      let inverse = 1 / (table.variance[column] + epsilon).squareRoot()
      table.inverse[column] = inverse
      table.factor[column] = inverse * scale.elements[column]
      table.shift[column] = shift.elements[column]
    }
  }

  /// `output ← (input − centre) · factor + shift`, plus `addend` if there is one, rectified on request.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func normalize<Scalar: Real>(
    _ input: Matrix<Scalar>, into output: Matrix<Scalar>, table: NormalizationTable<Scalar>,
    addend: UnsafeMutablePointer<Scalar>?, isRectified: Bool
  ) {
    // input x, output y, addend: rows × features, row-major; center, factor, shift: features.
    // y[r, f] = (x[r, f] − center[f]) · factor[f] + shift[f] (+ addend[r, f]) (Ioffe and Szegedy 2015)
    // A loop for each case, and pointers as they are there.
    switch (addend, isRectified) {
    case (nil, false): normalize(input, output, table, always: nil, isRectified: false)
    case (nil, true): normalize(input, output, table, always: nil, isRectified: true)
    case (let addend?, false): normalize(input, output, table, always: addend, isRectified: false)
    case (let addend?, true): normalize(input, output, table, always: addend, isRectified: true)
    }
  }

  @inline(__always)
  private static func normalize<Scalar: Real>(
    _ input: Matrix<Scalar>, _ output: Matrix<Scalar>, _ table: NormalizationTable<Scalar>,
    always addend: UnsafeMutablePointer<Scalar>?, isRectified: Bool
  ) {
    let width = input.columns
    let (x, y) = (input.elements, output.elements)
    let (center, factor, shift) = (table.center, table.factor, table.shift)
    ThreadTeam.shareRows(input.rows, of: width) { range, _ in
      for row in range {
        let start = row * width
        var column = 0
        while column + 16 <= width {
          let difference = x.vector(at: start + column) - center.vector(at: column)
          var value = shift.vector(at: column).addingProduct(difference, factor.vector(at: column))
          if let addend { value += addend.vector(at: start + column) }
          if isRectified { value = Scalar.keeping(value, wherePositive: value) }
          y.store(value, at: start + column)
          column += 16
        }
        while column < width {
          var value = shift[column].addingProduct(x[start + column] - center[column], factor[column])
          if let addend { value += addend[start + column] }
          y[start + column] = isRectified && !(value > 0) ? 0 : value
          column += 1
        }
      }
    }
  }

  /// Where a rectifier behind the normalisation lets gradients through.
  enum Rectifier<Scalar: Real> {
    case absent
    /// Where what was computed from the input, which is cheaper to do again than to read, is positive.
    case behindResult
    /// Where `output` is positive; `kept` receives what comes through.
    case behindSum(output: UnsafeMutablePointer<Scalar>, kept: UnsafeMutablePointer<Scalar>)
  }

  /// Sets ``NormalizationTable/gradientSum`` and ``NormalizationTable/productSum``.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func sumGradients<Scalar: Real>(
    _ outputGradient: Matrix<Scalar>, input: UnsafeMutablePointer<Scalar>, table: NormalizationTable<Scalar>,
    rectifier: Rectifier<Scalar>, sums: UnsafeMutablePointer<Scalar>
  ) {
    // outputGradient dy, input x, and what the rectifier reads and keeps: rows × features, row-major; sums: 2 · shards ×
    // features, scratch.
    // gradientSum[f] = Σ over rows of dy, productSum[f] = Σ of dy · (x − center), dy being what the rectifier lets
    // through.
    let width = table.width
    let shards = RowShards(rows: outputGradient.rows, columns: width)
    ThreadTeam.share(shards.count) { shard, _ in
      let rows = shards[shard]
      let (gradientSum, productSum) = (sums + shard * width, sums + (shards.count + shard) * width)
      gradientSum.update(repeating: 0, count: width)
      productSum.update(repeating: 0, count: width)
      switch rectifier {
      case .absent:
        sum(
          outputGradient, rows, input, table, gradientSum, productSum, isRectified: false, output: nil,
          kept: nil)
      case .behindResult:
        sum(
          outputGradient, rows, input, table, gradientSum, productSum, isRectified: true, output: nil,
          kept: nil)
      case .behindSum(let output, let kept):
        sum(
          outputGradient, rows, input, table, gradientSum, productSum, isRectified: true, output: output,
          kept: kept)
      }
    }
    ShardSums.add(sums, shards: shards.count, count: width, into: table.gradientSum)
    ShardSums.add(sums + shards.count * width, shards: shards.count, count: width, into: table.productSum)
  }

  @inline(__always)
  private static func sum<Scalar: Real>(
    _ outputGradient: Matrix<Scalar>, _ rows: Range<Int>, _ x: UnsafeMutablePointer<Scalar>,
    _ table: NormalizationTable<Scalar>, _ gradientSum: UnsafeMutablePointer<Scalar>,
    _ productSum: UnsafeMutablePointer<Scalar>, isRectified: Bool, output: UnsafeMutablePointer<Scalar>?,
    kept: UnsafeMutablePointer<Scalar>?
  ) {
    let width = outputGradient.columns
    let dy = outputGradient.elements
    let (center, factor, shift) = (table.center, table.factor, table.shift)
    let block = rowsOfBlock(width: width)
    var first = rows.lowerBound
    while first < rows.upperBound {
      let last = min(first + block, rows.upperBound)
      var column = 0
      while column + 16 <= width {
        let mean = center.vector(at: column)
        let scale = factor.vector(at: column)
        let offset = shift.vector(at: column)
        var sum = SIMD16<Scalar>(repeating: 0)
        var product = SIMD16<Scalar>(repeating: 0)
        for row in first..<last {
          let place = row * width + column
          let difference = x.vector(at: place) - mean
          var gradient = dy.vector(at: place)
          if isRectified {
            let result = output?.vector(at: place) ?? offset.addingProduct(difference, scale)
            gradient = Scalar.keeping(gradient, wherePositive: result)
          }
          if let kept { kept.store(gradient, at: place) }
          sum += gradient
          product = product.addingProduct(gradient, difference)
        }
        gradientSum.store(gradientSum.vector(at: column) + sum, at: column)
        productSum.store(productSum.vector(at: column) + product, at: column)
        column += 16
      }
      while column < width {
        var sum: Scalar = 0
        var product: Scalar = 0
        for row in first..<last {
          let place = row * width + column
          let difference = x[place] - center[column]
          var gradient = dy[place]
          if isRectified {
            let result = output?[place] ?? shift[column].addingProduct(difference, factor[column])
            if !(result > 0) { gradient = 0 }
          }
          if let kept { kept[place] = gradient }
          sum += gradient
          product += gradient * difference
        }
        gradientSum[column] += sum
        productSum[column] += product
        column += 1
      }
      first = last
    }
  }

  /// `inputGradient ← outputGradient · factor − (input − centre) · slope − constant`, the output gradient being the
  /// one kept where the rectifier is behind a sum.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func differentiate<Scalar: Real>(
    _ outputGradient: Matrix<Scalar>, input: UnsafeMutablePointer<Scalar>, table: NormalizationTable<Scalar>,
    rectifier: Rectifier<Scalar>, into inputGradient: UnsafeMutablePointer<Scalar>
  ) {
    // outputGradient dy, input x, inputGradient dx: rows × features, row-major; table: features.
    // dx[r, f] = dy · factor[f] − (x − center[f]) · slope[f] − constant[f]
    let rows = outputGradient.rows
    switch rectifier {
    case .absent:
      differentiate(outputGradient.elements, rows, input, table, isRectified: false, inputGradient)
    case .behindResult:
      differentiate(outputGradient.elements, rows, input, table, isRectified: true, inputGradient)
    case .behindSum(_, let kept): differentiate(kept, rows, input, table, isRectified: false, inputGradient)
    }
  }

  @inline(__always)
  private static func differentiate<Scalar: Real>(
    _ dy: UnsafeMutablePointer<Scalar>, _ rows: Int, _ x: UnsafeMutablePointer<Scalar>,
    _ table: NormalizationTable<Scalar>, isRectified: Bool, _ dx: UnsafeMutablePointer<Scalar>
  ) {
    let width = table.width
    let (center, factor, shift) = (table.center, table.factor, table.shift)
    let (slope, constant) = (table.slope, table.constant)
    ThreadTeam.shareRows(rows, of: width) { range, _ in
      for row in range {
        let start = row * width
        var column = 0
        while column + 16 <= width {
          let place = start + column
          let difference = x.vector(at: place) - center.vector(at: column)
          let scale = factor.vector(at: column)
          var gradient = dy.vector(at: place)
          if isRectified {
            let result = shift.vector(at: column).addingProduct(difference, scale)
            gradient = Scalar.keeping(gradient, wherePositive: result)
          }
          let rest = constant.vector(at: column).addingProduct(difference, slope.vector(at: column))
          dx.store(gradient * scale - rest, at: place)
          column += 16
        }
        while column < width {
          let place = start + column
          let difference = x[place] - center[column]
          var gradient = dy[place]
          if isRectified, !(shift[column].addingProduct(difference, factor[column]) > 0) { gradient = 0 }
          dx[place] = gradient * factor[column] - constant[column].addingProduct(difference, slope[column])
          column += 1
        }
      }
    }
  }

  /// Moves the running statistics towards those of the batch.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func average<Scalar: Real>(
    _ table: NormalizationTable<Scalar>, into mean: Matrix<Scalar>, and variance: Matrix<Scalar>,
    momentum: Scalar, varianceFactor: Scalar
  ) {
    // center, variance: features; mean, variance: 1 × features, changed in place.
    // mean = (1 − momentum) · mean + momentum · center, and the variance (times varianceFactor) likewise
    for column in 0..<table.width {
      mean.elements[column] = (1 - momentum) * mean.elements[column] + momentum * table.center[column]
      variance.elements[column] =
        (1 - momentum) * variance.elements[column] + momentum * (table.variance[column] * varianceFactor)
    }
  }

  /// Sets the gradients of scale and shift, and slope and constant, from the sums over a batch.
  ///
  /// - Parameter share: 1 ÷ rows, or 0 if the statistics do not depend on the batch.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func finish<Scalar: Real>(
    _ table: NormalizationTable<Scalar>, share: Scalar, scaleGradient: UnsafeMutablePointer<Scalar>,
    shiftGradient: UnsafeMutablePointer<Scalar>
  ) {
    // table, scaleGradient dγ, shiftGradient dβ: features.
    // dγ = productSum · inverse, dβ = gradientSum,
    // constant = dβ · share · factor, slope = dγ · inverse · share · factor
    let (factor, inverse) = (table.factor, table.inverse)
    let (gradientSum, productSum) = (table.gradientSum, table.productSum)
    let (constant, slope) = (table.constant, table.slope)
    for column in 0..<table.width {
      let product = productSum[column] * inverse[column]
      scaleGradient[column] = product
      shiftGradient[column] = gradientSum[column]
      constant[column] = gradientSum[column] * share * factor[column]
      slope[column] = product * inverse[column] * share * factor[column]
    }
  }

  /// Sets centre, factor and shift for rows of one mean and one variance.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func fill<Scalar: Real>(
    _ table: NormalizationTable<Scalar>, mean: Scalar, inverse: Scalar, scale: UnsafeMutablePointer<Scalar>,
    shift: UnsafeMutablePointer<Scalar>
  ) {
    // table, scale γ, shift β: features; mean, inverse: of one sample.
    // center = mean, factor = inverse · γ, shift = β
    table.center.update(repeating: mean, count: table.width)
    table.shift.update(from: shift, count: table.width)
    let factor = table.factor
    for column in 0..<table.width { factor[column] = inverse * scale[column] }
  }

  /// Adds the sums of one sample to the gradients of scale and shift, and sets constant and slope of its input
  /// gradient from Σ dy · factor and Σ dy · factor · (x − centre).
  ///
  /// - Parameter share: 1 ÷ the numbers that mean and variance are of.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func accumulate<Scalar: Real>(
    _ table: NormalizationTable<Scalar>, inverse: Scalar, share: Scalar,
    scaleGradient: UnsafeMutablePointer<Scalar>, shiftGradient: UnsafeMutablePointer<Scalar>
  ) {
    // table, scaleGradient, shiftGradient: features, the gradients added to; inverse: of one sample.
    // constant = share · Σ gradientSum · factor, slope = share · inverse² · Σ productSum · factor, the same in all
    let (factor, gradientSum, productSum) = (table.factor, table.gradientSum, table.productSum)
    var gradient: Scalar = 0
    var product: Scalar = 0
    for column in 0..<table.width {
      gradient += gradientSum[column] * factor[column]
      product += productSum[column] * factor[column]
    }
    for column in 0..<table.width {
      scaleGradient[column] += productSum[column] * inverse
      shiftGradient[column] += gradientSum[column]
    }
    table.constant.update(repeating: gradient * share, count: table.width)
    table.slope.update(repeating: product * inverse * inverse * share, count: table.width)
  }
}
