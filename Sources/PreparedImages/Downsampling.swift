/// Smaller images: each square of `factor` × `factor` pixels becomes their mean, rounded to the nearest byte.
public struct Downsampling: Hashable, Sendable {
  /// Pixels on a side of the square, at least 1; 1 leaves images as they are.
  public let factor: Int

  public init(factor: Int) {
    precondition(factor >= 1, "squares of at least one pixel")
    self.factor = factor
  }

  /// What images of `shape` become; nil if the squares do not fill them.
  public func result(of shape: ImageShape) -> ImageShape? {
    guard shape.height % factor == 0, shape.width % factor == 0 else { return nil }
    return ImageShape(
      channels: shape.channels, height: shape.height / factor, width: shape.width / factor)
  }

  /// Reduces images that lie one after the other, each `source.count` bytes.
  ///
  /// Precondition: the squares fill the images.
  package func reduce(
    _ images: UnsafeRawBufferPointer, of source: ImageShape, into target: UnsafeMutableRawBufferPointer
  ) {
    let planes = images.count / (source.height * source.width)
    let (height, width) = (source.height / factor, source.width / factor)
    let area = factor * factor
    for plane in 0..<planes {
      for row in 0..<height {
        for column in 0..<width {
          var sum = 0
          for y in 0..<factor {
            let start = (plane * source.height + row * factor + y) * source.width + column * factor
            for x in 0..<factor { sum += Int(images[start + x]) }
          }
          target[(plane * height + row) * width + column] = UInt8((sum + area / 2) / area)
        }
      }
    }
  }
}
