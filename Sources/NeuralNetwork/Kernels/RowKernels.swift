import LinearAlgebra

/// The passes of ``RowConvolution``.
enum RowKernels {
  /// Sets `output` = convolution of `input` + bias.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func forward<Scalar: Real>(
    _ input: Matrix<Scalar>, weight: Matrix<Scalar>, bias: Matrix<Scalar>?, into output: Matrix<Scalar>,
    shape: ConvolutionShape, filters: UnsafeMutablePointer<Scalar>
  ) {
    // input: (B · H · W, C_in), weight: (C_out, C_in · taps), bias: (1, C_out), output: (B · H_out · W_out, C_out).
    // filters: (taps · C_in, C_out), scratch.
    // For each row of pixels: output (W_out × C_out) = bias + Σ over kernel rows of input (W_out × K_w · C_in) · filters.
    let (inputs, outputs) = (shape.inputChannels, shape.outputChannels)
    FilterOrder.copy(weight.elements, intoColumns: filters, shape: shape)
    let images = self.images(output.rows / shape.outputPositions, shape)
    ThreadTeam.share(images.count) { piece, _ in
      for image in images[piece] {
        let source = input.elements + image * shape.positions * inputs
        let target = output.elements + image * shape.outputPositions * outputs
        for row in 0..<shape.outputHeight {
          let place = target + row * shape.outputWidth * outputs
          if let bias {
            fill(place, count: shape.outputWidth, with: bias.elements, size: outputs)
          } else {
            place.update(repeating: 0, count: shape.outputWidth * outputs)
          }
          Scalar.addSegmentedProduct(
            m: shape.outputWidth, n: outputs, k: shape.kernelWidth * inputs, segments: shape.kernelHeight,
            a: source + row * shape.width * inputs, rowStride: inputs, columnStride: 1,
            segmentStrideA: shape.width * inputs, b: filters, strideB: outputs,
            segmentStrideB: shape.kernelWidth * inputs * outputs,
            c: place, strideC: outputs)
        }
      }
    }
  }

  /// Sets `count` rows to one of `size` scalars.
  @inline(__always)
  private static func fill<Scalar: Real>(
    _ rows: UnsafeMutablePointer<Scalar>, count: Int, with row: UnsafeMutablePointer<Scalar>, size: Int
  ) {
    for index in 0..<count {
      let target = rows + index * size
      var column = 0
      while column + 16 <= size {
        target.store(row.vector(at: column), at: column)
        column += 16
      }
      while column < size {
        target[column] = row[column]
        column += 1
      }
    }
  }

  /// Sets the gradient of the weight.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func differentiateFilters<Scalar: Real>(
    _ outputGradient: Matrix<Scalar>, input: Matrix<Scalar>, shape: ConvolutionShape,
    weightGradient: Matrix<Scalar>, sums: Matrix<Scalar>
  ) {
    // outputGradient dY: (B · H_out · W_out, C_out), input x: (B · H · W, C_in), weightGradient: (C_out, C_in · taps).
    // sums: (shards, taps · C_in · C_out), scratch.
    // For each image and kernel row: sums (K_w · C_in × C_out) += Σ over rows of pixels of xᵀ (· × W_out) · dY (W_out × ·).
    let (inputs, outputs) = (shape.inputChannels, shape.outputChannels)
    let size = shape.fanIn * outputs
    let shards = self.shards(ofImages: outputGradient.rows / shape.outputPositions, shape)
    let count = max(shards.count, 1)
    if shards.count == 0 { sums.elements.update(repeating: 0, count: size) }
    ThreadTeam.share(shards.count) { shard, _ in
      let sums = sums.elements + shard * size
      sums.update(repeating: 0, count: size)
      for image in shards[shard] {
        let source = input.elements + image * shape.positions * inputs
        let gradient = outputGradient.elements + image * shape.outputPositions * outputs
        for tap in 0..<shape.kernelHeight {
          Scalar.addSegmentedProduct(
            m: shape.kernelWidth * inputs, n: outputs, k: shape.outputWidth, segments: shape.outputHeight,
            a: source + tap * shape.width * inputs, rowStride: 1, columnStride: inputs,
            segmentStrideA: shape.width * inputs, b: gradient, strideB: outputs,
            segmentStrideB: shape.outputWidth * outputs,
            c: sums + tap * shape.kernelWidth * inputs * outputs, strideC: outputs)
        }
      }
    }
    ShardSums.add(sums.elements, shards: count, count: size, into: sums.elements)
    for tap in 0..<shape.taps {
      for input in 0..<inputs {
        let source = sums.elements + (tap * inputs + input) * outputs
        let target = weightGradient.elements + input * shape.taps + tap
        for output in 0..<outputs { target[output * shape.fanIn] = source[output] }
      }
    }
  }

  /// Sets the gradient of the input.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func differentiateInput<Scalar: Real>(
    _ outputGradient: Matrix<Scalar>, weight: Matrix<Scalar>, into inputGradient: Matrix<Scalar>,
    shape: ConvolutionShape, filters: UnsafeMutablePointer<Scalar>, padded: Matrix<Scalar>
  ) {
    // outputGradient dY: (B · H_out · W_out, C_out), weight: (C_out, C_in · taps), inputGradient dX: (B · H · W, C_in).
    // filters: (taps · C_out, C), the taps of a kernel row backwards, and padded: (threads, scalars of an image as
    // `paddedSize` has them) are scratch. C is C_in, or as many columns as a product needs at least, those beyond C_in zero.
    // For each row of pixels: dX (W × C_in) = Σ over kernel rows of dY between zeros (W × K_w · C_out) · filters.
    let (inputs, outputs) = (shape.inputChannels, shape.outputChannels)
    let columns = self.columns(ofInputs: inputs)
    for tap in 0..<shape.taps {
      let (down, across) = tap.quotientAndRemainder(dividingBy: shape.kernelWidth)
      let place = down * shape.kernelWidth + shape.kernelWidth - 1 - across
      for output in 0..<outputs {
        let source = weight.elements + output * shape.fanIn + tap
        let target = filters + (place * outputs + output) * columns
        for input in 0..<inputs { target[input] = source[input * shape.taps] }
        for column in inputs..<columns { target[column] = 0 }
      }
    }
    let rowSize = (shape.width + shape.kernelWidth - 1) * outputs
    let zeros = (shape.kernelWidth - 1) * outputs
    let images = self.images(inputGradient.rows / shape.positions, shape)
    ThreadTeam.share(images.count, places: padded.rows) { piece, place in
      let padded = padded.elements + place * padded.columns
      let wide = padded + shape.outputHeight * rowSize
      for row in 0..<shape.outputHeight {
        (padded + row * rowSize).update(repeating: 0, count: zeros)
        (padded + (row + 1) * rowSize - zeros).update(repeating: 0, count: zeros)
      }
      for image in images[piece] {
        let gradient = outputGradient.elements + image * shape.outputPositions * outputs
        for row in 0..<shape.outputHeight {
          (padded + row * rowSize + zeros).update(
            from: gradient + row * shape.outputWidth * outputs, count: shape.outputWidth * outputs)
        }
        let target = inputGradient.elements + image * shape.positions * inputs
        for row in 0..<shape.height {
          let pixels = target + row * shape.width * inputs
          let place = columns > inputs ? wide : pixels
          place.update(repeating: 0, count: shape.width * columns)
          let down = ReachingTaps(
            input: row, kernel: shape.kernelHeight, stride: 1, padding: 0, size: shape.outputHeight)
          Scalar.addSegmentedProduct(
            m: shape.width, n: columns, k: shape.kernelWidth * outputs, segments: down.count,
            a: padded + down.pixel * rowSize, rowStride: outputs, columnStride: 1, segmentStrideA: rowSize,
            b: filters + down.first * shape.kernelWidth * outputs * columns, strideB: columns,
            segmentStrideB: -shape.kernelWidth * outputs * columns,
            c: place, strideC: columns)
          guard columns > inputs else { continue }
          for pixel in 0..<shape.width {
            for input in 0..<inputs { pixels[pixel * inputs + input] = wide[pixel * columns + input] }
          }
        }
      }
    }
  }

  /// Scalars of an image's output gradients between zeros and, if its channels are too few for a product, of a row of its
  /// gradient.
  static func paddedSize(_ shape: ConvolutionShape) -> Int {
    let columns = self.columns(ofInputs: shape.inputChannels)
    return shape.outputHeight * (shape.width + shape.kernelWidth - 1) * shape.outputChannels
      + (columns > shape.inputChannels ? shape.width * columns : 0)
  }

  /// Scalars of the filters, in whichever order.
  static func filterSize(_ shape: ConvolutionShape) -> Int {
    shape.taps * shape.outputChannels * columns(ofInputs: shape.inputChannels)
  }

  /// The columns of the product that gives an input's gradient. Fewer than fill a register, such as the three of an image,
  /// would be computed one by one, which takes ten times as long.
  private static func columns(ofInputs inputs: Int) -> Int { max(inputs, 8) }

  /// Images of a batch over which gradients are summed by themselves: a number that depends on the batch alone.
  static func shards(ofImages images: Int, _ shape: ConvolutionShape) -> Pieces {
    Pieces(of: images, smallest: piece(shape), most: RowShards.most)
  }

  /// Images in pieces of a tenth of a millisecond.
  private static func images(_ count: Int, _ shape: ConvolutionShape) -> Pieces {
    Pieces(of: count, smallest: piece(shape))
  }

  private static func piece(_ shape: ConvolutionShape) -> Int {
    max(1, (1 << 21) / (shape.outputPositions * shape.fanIn * shape.outputChannels))
  }
}
