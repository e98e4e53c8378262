/// The pixels that one output pixel of a pooling layer looks at, along one axis.
struct ImageWindow {
  let start: Int
  let end: Int

  /// Windows of equal size at equal distances.
  @inline(__always)
  init(index: Int, kernel: Int, stride: Int) {
    start = index * stride
    end = start + kernel
  }

  /// PyTorch's adaptive windows: `size` pixels shared out among `count` windows, which overlap if they must.
  @inline(__always)
  init(index: Int, of count: Int, size: Int) {
    start = index * size / count
    end = ((index + 1) * size + count - 1) / count
  }

  /// How many windows fit into `size` pixels.
  static func count(size: Int, kernel: Int, stride: Int) -> Int { (size - kernel) / stride + 1 }
}

/// All windows of a pooling layer along one axis.
struct ImageWindows {
  /// Pixels.
  let size: Int
  let count: Int
  /// Of windows of equal size at equal distances; nil where windows share the pixels out.
  private let equal: (kernel: Int, stride: Int)?

  /// Those of `kernel` pixels, `stride` pixels apart, that fit into `size` pixels.
  init(size: Int, kernel: Int, stride: Int) {
    self.size = size
    count = ImageWindow.count(size: size, kernel: kernel, stride: stride)
    equal = (kernel, stride)
  }

  /// `count` windows that share `size` pixels out.
  init(size: Int, sharedBy count: Int) {
    self.size = size
    self.count = count
    equal = nil
  }

  subscript(index: Int) -> ImageWindow {
    if let equal { return ImageWindow(index: index, kernel: equal.kernel, stride: equal.stride) }
    return ImageWindow(index: index, of: count, size: size)
  }
}
