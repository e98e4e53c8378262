import LinearAlgebra

/// What happens to a training image before it is normalised.
public struct Augmentation: Hashable, Codable, Sendable {
  /// Black pixels added on every side before a window of the image's own size is cut at random; 0 for none.
  public var padding: Int
  /// Whether half of the images are mirrored left to right.
  public var flip: Bool

  /// Precondition: `padding >= 0`.
  public init(padding: Int, flip: Bool) {
    precondition(padding >= 0)
    self.padding = padding
    self.flip = flip
  }

  /// Images as they are.
  public static let none = Augmentation(padding: 0, flip: false)

  /// What was drawn for one image.
  struct Draw: Equatable {
    /// The window's first row and column relative to the unpadded image, in `-padding ... padding`.
    var top = 0
    var left = 0
    var mirrored = false
  }

  /// The draws for the image at `position` of an epoch.
  ///
  /// Every image has a random stream of its own, numbered by epoch (upper half) and position (lower half of the
  /// index), so any batch of any epoch can be made without those before it.
  func draw(key: RandomStream.Key, epoch: Int, position: Int) -> Draw {
    guard self != .none else { return Draw() }
    var stream = RandomStream(key, index: UInt64(UInt32(epoch)) << 32 | UInt64(UInt32(position)))
    var draw = Draw()
    if padding > 0 {
      let bound = UInt32(2 * padding + 1)
      draw.top = Int(stream.integer(below: bound)) - padding
      draw.left = Int(stream.integer(below: bound)) - padding
    }
    if flip { draw.mirrored = stream.nextWord() >> 31 == 1 }
    return draw
  }
}
