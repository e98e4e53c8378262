/// Which taps of a kernel reach from some pixels into an image, along one of its axes.
struct ReachingTaps {
  /// The tap that meets the first of the other image's pixels that are met.
  let first: Int
  /// How many taps do, each the next pixel.
  let count: Int
  /// The first pixel that is met.
  let pixel: Int

  /// From a pixel of the output into an input of `size` pixels: tap after tap.
  init(output: Int, kernel: Int, stride: Int, padding: Int, size: Int) {
    let start = output * stride - padding
    first = max(0, -start)
    count = max(0, min(kernel, size - start) - first)
    pixel = start + first
  }

  /// From a pixel of the input back to an output of `size` pixels: the taps through which it was read, each
  /// `stride` before the last, in the order of the pixels that read it.
  init(input: Int, kernel: Int, stride: Int, padding: Int, size: Int) {
    // Tap t of pixel o reads o · stride − padding + t.
    let place = input + padding
    let lowest = max(0, (place - kernel + stride) / stride)
    let highest = min(size - 1, place / stride)
    count = max(0, highest - lowest + 1)
    first = place - lowest * stride
    pixel = lowest
  }
}

/// Taps of a kernel row so ordered that those through which neighbouring outputs read one pixel are neighbours, the
/// first output's first.
struct TapOrder {
  let kernel: Int
  let stride: Int

  /// Taps of one remainder follow each other, the last one first.
  func place(of tap: Int) -> Int {
    let remainder = tap % stride
    var place = 0
    for earlier in 0..<remainder { place += count(ofRemainder: earlier) }
    return place + count(ofRemainder: remainder) - 1 - tap / stride
  }

  private func count(ofRemainder remainder: Int) -> Int { max(0, (kernel - remainder + stride - 1) / stride) }
}

extension ConvolutionShape {
  /// The kernel's rows that reach into the image from some pixel.
  var reachingRows: Range<Int> {
    Self.reaching(kernel: kernelHeight, stride: stride, padding: padding, size: height, outputs: outputHeight)
  }

  /// The kernel's columns that do.
  var reachingColumns: Range<Int> {
    Self.reaching(kernel: kernelWidth, stride: stride, padding: padding, size: width, outputs: outputWidth)
  }

  private static func reaching(
    kernel: Int, stride: Int, padding: Int, size: Int, outputs: Int
  ) -> Range<Int> {
    let first = min(max(0, padding - (outputs - 1) * stride), kernel)
    return first..<max(first, min(kernel, size + padding))
  }

  /// Calls `body` with the taps that reach into the image from some pixel.
  @inline(__always)
  func forEachReachingTap(_ body: (Int) -> Void) {
    for row in reachingRows {
      for column in reachingColumns { body(row * kernelWidth + column) }
    }
  }
}
