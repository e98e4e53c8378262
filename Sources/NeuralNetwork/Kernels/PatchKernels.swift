import LinearAlgebra

/// The passes of ``PatchConvolution``, block by block. Each thread has a row of `patches`, room for the patches of a block.
enum PatchKernels {
  /// Sets `output` = patches · filters + bias.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func forward<Scalar: Real>(
    _ input: Matrix<Scalar>, weight: Matrix<Scalar>, bias: Matrix<Scalar>?, into output: Matrix<Scalar>,
    shape: ConvolutionShape, filters: Matrix<Scalar>, patches: Matrix<Scalar>
  ) {
    // input: (B · H · W, C_in), weight: (C_out, C_in · taps), bias: (1, C_out), output: (B · H_out · W_out, C_out).
    // filters: (fanIn, C_out) and patches: (threads, rows of a block · fanIn) are scratch; fanIn = taps · C_in.
    // output = patches(input) · filters + bias, a block of rows after the other.
    let inner = shape.fanIn
    let outputs = shape.outputChannels
    FilterOrder.copy(weight.elements, intoColumns: filters.elements, shape: shape)
    let blocks = Pieces(of: output.rows, smallest: patches.columns / inner, most: output.rows)
    ThreadTeam.share(blocks.count, places: patches.rows) { piece, place in
      let (first, count) = (blocks[piece].lowerBound, blocks[piece].count)
      let source = PatchGathering.patches(
        of: input.elements, shape: shape, first: first, count: count,
        into: patches.elements + place * patches.columns)
      let block = output.elements + first * outputs
      if let bias {
        for row in 0..<count { (block + row * outputs).update(from: bias.elements, count: outputs) }
      }
      Scalar.gemm(
        transposeA: false, transposeB: false, m: count, n: outputs, k: inner, alpha: 1, a: source,
        strideA: inner, b: filters.elements, strideB: outputs, beta: bias == nil ? 0 : 1, c: block,
        strideC: outputs)
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
    // filterGradients: (shards, C_out · (fanIn + 1)) and patches: (threads, rows of a block · fanIn) are scratch.
    // dW = dYᵀ · patches(X), db = Σ over rows of dY
    let inner = shape.fanIn
    let outputs = shape.outputChannels
    let size = outputs * inner
    let blocks = Pieces(of: outputGradient.rows, smallest: patches.columns / inner, most: outputGradient.rows)
    let shards = Pieces(of: blocks.count, smallest: 2, most: filterGradients.rows)
    let biasSums = filterGradients.elements + max(shards.count, 1) * size
    if blocks.count == 0 { filterGradients.elements.update(repeating: 0, count: size + outputs) }
    ThreadTeam.share(shards.count, places: patches.rows) { shard, place in
      let sums = filterGradients.elements + shard * size
      (biasSums + shard * outputs).update(repeating: 0, count: outputs)
      for piece in shards[shard] {
        let (first, count) = (blocks[piece].lowerBound, blocks[piece].count)
        let source = PatchGathering.patches(
          of: input.elements, shape: shape, first: first, count: count,
          into: patches.elements + place * patches.columns)
        let block = outputGradient.elements + first * outputs
        Scalar.gemm(
          transposeA: true, transposeB: false, m: outputs, n: inner, k: count, alpha: 1, a: block,
          strideA: outputs, b: source, strideB: inner, beta: piece == shards[shard].lowerBound ? 0 : 1,
          c: sums,
          strideC: inner)
        if biasGradient != nil {
          addColumns(of: block, rows: count, columns: outputs, to: biasSums + shard * outputs)
        }
      }
    }
    let count = max(shards.count, 1)
    if let biasGradient {
      ShardSums.add(biasSums, shards: count, count: outputs, into: biasGradient.elements)
    }
    let sums = shape.taps == 1 ? weightGradient.elements : filterGradients.elements
    ShardSums.add(filterGradients.elements, shards: count, count: size, into: sums)
    if shape.taps > 1 { FilterOrder.copyBack(sums, into: weightGradient.elements, shape: shape) }
  }

  /// Sets `inputGradient` to the sums of the patches' gradients, output gradients · filtersᵀ.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func differentiateInput<Scalar: Real>(
    _ outputGradient: Matrix<Scalar>, weight: Matrix<Scalar>, into inputGradient: Matrix<Scalar>,
    shape: ConvolutionShape, filters: Matrix<Scalar>, patches: Matrix<Scalar>
  ) {
    // outputGradient: (B · H_out · W_out, C_out), weight: (C_out, C_in · taps), inputGradient: (B · H · W, C_in).
    // filters: (C_out, fanIn) and patches: (threads, rows of a block · fanIn) are scratch. Patches overlap, so what is not
    // pointwise is added to an inputGradient that starts at zero.
    // patches = dY · filters, dX[pixel] = Σ over the patches that hold it
    let inner = shape.fanIn
    let outputs = shape.outputChannels
    var rows = weight.elements
    if shape.taps > 1 {
      FilterOrder.copy(weight.elements, intoRows: filters.elements, shape: shape)
      rows = filters.elements
    }
    // Patches of one image overlap: one thread takes them all, in order.
    let blockRows = patches.columns / inner
    let positions = shape.outputPositions
    let images = Pieces(
      of: outputGradient.rows / positions, smallest: (blockRows + positions - 1) / positions,
      most: outputGradient.rows)
    ThreadTeam.share(images.count, places: patches.rows) { piece, place in
      let patches = patches.elements + place * patches.columns
      var first = images[piece].lowerBound * positions
      let end = images[piece].upperBound * positions
      while first < end {
        let count = min(blockRows, end - first)
        let target = shape.isPointwise ? inputGradient.elements + first * inner : patches
        Scalar.gemm(
          transposeA: false, transposeB: false, m: count, n: inner, k: outputs, alpha: 1,
          a: outputGradient.elements + first * outputs, strideA: outputs, b: rows, strideB: inner, beta: 0,
          c: target, strideC: inner)
        if !shape.isPointwise {
          PatchGathering.add(patches, to: inputGradient.elements, shape: shape, first: first, count: count)
        }
        first += count
      }
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
