import LinearAlgebra

/// The transforms of whole tiles, a vector of channels at a time: first down the columns of a tile, into
/// `tiles.tile`, then along its rows.
///
/// Tiles are counted over the whole batch, row by row, image after image. Precondition: channels in multiples of 16.
enum WinogradKernels {
  /// Bᵀ x B of the tiles `first ..< first + count`, into `tiles.inputs`.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func transformInput<Scalar: Real>(
    _ input: UnsafeMutablePointer<Scalar>, shape: ConvolutionShape, first: Int, count: Int,
    _ tiles: WinogradTiles<Scalar>
  ) {
    // input: (B, H, W, C_in), channels last; tiles.inputs: (36, count, C_in), inputStride from point to point.
    // V[p, t, c] = (Bᵀ x B)[p] of the 6 × 6 pixels x under tile t (Lavin and Gray 2016)
    let points = WinogradPoints<Scalar>()
    let (channels, stride, tile) = (shape.inputChannels, tiles.inputStride, tiles.tile)
    let outside = tiles.outside - input
    withUnsafeTemporaryAllocation(of: Int.self, capacity: 36) { buffer in
      guard let places = buffer.baseAddress else { return }
      var position = TilePosition(first, shape: shape)
      for index in 0..<count {
        position.setInputPlaces(places, outside: outside)
        var channel = 0
        while channel < channels {
          for column in 0..<6 {
            let place = places + column
            let values = points.evaluateInput(
              (
                input.vector(at: place[0] + channel), input.vector(at: place[6] + channel),
                input.vector(at: place[12] + channel), input.vector(at: place[18] + channel),
                input.vector(at: place[24] + channel), input.vector(at: place[30] + channel)
              ))
            (tile + 16 * column).store(values, stride: 96)
          }
          var target = tiles.inputs + index * channels + channel
          for row in 0..<6 {
            target.store(points.evaluateInput((tile + 96 * row).six(stride: 16)), stride: stride)
            target += 6 * stride
          }
          channel += 16
        }
        position.advance()
      }
    }
  }

  /// Aᵀ m A of `tiles.outputs` with the bias added, to the outputs of the tiles.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func interpolateOutput<Scalar: Real>(
    into output: UnsafeMutablePointer<Scalar>, bias: UnsafeMutablePointer<Scalar>, shape: ConvolutionShape,
    first: Int, count: Int, _ tiles: WinogradTiles<Scalar>
  ) {
    // tiles.outputs: (36, count, C_out), outputStride from point to point; bias: C_out; output: (B, H, W, C_out).
    // output of the 4 × 4 pixels of tile t = (Aᵀ M[·, t, c] A) + bias[c] (Lavin and Gray 2016)
    let points = WinogradPoints<Scalar>()
    let (channels, stride, tile) = (shape.outputChannels, tiles.outputStride, tiles.tile)
    let outside = tiles.waste - output
    withUnsafeTemporaryAllocation(of: Int.self, capacity: 16) { buffer in
      guard let places = buffer.baseAddress else { return }
      var position = TilePosition(first, shape: shape)
      for index in 0..<count {
        position.setOutputPlaces(places, outside: outside)
        var channel = 0
        while channel < channels {
          let source = tiles.outputs + index * channels + channel
          for column in 0..<6 {
            let values = points.interpolate((source + column * stride).six(stride: 6 * stride))
            (tile + 16 * column).store(values, stride: 96)
          }
          let offset = bias.vector(at: channel)
          for row in 0..<4 {
            let values = points.interpolate((tile + 96 * row).six(stride: 16))
            let place = places + 4 * row
            output.store(values.0 + offset, at: place[0] + channel)
            output.store(values.1 + offset, at: place[1] + channel)
            output.store(values.2 + offset, at: place[2] + channel)
            output.store(values.3 + offset, at: place[3] + channel)
          }
          channel += 16
        }
        position.advance()
      }
    }
  }

  /// A y Aᵀ of the output gradients of the tiles, into `tiles.outputs`; adds their sums to `sums`.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func transformOutputGradient<Scalar: Real>(
    _ gradient: UnsafeMutablePointer<Scalar>, sums: UnsafeMutablePointer<Scalar>, shape: ConvolutionShape,
    first: Int, count: Int, _ tiles: WinogradTiles<Scalar>
  ) {
    // gradient: (B, H, W, C_out), channels last; tiles.outputs: (36, count, C_out); sums: C_out, added to.
    // M[p, t, c] = (A y Aᵀ)[p] of the 4 × 4 gradients y of tile t; sums[c] += Σ of y
    let points = WinogradPoints<Scalar>()
    let (channels, stride, tile) = (shape.outputChannels, tiles.outputStride, tiles.tile)
    let outside = tiles.outside - gradient
    withUnsafeTemporaryAllocation(of: Int.self, capacity: 16) { buffer in
      guard let places = buffer.baseAddress else { return }
      var position = TilePosition(first, shape: shape)
      for index in 0..<count {
        position.setOutputPlaces(places, outside: outside)
        var channel = 0
        while channel < channels {
          var sum = sums.vector(at: channel)
          for column in 0..<4 {
            let place = places + column
            let values = (
              gradient.vector(at: place[0] + channel), gradient.vector(at: place[4] + channel),
              gradient.vector(at: place[8] + channel), gradient.vector(at: place[12] + channel)
            )
            sum += (values.0 + values.1) + (values.2 + values.3)
            (tile + 16 * column).store(points.evaluateOutput(values), stride: 64)
          }
          sums.store(sum, at: channel)
          var target = tiles.outputs + index * channels + channel
          for row in 0..<6 {
            target.store(points.evaluateOutput((tile + 64 * row).four(stride: 16)), stride: stride)
            target += 6 * stride
          }
          channel += 16
        }
        position.advance()
      }
    }
  }

  /// Adds B v Bᵀ of `tiles.inputs` to the gradients of the pixels under the tiles. Images whose first tile is
  /// in the block are set to zero first.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func restoreInput<Scalar: Real>(
    into gradient: UnsafeMutablePointer<Scalar>, shape: ConvolutionShape, first: Int, count: Int,
    _ tiles: WinogradTiles<Scalar>
  ) {
    // tiles.inputs: (36, count, C_in), inputStride from point to point; gradient: (B, H, W, C_in), channels last.
    // gradient of the 6 × 6 pixels under tile t += B V[·, t, c] Bᵀ
    let points = WinogradPoints<Scalar>()
    let (channels, stride, tile) = (shape.inputChannels, tiles.inputStride, tiles.tile)
    let outside = tiles.waste - gradient
    let imageSize = shape.positions * channels
    withUnsafeTemporaryAllocation(of: Int.self, capacity: 36) { buffer in
      guard let places = buffer.baseAddress else { return }
      var position = TilePosition(first, shape: shape)
      for index in 0..<count {
        if position.isFirst {
          (gradient + position.image * imageSize).update(repeating: 0, count: imageSize)
        }
        position.setInputPlaces(places, outside: outside)
        var channel = 0
        while channel < channels {
          let source = tiles.inputs + index * channels + channel
          for column in 0..<6 {
            let values = points.restoreInput((source + column * stride).six(stride: 6 * stride))
            (tile + 16 * column).store(values, stride: 96)
          }
          for row in 0..<6 {
            let values = points.restoreInput((tile + 96 * row).six(stride: 16))
            let place = places + 6 * row
            gradient.add(values.0, at: place[0] + channel)
            gradient.add(values.1, at: place[1] + channel)
            gradient.add(values.2, at: place[2] + channel)
            gradient.add(values.3, at: place[3] + channel)
            gradient.add(values.4, at: place[4] + channel)
            gradient.add(values.5, at: place[5] + channel)
          }
          channel += 16
        }
        position.advance()
      }
    }
  }
}

