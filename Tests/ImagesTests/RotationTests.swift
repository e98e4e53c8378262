import Foundation
import LinearAlgebra
import NeuralNetwork
import Testing

@testable import ImageBatches
@testable import PreparedImages

struct RotationTests {
  /// What `Fixtures/make_augmentation.py` got from torchvision.
  private struct Expected: Decodable {
    struct Case: Decodable {
      let padMode: Augmentation.PadMode
      let top: Int
      let left: Int
      let mirrored: Bool
      let angle: Double?
      let values: [Double]

      var draw: Augmentation.Draw {
        Augmentation.Draw(top: top, left: left, mirrored: mirrored, angle: angle)
      }
    }
    let height: Int
    let width: Int
    let padding: Int
    let image: [UInt8]
    let cases: [Case]

    var shape: ImageShape { ImageShape(channels: 3, height: height, width: width) }
  }

  /// The only image of a split as an assembler makes it of a draw.
  private func made<Scalar: Real>(
    _ draw: Augmentation.Draw, of split: ImageSplit, _ augmentation: Augmentation, as type: Scalar.Type
  ) -> [Double] {
    let assembler = BatchAssembler<Scalar>(split: split, augmentation: augmentation)
    var image = [Scalar](repeating: 99, count: split.shape.count)
    image.withUnsafeMutableBufferPointer {
      if let target = $0.baseAddress { assembler.make(target, of: 0, draw: draw) }
    }
    return image.map { Double($0) }
  }

  @Test func everyPixelIsThatOfTorchvision() throws {
    let expected = try JSONDecoder().decode(Expected.self, from: Data(fixture("augmentation.json")))
    #expect(expected.cases.count == 9)
    try withTemporaryFolder { folder in
      let split = try handmade(shape: expected.shape, images: [expected.image], labels: [0], in: folder)
        .training
      for wanted in expected.cases {
        let augmentation = Augmentation(
          padding: expected.padding, padMode: wanted.padMode, flip: true, rotation: 180)
        for values in [
          made(wanted.draw, of: split, augmentation, as: Float.self),
          made(wanted.draw, of: split, augmentation, as: Double.self),
        ] {
          #expect(zip(values, wanted.values).allSatisfy { abs($0 - $1) < 2e-6 }, "\(wanted.draw)")
        }
      }
    }
  }

  private static let shape = ImageShape(channels: 3, height: 4, width: 4)

  @Test func quarterTurnsAreCounterclockwise() {
    let source = (0..<48).map { Float($0) }
    var target = [Float](repeating: 0, count: 48)
    source.withUnsafeBufferPointer { source in
      target.withUnsafeMutableBufferPointer { target in
        guard let from = source.baseAddress, let to = target.baseAddress else { return }
        Rotation(degrees: 90).apply(to: from, shape: Self.shape, into: to)
      }
    }
    #expect(target[..<16].elementsEqual([3, 7, 11, 15, 2, 6, 10, 14, 1, 5, 9, 13, 0, 4, 8, 12]))
    #expect(target[16..<32].elementsEqual(target[..<16].map { $0 + 16 }))
  }

  /// A padding wider than the image is mirrored back and forth, where torchvision refuses it.
  @Test func reflectionsGoOnBeyondTheOtherEnd() throws {
    try withTemporaryFolder { folder in
      let shape = ImageShape(channels: 3, height: 1, width: 3)
      let split = try handmade(
        shape: shape, images: [[0, 100, 200, 0, 0, 0, 0, 0, 0]], labels: [0], in: folder
      ).training
      let augmentation = Augmentation(padding: 9, padMode: .reflect, flip: false)
      let line: [UInt8] = [0, 100, 200, 100, 0, 100, 200, 100, 0, 100, 200, 100]
      for left in -9...9 {
        let found = made(
          Augmentation.Draw(top: left, left: left), of: split, augmentation, as: Double.self)
        let bytes = found[..<3].map { (($0 * split.standardDeviation[0] + split.mean[0]) * 255).rounded() }
        #expect(bytes == (0..<3).map { Double(line[(left + $0 + 12) % 4]) })
      }
    }
  }

  @Test func anglesAreUniformAndTheRestIsDrawnAsWithoutThem() {
    let key = RandomStream.Key(seed: 2, purpose: "augmentation")
    let plain = Augmentation(padding: 4, flip: true, colorJitter: 0.1)
    let turned = Augmentation(padding: 4, padMode: .reflect, flip: true, colorJitter: 0.1, rotation: 15)
    var counts = [Int](repeating: 0, count: 15)
    for position in 0..<3_000 {
      var draw = turned.draw(key: key, epoch: 3, position: position)
      #expect((0..<15).contains(draw.angle ?? -1))
      counts[min(Int(draw.angle ?? 0), 14)] += 1
      draw.angle = nil
      #expect(draw == plain.draw(key: key, epoch: 3, position: position))
    }
    #expect(chiSquare(counts) < chiSquareLimit(freedom: 14))
  }

  /// Colours change before images are normalised and turned: the corners that a rotation leaves keep the mean colour.
  @Test func coloursChangeBeforeTheRotation() throws {
    try withTemporaryFolder { folder in
      let split = try randomImages(1, shape: Self.shape, in: folder).training
      var color = ColorJitter.Draw()
      color.brightness = 0.5
      let augmentation = Augmentation(padding: 0, flip: false, colorJitter: 0.5, rotation: 45)
      var unturned = made(Augmentation.Draw(color: color), of: split, augmentation, as: Float.self)
      unturned.append(0)
      let turned = made(Augmentation.Draw(color: color, angle: 45), of: split, augmentation, as: Float.self)
      #expect(turned.allSatisfy(unturned.contains))
      for corner in [0, 3, 12, 15] { #expect(turned[corner] == 0 && turned[corner + 32] == 0) }
      #expect(turned.filter { $0 == 0 }.count < 24)
    }
  }

  /// The memory in which images are turned leaves no trace in those that follow.
  @Test func anEpochIsMadeAgainAsItWas() throws {
    try withTemporaryFolder { folder in
      let split = try randomImages(16, shape: Self.shape, in: folder).training
      let assembler = BatchAssembler<Float>(
        split: split,
        augmentation: Augmentation(padding: 1, padMode: .reflect, flip: true, colorJitter: 0.1, rotation: 15))
      let batch = Batch<Float>(capacity: 16, inputSize: Self.shape.count, classes: 10)
      let images = (0..<16).map { Int32($0) }
      assembler.assemble(images[...], epoch: 0, position: 0, into: batch)
      let first = AssembledBatch(batch)
      assembler.assemble(images[...], epoch: 1, position: 0, into: batch)
      #expect(AssembledBatch(batch) != first)
      assembler.assemble(images[...], epoch: 0, position: 0, into: batch)
      #expect(AssembledBatch(batch) == first)
    }
  }
}
