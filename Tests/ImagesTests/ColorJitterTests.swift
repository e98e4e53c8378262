import LinearAlgebra
import Testing

@testable import ImageBatches
@testable import ImageSources
@testable import PreparedImages

struct ColorJitterTests {
  /// torchvision's definitions, written down one pixel at a time: `adjust_brightness`, `adjust_contrast` and
  /// `adjust_saturation` of a tensor of numbers in 0...1.
  private struct Reference {
    typealias Pixel = (red: Double, green: Double, blue: Double)
    var pixels: [Pixel]

    private static func blend(_ first: Double, _ second: Double, _ ratio: Double) -> Double {
      min(max(ratio * first + (1 - ratio) * second, 0), 1)
    }

    private static func grey(_ pixel: Pixel) -> Double {
      0.2989 * pixel.red + 0.587 * pixel.green + 0.114 * pixel.blue
    }

    private mutating func blend(_ ratio: Double, with other: (Pixel) -> Double) {
      pixels = pixels.map { pixel in
        let paler = other(pixel)
        return (
          Self.blend(pixel.red, paler, ratio), Self.blend(pixel.green, paler, ratio),
          Self.blend(pixel.blue, paler, ratio)
        )
      }
    }

    mutating func adjustBrightness(_ factor: Double) { blend(factor) { _ in 0 } }

    mutating func adjustContrast(_ factor: Double) {
      let mean = pixels.map(Self.grey).reduce(0, +) / Double(pixels.count)
      blend(factor) { _ in mean }
    }

    mutating func adjustSaturation(_ factor: Double) { blend(factor, with: Self.grey) }
  }

  private static let shape = ImageShape(channels: 3, height: 7, width: 9)

  /// Window and mirror by the assembler, which has tests of its own; colours and normalisation by the reference.
  private func expected(
    _ split: ImageSplit, plain: [Double], _ draw: ColorJitter.Draw
  ) -> [Double] {
    let plane = split.shape.height * split.shape.width
    func share(_ channel: Int, _ pixel: Int) -> Double {
      plain[channel * plane + pixel] * split.standardDeviation[channel] + split.mean[channel]
    }
    var image = Reference(pixels: (0..<plane).map { (share(0, $0), share(1, $0), share(2, $0)) })
    for place in 0..<3 {
      switch draw.step(place) {
      case .brightness: image.adjustBrightness(draw.brightness)
      case .contrast: image.adjustContrast(draw.contrast)
      case .saturation: image.adjustSaturation(draw.saturation)
      }
    }
    let channels = [image.pixels.map(\.red), image.pixels.map(\.green), image.pixels.map(\.blue)]
    return channels.enumerated().flatMap { channel, values in
      values.map { ($0 - split.mean[channel]) / split.standardDeviation[channel] }
    }
  }

  private func largestDifference<Scalar: Real>(_ strength: Double, as type: Scalar.Type) throws -> Double {
    try withTemporaryFolder { folder in
      let split = try randomImages(30, shape: Self.shape, in: folder).training
      let augmentation = Augmentation(padding: 2, flip: true, colorJitter: strength)
      let jittered = BatchAssembler<Scalar>(split: split, augmentation: augmentation, seed: 4)
      let plain = BatchAssembler<Double>(
        split: split, augmentation: Augmentation(padding: 2, flip: true), seed: 4)
      let key = RandomStream.Key(seed: 4, purpose: "augmentation")
      var largest = 0.0
      for epoch in 0..<6 {
        let images = (0..<30).map { Int32($0) }
        let batch = jittered.batch(images, epoch: epoch)
        let plainBatch = plain.batch(images, epoch: epoch)
        #expect(batch.labels == plainBatch.labels)
        for row in 0..<30 {
          let draw = try #require(augmentation.draw(key: key, epoch: epoch, position: row).color)
          let wanted = expected(split, plain: plainBatch.rows[row], draw)
          for (value, wanted) in zip(batch.rows[row], wanted) {
            largest = max(largest, abs(Double(value) - wanted))
          }
        }
      }
      return largest
    }
  }

  /// 63 pixels a channel: no multiple of the sixteen that are summed at a time.
  @Test(arguments: [0.1, 0.5, 1]) func everyPixelAgreesWithThePlainReference(_ strength: Double) throws {
    #expect(try largestDifference(strength, as: Double.self) < 1e-12)
    #expect(try largestDifference(strength, as: Float.self) < 1e-5)
  }

