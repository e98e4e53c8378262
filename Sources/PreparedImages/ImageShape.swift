/// The size of an image: `channels` planes of `height` × `width` pixels.
public struct ImageShape: Hashable, Codable, Sendable {
  public let channels: Int
  public let height: Int
  public let width: Int

  public init(channels: Int, height: Int, width: Int) {
    self.channels = channels
    self.height = height
    self.width = width
  }

  /// The pixels of all channels: the length of an image as a vector.
  public var count: Int { channels * height * width }
}