/// Groups of vectors, `stride` scalars apart.
extension UnsafeMutablePointer where Pointee: Real {
  @inline(__always)
  fileprivate func four(stride: Int) -> WinogradPoints<Pointee>.Four {
    (vector(at: 0), vector(at: stride), vector(at: 2 * stride), vector(at: 3 * stride))
  }

  @inline(__always)
  fileprivate func six(stride: Int) -> WinogradPoints<Pointee>.Six {
    (
      vector(at: 0), vector(at: stride), vector(at: 2 * stride), vector(at: 3 * stride),
      vector(at: 4 * stride), vector(at: 5 * stride)
    )
  }

  @inline(__always)
  fileprivate func store(_ values: WinogradPoints<Pointee>.Four, stride: Int) {
    store(values.0, at: 0)
    store(values.1, at: stride)
    store(values.2, at: 2 * stride)
    store(values.3, at: 3 * stride)
  }

  @inline(__always)
  fileprivate func store(_ values: WinogradPoints<Pointee>.Six, stride: Int) {
    store(values.0, at: 0)
    store(values.1, at: stride)
    store(values.2, at: 2 * stride)
    store(values.3, at: 3 * stride)
    store(values.4, at: 4 * stride)
    store(values.5, at: 5 * stride)
  }

  @inline(__always)
  fileprivate func add(_ values: SIMD16<Pointee>, at offset: Int) {
    store(vector(at: offset) + values, at: offset)
  }
}