  @Test func theStepsDoWhatTheirNamesSay() throws {
    try withTemporaryFolder { folder in
      let split = try randomImages(1, shape: Self.shape, in: folder).training
      let original = split.bytes(of: 0).map { Double($0) / 255 }
      func image(_ change: (inout ColorJitter.Draw) -> Void) -> [Double] {
        var (draw, image) = (ColorJitter.Draw(), original)
        change(&draw)
        image.withUnsafeMutableBufferPointer {
          if let base = $0.baseAddress { draw.apply(to: base, shape: Self.shape) }
        }
        return image
      }
      #expect(zip(image { _ in }, original).allSatisfy { abs($0 - $1) < 1e-15 })
      #expect(image { $0.brightness = 0 }.allSatisfy { $0 == 0 })
      #expect(image { $0.brightness = 2 } == original.map { min(2 * $0, 1) })
      let flat = image { $0.contrast = 0 }
      #expect(flat.allSatisfy { $0 == flat[0] && (0.3...0.7).contains($0) })
      let grey = image { $0.saturation = 0 }
      #expect(grey[..<63].elementsEqual(grey[63..<126]) && grey[..<63].elementsEqual(grey[126...]))
      #expect(Set(grey).count > 50)
    }
  }

  @Test func greyImagesHaveNoColourToLose() throws {
    var image = [0.25, 0.5, 0.75, 1]
    var draw = ColorJitter.Draw()
    (draw.brightness, draw.contrast, draw.saturation) = (0.8, 0.5, 0)
    image.withUnsafeMutableBufferPointer {
      if let base = $0.baseAddress {
        draw.apply(to: base, shape: ImageShape(channels: 1, height: 2, width: 2))
      }
    }
    // 0.8 of each value, then half way to their mean of 0.5.
    #expect(zip(image, [0.35, 0.45, 0.55, 0.65]).allSatisfy { abs($0 - $1) < 1e-12 })
  }

  @Test func theOrdersAreTheSixOrders() {
    let orders = (0..<6).map { order in
      var draw = ColorJitter.Draw()
      draw.order = order
      return (0..<3).map { draw.step($0) }
    }
    #expect(Set(orders).count == 6)
    #expect(orders.allSatisfy { Set($0).count == 3 })
  }

  private static let draws = (0..<9_000).compactMap { position in
    Augmentation(padding: 8, flip: true, colorJitter: 0.1)
      .draw(key: RandomStream.Key(seed: 2, purpose: "augmentation"), epoch: 3, position: position).color
  }

  @Test func factorsAreUniformAndOrdersEven() throws {
    #expect(Self.draws.count == 9_000)
    func tenth(_ factor: Double) -> Int { min(Int((factor - 0.9) / 0.02), 9) }
    let columns = [\ColorJitter.Draw.brightness, \.contrast, \.saturation]
    for column in columns {
      #expect(Self.draws.allSatisfy { (0.9...1.1).contains($0[keyPath: column]) })
      var counts = [Int](repeating: 0, count: 10)
      for draw in Self.draws { counts[tenth(draw[keyPath: column])] += 1 }
      #expect(chiSquare(counts) < chiSquareLimit(freedom: 9))
    }
    var orders = [Int](repeating: 0, count: 6)
    for draw in Self.draws { orders[draw.order] += 1 }
    #expect(chiSquare(orders) < chiSquareLimit(freedom: 5))
    var pairs = [Int](repeating: 0, count: 100)
    for draw in Self.draws { pairs[tenth(draw.brightness) * 10 + tenth(draw.saturation)] += 1 }
    #expect(chiSquare(pairs) < chiSquareLimit(freedom: 99))
  }

  /// A run with jitter sees the windows of a run without it.
  @Test func windowsAndMirroringStayAsTheyAre() {
    let key = RandomStream.Key(seed: 2, purpose: "augmentation")
    for position in 0..<200 {
      let plain = Augmentation(padding: 8, flip: true).draw(key: key, epoch: 1, position: position)
      var jittered = Augmentation(padding: 8, flip: true, colorJitter: 0.3)
        .draw(key: key, epoch: 1, position: position)
      #expect(plain.color == nil && jittered.color != nil)
      jittered.color = nil
      #expect(jittered == plain)
    }
  }
}
