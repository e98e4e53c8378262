import LinearAlgebra

/// The passes of ``PatchConvolution``, block by block.
enum PatchKernels {
  /// Sets `output` = patches · filters + bias.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func forward<Scalar: Real>(
    _ input: Matrix<Scalar>, weight: Matrix<Scalar>, bias: Matrix<Scalar>?, into output: Matrix<Scalar>,
    shape: ConvolutionShape, filters: Matrix<Scalar>, patches: Matrix<Scalar>
  ) {
    // input: (B · H · W, C_in), weight: (C_out, C_in · taps), bias: (1, C_out), output: (B · H_out · W_out, C_out).
    // filters: (fanIn, C_out) and patches: (rows of a block, fanIn) are scratch; fanIn = taps · C_in.
    // output = patches(input) · filters + bias, a block of rows after the other.
    let inner = shape.fanIn
    let outputs = shape.outputChannels
    FilterOrder.copy(weight.elements, intoColumns: filters.elements, shape: shape)
    var first = 0
    while first < output.rows {
      let count = min(patches.rows, output.rows - first)
      let source = PatchGathering.patches(
        of: input.elements, shape: shape, first: first, count: count, into: patches.elements)
      let block = output.elements + first * outputs
      if let bias {
        for row in 0..<count { (block + row * outputs).update(from: bias.elements, count: outputs) }
      }
      Scalar.gemm(
        transposeA: false, transposeB: false, m: count, n: outputs, k: inner, alpha: 1, a: source,
        strideA: inner, b: filters.elements, strideB: outputs, beta: bias == nil ? 0 : 1, c: block,
        strideC: outputs)
      first += count
    }
  }

  /// Sets the gradients of weight and bias: output gradientsᵀ · patches, and the column sums.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func differentiateFilters<Scalar: Real>(
    _ outputGradient: Matrix<Scalar>, input: Matrix<Scalar>, shape: ConvolutionShape,
    weightGradient: Matrix<Scalar>, biasGradient: Matrix<Scalar>?, filterGradients: Matrix<Scalar>,
    patches: Matrix<Scalar>
  ) {
    // outputGradient: (B · H_out · W_out, C_out), input: (B · H · W, C_in).
    // weightGradient: (C_out, C_in · taps), biasGradient: (1, C_out); both are overwritten.
    // filterGradients: (C_out, fanIn) and patches: (rows of a block, fanIn) are scratch.
    // dW = dYᵀ · patches(X), db = Σ over rows of dY
    let inner = shape.fanIn
    let outputs = shape.outputChannels
    biasGradient?.elements.update(repeating: 0, count: outputs)
    let sums = shape.taps == 1 ? weightGradient.elements : filterGradients.elements
    if outputGradient.rows == 0 { sums.update(repeating: 0, count: outputs * inner) }
    var first = 0
    while first < outputGradient.rows {
      let count = min(patches.rows, outputGradient.rows - first)
      let source = PatchGathering.patches(
        of: input.elements, shape: shape, first: first, count: count, into: patches.elements)
      let block = outputGradient.elements + first * outputs
      Scalar.gemm(
        transposeA: true, transposeB: false, m: outputs, n: inner, k: count, alpha: 1, a: block,
        strideA: outputs, b: source, strideB: inner, beta: first == 0 ? 0 : 1, c: sums, strideC: inner)
      if let biasGradient {
        addColumns(of: block, rows: count, columns: outputs, to: biasGradient.elements)
      }
      first += count
    }
    if shape.taps > 1 {
      FilterOrder.copyBack(filterGradients.elements, into: weightGradient.elements, shape: shape)
    }
  }

  /// Sets `inputGradient` to the sums of the patches' gradients, output gradients · filtersᵀ.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func differentiateInput<Scalar: Real>(
    _ outputGradient: Matrix<Scalar>, weight: Matrix<Scalar>, into inputGradient: Matrix<Scalar>,
    shape: ConvolutionShape, filters: Matrix<Scalar>, patches: Matrix<Scalar>
  ) {
    // outputGradient: (B · H_out · W_out, C_out), weight: (C_out, C_in · taps), inputGradient: (B · H · W, C_in).
    // filters: (C_out, fanIn) and patches: (rows of a block, fanIn) are scratch. Patches overlap, so what is not
    // pointwise is added to an inputGradient that starts at zero.
    // patches = dY · filters, dX[pixel] = Σ over the patches that hold it
    let inner = shape.fanIn
    let outputs = shape.outputChannels
    var rows = weight.elements
    if shape.taps > 1 {
      FilterOrder.copy(weight.elements, intoRows: filters.elements, shape: shape)
      rows = filters.elements
    }
    var first = 0
    while first < outputGradient.rows {
      let count = min(patches.rows, outputGradient.rows - first)
      let target = shape.isPointwise ? inputGradient.elements + first * inner : patches.elements
      Scalar.gemm(
        transposeA: false, transposeB: false, m: count, n: inner, k: outputs, alpha: 1,
        a: outputGradient.elements + first * outputs, strideA: outputs, b: rows, strideB: inner, beta: 0,
        c: target, strideC: inner)
      if !shape.isPointwise {
        PatchGathering.add(
          patches.elements, to: inputGradient.elements, shape: shape, first: first, count: count)
      }
      first += count
    }
  }

  /// `sums += ` the sums of the columns of a block of rows.
  @inline(__always)
  private static func addColumns<Scalar: Real>(
    of block: UnsafeMutablePointer<Scalar>, rows: Int, columns: Int, to sums: UnsafeMutablePointer<Scalar>
  ) {
    // block: rows × columns, row-major; sums: columns.
    // sums[c] += Σ over rows of block[r, c]
    var column = 0
    while column + 16 <= columns {
      // Two chains of additions, because one alone would wait for its own latency.
      var even = SIMD16<Scalar>(repeating: 0)
      var odd = SIMD16<Scalar>(repeating: 0)
      var row = 0
      while row + 2 <= rows {
        even += block.vector(at: row * columns + column)
        odd += block.vector(at: (row + 1) * columns + column)
        row += 2
      }
      if row < rows { even += block.vector(at: row * columns + column) }
      sums.store(sums.vector(at: column) + (even + odd), at: column)
      column += 16
    }
    while column < columns {
      var sum: Scalar = 0
      for row in 0..<rows { sum += block[row * columns + column] }
      sums[column] += sum
      column += 1
    }
  }
}
