import LinearAlgebra
import PreparedImages

/// What happens to a training image before it is normalised.
public struct Augmentation: Hashable, Codable, Sendable {
  /// Black pixels added on every side before a window of the image's own size is cut at random; 0 for none.
  public var padding: Int
  /// Whether half of the images are mirrored left to right.
  public var flip: Bool
  /// After that, how far brightness, contrast and saturation are multiplied away from 1, each by a random factor
  /// and in random order (see ``ColorJitter``); 0 for not at all.
  public var colorJitter: Double

  /// Precondition: `padding >= 0` and `colorJitter` is in 0...1.
  public init(padding: Int, flip: Bool, colorJitter: Double = 0) {
    precondition(padding >= 0 && (0...1).contains(colorJitter))
    self.padding = padding
    self.flip = flip
    self.colorJitter = colorJitter
  }

  /// Images as they are.
  public static let none = Augmentation(padding: 0, flip: false)

  /// What was drawn for one image.
  struct Draw: Equatable {
    /// The window's first row and column relative to the unpadded image, in `-padding ... padding`.
    var top = 0
    var left = 0
    var mirrored = false
    /// Nil where colours stay as they are.
    var color: ColorJitter.Draw?
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
    // Last, so that window and mirroring are the same with and without it.
    if colorJitter > 0 { draw.color = ColorJitter.Draw(strength: colorJitter, stream: &stream) }
    return draw
  }
}
