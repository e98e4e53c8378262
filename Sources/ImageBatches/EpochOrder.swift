import LinearAlgebra
import PreparedImages

/// The order in which an epoch visits its images: a permutation that depends on seed and epoch alone.
///
/// One value serves a whole run: ``shuffle(epoch:)`` reuses its memory.
public struct EpochOrder: Sendable {
  /// The images in the current epoch's order.
  public private(set) var indices: [Int32]
  private let images: [Int32]
  private let key: RandomStream.Key

  /// The order of the images 0 ..< `count` in `epoch`.
  public init(seed: UInt64, epoch: Int, count: Int) {
    self.init(seed: seed, epoch: epoch, images: (0..<Int32(count)).map { $0 })
  }

  /// The order of some of the images of a split (those of a task) in `epoch`.
  public init(seed: UInt64, epoch: Int, images: [Int32]) {
    self.images = images
    indices = images
    key = RandomStream.Key(seed: seed, purpose: "epoch-order")
    shuffle(epoch: epoch)
  }

  /// Sets the order of another epoch, whatever was there before.
  public mutating func shuffle(epoch: Int) {
    var stream = RandomStream(key, index: UInt64(epoch))
    let count = images.count
    indices.withUnsafeMutableBufferPointer { order in
      _ = order.update(fromContentsOf: images)
      for last in stride(from: count - 1, to: 0, by: -1) {
        order.swapAt(last, Int(stream.integer(below: UInt32(last + 1))))
      }
    }
  }
}
