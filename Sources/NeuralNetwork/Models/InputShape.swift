/// What a network's inputs are: images, or vectors.
public struct InputShape: Hashable, Sendable {
  /// Colours, or values of a vector.
  public var channels: Int
  /// Pixels.
  public var height: Int
  public var width: Int

  /// Values of an input: channel after channel, as data sets keep images.
  public var count: Int { channels * height * width }

  public init(channels: Int, height: Int, width: Int) {
    self.channels = channels
    self.height = height
    self.width = width
  }

  /// A vector of so many values.
  public init(count: Int) { self.init(channels: count, height: 1, width: 1) }
}
