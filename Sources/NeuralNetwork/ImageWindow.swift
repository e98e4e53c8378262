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
