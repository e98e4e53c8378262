import LinearAlgebra

/// The passes of ``DirectConvolution``.
enum DirectKernels {
  /// Sets `output` = convolution of `input` + bias.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func forward<Scalar: Real>(
    _ input: Matrix<Scalar>, weight: Matrix<Scalar>, bias: Matrix<Scalar>?, into output: Matrix<Scalar>,
    shape: ConvolutionShape, filters: UnsafeMutablePointer<Scalar>
  ) {
    // input: (B · H · W, C_in), weight: (C_out, C_in · taps), bias: (1, C_out), output: (B · H_out · W_out, C_out),
    // filters: (taps · C_in, C_out), scratch.
    // For each pixel: output (B × C_out) = bias + Σ over kernel rows of input (B × taps in the row · C_in) · filters.
    let (inputs, outputs) = (shape.inputChannels, shape.outputChannels)
    let images = output.rows / shape.outputPositions
    ThreadTeam.shareRows(inputs, of: shape.taps * outputs) { range, _ in
      shape.forEachReachingTap { tap in
        for input in range {
          let source = weight.elements + input * shape.taps + tap
          let target = filters + (tap * inputs + input) * outputs
          for output in 0..<outputs { target[output] = source[output * shape.fanIn] }
        }
      }
    }
    if let bias { output.setRows(to: bias) } else { output.fill(with: 0) }
    let pixels = self.pixels(shape.outputPositions, images: images, shape)
    ThreadTeam.share(pixels.count) { piece, _ in
      for pixel in pixels[piece] {
        let (row, column) = pixel.quotientAndRemainder(dividingBy: shape.outputWidth)
        let down = rows(ofOutput: row, shape)
        let across = columns(ofOutput: column, shape)
        guard down.count > 0, across.count > 0 else { continue }
        Scalar.addSegmentedProduct(
          m: images, n: outputs, k: across.count * inputs, segments: down.count,
          a: input.elements + (down.pixel * shape.width + across.pixel) * inputs,
          rowStride: shape.positions * inputs, columnStride: 1, segmentStrideA: shape.width * inputs,
          b: filters + (down.first * shape.kernelWidth + across.first) * inputs * outputs, strideB: outputs,
          segmentStrideB: shape.kernelWidth * inputs * outputs,
          c: output.elements + (row * shape.outputWidth + column) * outputs,
          strideC: shape.outputPositions * outputs)
      }
    }
  }

  /// Sets the gradient of the weight.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func differentiateFilters<Scalar: Real>(
    _ outputGradient: Matrix<Scalar>, input: Matrix<Scalar>, shape: ConvolutionShape,
    weightGradient: Matrix<Scalar>, sums: UnsafeMutablePointer<Scalar>
  ) {
    // outputGradient dY: (B · H_out · W_out, C_out), input x: (B · H · W, C_in), weightGradient: (C_out, C_in · taps),
    // sums: (taps · C_in, C_out), scratch.
    // For each pixel and kernel row: sums (taps in the row · C_in × C_out) += xᵀ (· × B) · dY (B × C_out).
    let (inputs, outputs) = (shape.inputChannels, shape.outputChannels)
    let images = outputGradient.rows / shape.outputPositions
    ThreadTeam.shareRows(inputs, of: shape.taps * outputs) { range, _ in
      shape.forEachReachingTap { tap in
        (sums + (tap * inputs + range.lowerBound) * outputs).update(
          repeating: 0, count: range.count * outputs)
      }
    }
    // Every pixel adds to the same sums: threads share out the columns.
    let work = images * shape.outputPositions * shape.fanIn * outputs
    let slices = Pieces(of: outputs, smallest: work < 1 << 22 ? outputs : 64, most: 8, unit: 16)
    ThreadTeam.share(slices.count) { piece, _ in
      let slice = slices[piece]
      for row in 0..<shape.outputHeight {
        let down = rows(ofOutput: row, shape)
        for column in 0..<shape.outputWidth {
          let across = columns(ofOutput: column, shape)
          for tap in 0..<down.count where across.count > 0 {
            let place = ((down.pixel + tap) * shape.width + across.pixel) * inputs
            let filter = (down.first + tap) * shape.kernelWidth + across.first
            Scalar.addSegmentedProduct(
              m: across.count * inputs, n: slice.count, k: images, segments: 1, a: input.elements + place,
              rowStride: 1, columnStride: shape.positions * inputs, segmentStrideA: 0,
              b: outputGradient.elements + (row * shape.outputWidth + column) * outputs + slice.lowerBound,
              strideB: shape.outputPositions * outputs, segmentStrideB: 0,
              c: sums + filter * inputs * outputs + slice.lowerBound, strideC: outputs)
          }
        }
      }
    }
    // Taps that never reach into the image have no gradient.
    if shape.reachingRows.count * shape.reachingColumns.count < shape.taps { weightGradient.fill(with: 0) }
    ThreadTeam.shareRows(inputs, of: shape.taps * outputs) { range, _ in
      shape.forEachReachingTap { tap in
        for input in range {
          let source = sums + (tap * inputs + input) * outputs
          let target = weightGradient.elements + input * shape.taps + tap
          for output in 0..<outputs { target[output * shape.fanIn] = source[output] }
        }
      }
    }
  }

  /// Sets the gradient of the input.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func differentiateInput<Scalar: Real>(
    _ outputGradient: Matrix<Scalar>, weight: Matrix<Scalar>, into inputGradient: Matrix<Scalar>,
    shape: ConvolutionShape, filters: UnsafeMutablePointer<Scalar>
  ) {
    // outputGradient dY: (B · H_out · W_out, C_out), weight: (C_out, C_in · taps), inputGradient: (B · H · W, C_in),
    // filters: (taps · C_out, C_in), scratch; taps of a kernel row in the order of the outputs that read a pixel
    // through them.
    // For each pixel: dx (B × C_in) = Σ over kernel rows of dY (B × taps in the row · C_out) · filters.
    let (inputs, outputs) = (shape.inputChannels, shape.outputChannels)
    let images = inputGradient.rows / shape.positions
    let order = TapOrder(kernel: shape.kernelWidth, stride: shape.stride)
    ThreadTeam.shareRows(outputs, of: shape.taps * inputs) { range, _ in
      shape.forEachReachingTap { tap in
        let place = tap / shape.kernelWidth * shape.kernelWidth + order.place(of: tap % shape.kernelWidth)
        for output in range {
          let source = weight.elements + output * shape.fanIn + tap
          let target = filters + (place * outputs + output) * inputs
          for input in 0..<inputs { target[input] = source[input * shape.taps] }
        }
      }
    }
    inputGradient.fill(with: 0)
    let pixels = self.pixels(shape.positions, images: images, shape)
    ThreadTeam.share(pixels.count) { piece, _ in
      for pixel in pixels[piece] {
        let (row, column) = pixel.quotientAndRemainder(dividingBy: shape.width)
        let down = ReachingTaps(
          input: row, kernel: shape.kernelHeight, stride: shape.stride, padding: shape.padding,
          size: shape.outputHeight)
        let across = ReachingTaps(
          input: column, kernel: shape.kernelWidth, stride: shape.stride, padding: shape.padding,
          size: shape.outputWidth)
        guard down.count > 0, across.count > 0 else { continue }
        let filter = down.first * shape.kernelWidth + order.place(of: across.first)
        Scalar.addSegmentedProduct(
          m: images, n: inputs, k: across.count * outputs, segments: down.count,
          a: outputGradient.elements + (down.pixel * shape.outputWidth + across.pixel) * outputs,
          rowStride: shape.outputPositions * outputs, columnStride: 1,
          segmentStrideA: shape.outputWidth * outputs, b: filters + filter * inputs * outputs,
          strideB: inputs, segmentStrideB: -shape.stride * shape.kernelWidth * inputs * outputs,
          c: inputGradient.elements + (row * shape.width + column) * inputs,
          strideC: shape.positions * inputs)
      }
    }
  }

  /// Pixels of images, each a product of its own, in pieces of a tenth of a millisecond.
  @inline(__always)
  private static func pixels(_ count: Int, images: Int, _ shape: ConvolutionShape) -> Pieces {
    let work = images * shape.outputPositions * shape.fanIn * shape.outputChannels / count
    return Pieces(of: count, smallest: (1 << 21) / max(work, 1))
  }

  @inline(__always)
  private static func rows(ofOutput row: Int, _ shape: ConvolutionShape) -> ReachingTaps {
    ReachingTaps(
      output: row, kernel: shape.kernelHeight, stride: shape.stride, padding: shape.padding,
      size: shape.height)
  }

  @inline(__always)
  private static func columns(ofOutput column: Int, _ shape: ConvolutionShape) -> ReachingTaps {
    ReachingTaps(
      output: column, kernel: shape.kernelWidth, stride: shape.stride, padding: shape.padding,
      size: shape.width)
  }
}
