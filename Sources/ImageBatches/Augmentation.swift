import LinearAlgebra
import PreparedImages

/// What happens to a training image: a window of it and perhaps the mirror, colours, and, after it is normalised, a
/// rotation.
///
/// To cut a window and mirror it draws the same images as often as to mirror first and then to cut.
public struct Augmentation: Hashable, Codable, Sendable {
  /// What lies beyond the edge of an image, where a window reaches over it: the `padMode` of a chapter's block, by its
  /// raw value.
  public enum PadMode: String, Hashable, Codable, CaseIterable, Sendable {
    /// Black pixels.
    case black
    /// The image mirrored in the middle of its outermost pixels, which are not repeated: torchvision's `reflect`. Beyond
    /// the other end it is mirrored back.
    case reflect
  }

  /// Pixels added on every side before a window of the image's own size is cut at random; 0 for none.
  public var padding: Int
  public var padMode: PadMode
  /// Whether half of the images are mirrored left to right.
  public var flip: Bool
  /// After that, how far brightness, contrast and saturation are multiplied away from 1, each by a random factor
  /// and in random order (see ``ColorJitter``); 0 for not at all.
  public var colorJitter: Double
  /// Last, by how many degrees at most images are turned counterclockwise, each by a random angle from 0 on (see
  /// ``Rotation``); 0 for not at all.
  public var rotation: Double

  /// Precondition: `padding >= 0`, `colorJitter` is in 0...1 and `rotation` in 0...360.
  public init(
    padding: Int, padMode: PadMode = .black, flip: Bool, colorJitter: Double = 0, rotation: Double = 0
  ) {
    precondition(padding >= 0 && (0...1).contains(colorJitter) && (0...360).contains(rotation))
    self.padding = padding
    self.padMode = padMode
    self.flip = flip
    self.colorJitter = colorJitter
    self.rotation = rotation
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
    /// Degrees counterclockwise; nil where nothing is turned.
    var angle: Double?
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
    // Colours after window and mirroring, and the angle after all three, so that each is the same with and without
    // those that follow.
    if colorJitter > 0 { draw.color = ColorJitter.Draw(strength: colorJitter, stream: &stream) }
    if rotation > 0 { draw.angle = rotation * stream.uniform() }
    return draw
  }
}
