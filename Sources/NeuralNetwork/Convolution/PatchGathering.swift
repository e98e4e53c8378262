import LinearAlgebra

/// Patches of images, out of them and back. Output pixels are counted over the whole batch.
enum PatchGathering {
  /// Where the patches of the output pixels `first ..< first + count` lie: gathered into `patches`, or in the
  /// input itself if every patch is one pixel of it.
  @inline(__always)
  static func patches<Scalar: Real>(
    of input: UnsafeMutablePointer<Scalar>, shape: ConvolutionShape, first: Int, count: Int,
    into patches: UnsafeMutablePointer<Scalar>
  ) -> UnsafeMutablePointer<Scalar> {
    guard !shape.isPointwise else { return input + first * shape.inputChannels }
    let segment = shape.kernelWidth * shape.inputChannels
    var target = patches
    visit(shape: shape, first: first, count: count) { image, row, column in
      let source = input + image * shape.positions * shape.inputChannels
      let range = inside(column, kernel: shape.kernelWidth, size: shape.width)
      let leading = range.lowerBound * shape.inputChannels
      let kept = range.count * shape.inputChannels
      for tap in 0..<shape.kernelHeight {
        let y = row + tap
        if y < 0 || y >= shape.height || kept == 0 {
          target.update(repeating: 0, count: segment)
        } else {
          let place = (y * shape.width + column + range.lowerBound) * shape.inputChannels
          for index in 0..<leading { target[index] = 0 }
          copy(source + place, to: target + leading, count: kept)
          for index in leading + kept..<segment { target[index] = 0 }
        }
        target += segment
      }
    }
    return patches
  }

  /// Adds the patches' gradients to those of the pixels that they were gathered from. Images that begin in the
  /// block are set to zero first.
  @inline(__always)
  static func add<Scalar: Real>(
    _ patches: UnsafeMutablePointer<Scalar>, to inputGradient: UnsafeMutablePointer<Scalar>,
    shape: ConvolutionShape, first: Int, count: Int
  ) {
    let segment = shape.kernelWidth * shape.inputChannels
    let imageSize = shape.positions * shape.inputChannels
    var source = patches
    visit(shape: shape, first: first, count: count) { image, row, column in
      let target = inputGradient + image * imageSize
      if row == -shape.padding, column == -shape.padding { target.update(repeating: 0, count: imageSize) }
      let range = inside(column, kernel: shape.kernelWidth, size: shape.width)
      for tap in 0..<shape.kernelHeight {
        let y = row + tap
        if y >= 0, y < shape.height, !range.isEmpty {
          let place = (y * shape.width + column + range.lowerBound) * shape.inputChannels
          (target + place).accumulate(
            source + range.lowerBound * shape.inputChannels, count: range.count * shape.inputChannels)
        }
        source += segment
      }
    }
  }

  /// Calls `body` with the image and the input coordinates of the upper left corner of each patch.
  @inline(__always)
  private static func visit(shape: ConvolutionShape, first: Int, count: Int, _ body: (Int, Int, Int) -> Void)
  {
    let (height, width) = (shape.outputHeight, shape.outputWidth)
    var image = first / (height * width)
    var row = first % (height * width) / width
    var column = first % width
    for _ in 0..<count {
      body(image, row * shape.stride - shape.padding, column * shape.stride - shape.padding)
      column += 1
      if column == width {
        column = 0
        row += 1
      }
      if row == height {
        row = 0
        image += 1
      }
    }
  }

  /// The taps of a kernel that starts at `start` which lie inside 0 ..< `size`.
  @inline(__always)
  private static func inside(_ start: Int, kernel: Int, size: Int) -> Range<Int> {
    let lower = min(max(0, -start), kernel)
    return lower..<max(lower, min(kernel, size - start))
  }

  @inline(__always)
  private static func copy<Scalar: Real>(
    _ source: UnsafeMutablePointer<Scalar>, to target: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    var index = 0
    while index + 16 <= count {
      target.store(source.vector(at: index), at: index)
      index += 16
    }
    while index < count {
      target[index] = source[index]
      index += 1
    }
  }
}
