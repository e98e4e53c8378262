import LinearAlgebra

/// Turns images of a split into a batch: augmented, normalised, one image a row.
///
/// Normalisation is a table of 256 values for each channel, `(byte / 255 − mean) / standard deviation`, so it
/// rounds as PyTorch's does. Assembling allocates nothing.
public struct BatchAssembler<Scalar: Real> {
  public let split: ImageSplit
  public let augmentation: Augmentation
  private let key: RandomStream.Key
  /// 256 values for each channel.
  private let tables: [Scalar]

  /// - Parameters:
  ///   - seed: names, with the purpose "augmentation", the random streams of the draws.
  public init(split: ImageSplit, augmentation: Augmentation = .none, seed: UInt64 = 0) {
    self.split = split
    self.augmentation = augmentation
    key = RandomStream.Key(seed: seed, purpose: "augmentation")
    tables = (0..<split.shape.channels).flatMap { channel in
      (0..<256).map { byte in
        (Scalar(byte) / 255 - Scalar(split.mean[channel])) / Scalar(split.standardDeviation[channel])
      }
    }
  }

  /// Fills the first `images.count` rows of `batch` and as many `labels`.
  ///
  /// - Parameters:
  ///   - images: indices into the split.
  ///   - epoch: which draws are made; without augmentation it does not matter.
  ///   - position: the place of the first of the images in the epoch's order: the draws of an image depend on
  ///     seed, epoch and place alone.
  ///   - batch: at least `images.count` × (channels · height · width), filled channel by channel.
  ///   - labels: room for at least `images.count` classes.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func assemble(
    _ images: UnsafeBufferPointer<Int32>, epoch: Int, position: Int, into batch: Matrix<Scalar>,
    labels: UnsafeMutableBufferPointer<Int32>
  ) {
    precondition(batch.columns == split.shape.count, "a column for each pixel of each channel")
    precondition(batch.rows >= images.count && labels.count >= images.count, "room for the batch")
    tables.withUnsafeBufferPointer { tables in
      split.labels.withUnsafeBufferPointer { classes in
        guard let table = tables.baseAddress else { return }
        for row in 0..<images.count {
          let image = Int(images[row])
          let draw = augmentation.draw(key: key, epoch: epoch, position: position + row)
          fill(
            batch.elements + row * batch.columns, from: split.pixels(of: image), table: table, draw: draw)
          labels[row] = classes[image]
        }
      }
    }
  }

  @inline(__always)
  private func fill(
    _ target: UnsafeMutablePointer<Scalar>, from source: UnsafePointer<UInt8>,
    table: UnsafePointer<Scalar>, draw: Augmentation.Draw
  ) {
    let (height, width) = (split.shape.height, split.shape.width)
    // In the window's own columns: those that show the image, the rest is black.
    let shownStart = min(max(-draw.left, 0), width)
    let shownEnd = max(min(width - draw.left, width), shownStart)
    for channel in 0..<split.shape.channels {
      let table = table + channel * 256
      let black = table[0]
      for y in 0..<height {
        let line = target + (channel * height + y) * width
        let sourceY = y + draw.top
        guard sourceY >= 0, sourceY < height else {
          for x in 0..<width { line[x] = black }
          continue
        }
        let pixels = source + (channel * height + sourceY) * width + draw.left
        if draw.mirrored {
          let last = line + (width - 1)
          for x in 0..<shownStart { last[-x] = black }
          for x in shownStart..<shownEnd { last[-x] = table[Int(pixels[x])] }
          for x in shownEnd..<width { last[-x] = black }
        } else {
          for x in 0..<shownStart { line[x] = black }
          for x in shownStart..<shownEnd { line[x] = table[Int(pixels[x])] }
          for x in shownEnd..<width { line[x] = black }
        }
      }
    }
  }
}
