import LinearAlgebra
import NeuralNetwork
import PreparedImages

/// Turns images of a split into a batch: augmented, normalised, one image a row.
///
/// Normalisation is a table of 256 values for each channel, `(byte / 255 − mean) / standard deviation`, so it
/// rounds as PyTorch's does. Images whose colours are changed are filled with `byte / 255`, changed in place and
/// then normalised. Images that are turned are made in memory of the assembler's own, so that one thread at a time may
/// use it. Assembling allocates nothing.
public struct BatchAssembler<Scalar: Real> {
  public let split: ImageSplit
  public let augmentation: Augmentation
  private let key: RandomStream.Key
  /// 256 values for each channel.
  private let tables: [Scalar]
  /// The 256 shares of full light.
  private let shares: [Scalar]
  private let means: [Scalar]
  private let deviations: [Scalar]
  /// Room for an image before it is turned, where images are: one for each thread.
  private let unturned: Matrix<Scalar>?
  private let memory: Arena<Scalar>

  /// Precondition: images have one or three channels where colours are to be changed.
  ///
  /// - Parameters:
  ///   - seed: names, with the purpose "augmentation", the random streams of the draws.
  public init(split: ImageSplit, augmentation: Augmentation = .none, seed: UInt64 = 0) {
    precondition(augmentation.colorJitter == 0 || [1, 3].contains(split.shape.channels), "grey or colour")
    self.split = split
    self.augmentation = augmentation
    key = RandomStream.Key(seed: seed, purpose: "augmentation")
    shares = (0..<256).map { Scalar($0) / 255 }
    means = split.mean.map { Scalar($0) }
    deviations = split.standardDeviation.map { Scalar($0) }
    let rows = augmentation.rotation > 0 ? ThreadTeam.count : 0
    memory = Arena(capacity: Arena<Scalar>.footprint(rows: rows, columns: split.shape.count))
    unturned = rows > 0 ? memory.take(rows: rows, columns: split.shape.count) : nil
    tables = (0..<split.shape.channels).flatMap { channel in
      (0..<256).map { byte in
        (Scalar(byte) / 255 - Scalar(split.mean[channel])) / Scalar(split.standardDeviation[channel])
      }
    }
  }

  /// Fills `batch` with images and their classes; it then has so many samples in use.
  ///
  /// - Parameters:
  ///   - images: indices into the split.
  ///   - epoch: which draws are made; without augmentation it does not matter.
  ///   - position: the place of the first of the images in the epoch's order: the draws of an image depend on
  ///     seed, epoch and place alone.
  ///   - batch: has room for the images, with channels · height · width features filled channel by channel.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func assemble(
    _ images: ArraySlice<Int32>, epoch: Int, position: Int, into batch: Batch<Scalar>
  ) {
    batch.count = images.count
    let inputs = batch.inputs
    precondition(inputs.columns == split.shape.count, "a column for each pixel of each channel")
    let places = unturned?.rows ?? ThreadTeam.mostThreads
    ThreadTeam.shareRows(images.count, of: split.shape.count, places: places) { rows, place in
      for row in rows {
        let image = Int(images[images.startIndex + row])
        let draw = augmentation.draw(key: key, epoch: epoch, position: position + row)
        inputs.withRow(row) { row in
          guard let target = row.baseAddress else { return }
          make(target, of: image, draw: draw, place: place)
        }
      }
    }
    for row in 0..<images.count {
      batch.setLabel(split.labels[Int(images[images.startIndex + row])], ofSample: row)
    }
  }

  /// Fills `target` with an image as it was drawn, `shape.count` scalars, on the thread at `place`.
  @inline(__always)
  func make(_ target: UnsafeMutablePointer<Scalar>, of image: Int, draw: Augmentation.Draw, place: Int = 0) {
    guard let angle = draw.angle, let unturned else {
      return makeUnturned(target, of: image, draw: draw)
    }
    unturned.withRow(place) { row in
      guard let source = row.baseAddress else { return }
      makeUnturned(source, of: image, draw: draw)
      Rotation(degrees: angle).apply(to: source, shape: split.shape, into: target)
    }
  }

  @inline(__always)
  private func makeUnturned(
    _ target: UnsafeMutablePointer<Scalar>, of image: Int, draw: Augmentation.Draw
  ) {
    tables.withUnsafeBufferPointer { tables in
      shares.withUnsafeBufferPointer { shares in
        guard let table = tables.baseAddress, let share = shares.baseAddress else { return }
        if let color = draw.color {
          fill(target, from: split.pixels(of: image), table: share, stride: 0, draw: draw)
          color.apply(to: target, shape: split.shape)
          normalize(target)
        } else {
          fill(target, from: split.pixels(of: image), table: table, stride: 256, draw: draw)
        }
      }
    }
  }

  /// Normalises an image of shares of full light in place.
  @inline(__always)
  private func normalize(_ image: UnsafeMutablePointer<Scalar>) {
    let plane = split.shape.height * split.shape.width
    for channel in 0..<split.shape.channels {
      let (mean, deviation) = (means[channel], deviations[channel])
      (image + channel * plane).update(count: plane) { ($0 - mean) / deviation }
    }
  }

  /// - Parameters:
  ///   - table: what becomes of each byte.
  ///   - stride: from a channel's table to the next one's.
  @inline(__always)
  private func fill(
    _ target: UnsafeMutablePointer<Scalar>, from source: UnsafePointer<UInt8>,
    table: UnsafePointer<Scalar>, stride: Int, draw: Augmentation.Draw
  ) {
    let (height, width) = (split.shape.height, split.shape.width)
    let reflects = augmentation.padMode == .reflect
    // In the window's own columns: those that show the image, the rest lies beyond its edges.
    let shownStart = min(max(-draw.left, 0), width)
    let shownEnd = max(min(width - draw.left, width), shownStart)
    for channel in 0..<split.shape.channels {
      let table = table + channel * stride
      let black = table[0]
      for y in 0..<height {
        let line = target + (channel * height + y) * width
        let sourceY = reflects ? reflected(y + draw.top, height) : y + draw.top
        guard sourceY >= 0, sourceY < height else {
          for x in 0..<width { line[x] = black }
          continue
        }
        let pixels = source + (channel * height + sourceY) * width
        func beyond(_ x: Int) -> Scalar {
          reflects ? table[Int(pixels[reflected(x + draw.left, width)])] : black
        }
        let shown = pixels + draw.left
        if draw.mirrored {
          let last = line + (width - 1)
          for x in 0..<shownStart { last[-x] = beyond(x) }
          for x in shownStart..<shownEnd { last[-x] = table[Int(shown[x])] }
          for x in shownEnd..<width { last[-x] = beyond(x) }
        } else {
          for x in 0..<shownStart { line[x] = beyond(x) }
          for x in shownStart..<shownEnd { line[x] = table[Int(shown[x])] }
          for x in shownEnd..<width { line[x] = beyond(x) }
        }
      }
    }
  }

  /// The place in `0 ..< count` that a place beyond it shows: mirrored at both ends as often as it takes.
  @inline(__always)
  private func reflected(_ place: Int, _ count: Int) -> Int {
    guard count > 1 else { return 0 }
    let period = 2 * (count - 1)
    let offset = abs(place) % period
    return min(offset, period - offset)
  }
}
