import LinearAlgebra
import NeuralNetwork
import Testing

@testable import ImageBatches
@testable import ImageSources
@testable import PreparedImages

struct BatchAssemblerTests {
  private static let shape = ImageShape(channels: 3, height: 6, width: 9)

  /// Pads with black, cuts the window, mirrors, normalises: one obvious step after the other.
  private func reference<Scalar: Real>(
    _ split: ImageSplit, image: Int, padding: Int, draw: Augmentation.Draw, as type: Scalar.Type
  ) -> [Scalar] {
    let (height, width) = (split.shape.height, split.shape.width)
    let pixels = split.bytes(of: image)
    var result: [Scalar] = []
    for channel in 0..<split.shape.channels {
      var padded = Array(
        repeating: [UInt8](repeating: 0, count: width + 2 * padding), count: height + 2 * padding)
      for y in 0..<height {
        for x in 0..<width { padded[y + padding][x + padding] = pixels[(channel * height + y) * width + x] }
      }
      for y in 0..<height {
        var line = Array(padded[y + padding + draw.top].dropFirst(padding + draw.left).prefix(width))
        if draw.mirrored { line.reverse() }
        result += line.map {
          (Scalar($0) / 255 - Scalar(split.mean[channel])) / Scalar(split.standardDeviation[channel])
        }
      }
    }
    return result
  }

  private func agreesWithReference<Scalar: Real>(_ augmentation: Augmentation, as type: Scalar.Type) throws {
    try withTemporaryFolder { folder in
      let split = try randomImages(30, shape: Self.shape, in: folder).training
      let assembler = BatchAssembler<Scalar>(split: split, augmentation: augmentation, seed: 11)
      let key = RandomStream.Key(seed: 11, purpose: "augmentation")
      var draws: [Augmentation.Draw] = []
      for epoch in 0..<12 {
        let order = EpochOrder(seed: 3, epoch: epoch, count: split.count).indices
        let batch = assembler.batch(order, epoch: epoch)
        for (row, image) in order.enumerated() {
          let draw = augmentation.draw(key: key, epoch: epoch, position: row)
          draws.append(draw)
          #expect(
            batch.rows[row]
              == reference(
                split, image: Int(image), padding: augmentation.padding, draw: draw, as: type))
          #expect(batch.labels[row] == split.labels[Int(image)])
        }
      }
      #expect(Set(draws.map(\.mirrored)).count == (augmentation.flip ? 2 : 1))
      #expect(Set(draws.map(\.top)).count == 2 * augmentation.padding + 1)
      #expect(Set(draws.map(\.left)).count == 2 * augmentation.padding + 1)
    }
  }

  /// The last padding is wider than the image: whole windows are black.
  @Test(arguments: [
    Augmentation.none, Augmentation(padding: 0, flip: true), Augmentation(padding: 2, flip: false),
    Augmentation(padding: 4, flip: true), Augmentation(padding: 12, flip: true),
  ])
  func everyPixelAgreesWithThePlainReference(_ augmentation: Augmentation) throws {
    try agreesWithReference(augmentation, as: Float.self)
    try agreesWithReference(augmentation, as: Double.self)
  }

  @Test func withoutAugmentationOnlyNormalisationIsLeft() throws {
    try withTemporaryFolder { folder in
      let split = try randomImages(8, shape: Self.shape, in: folder).training
      let assembler = BatchAssembler<Double>(split: split)
      let batch = assembler.batch([5, 0, 5])
      for (row, image) in [5, 0, 5].enumerated() {
        let plain = split.bytes(of: image).enumerated().map { offset, byte in
          let channel = offset / 54
          return (Double(byte) / 255 - [0.4914, 0.4822, 0.4465][channel]) / [0.2023, 0.1994, 0.2010][channel]
        }
        #expect(batch.rows[row] == plain)
      }
      #expect(batch.labels == [5, 0, 5])
      #expect(assembler.batch([5, 0, 5], epoch: 9, position: 4) == batch)
    }
  }

  @Test func aBatchInTheMiddleEqualsTheSameRowsOfTheWholeEpoch() throws {
    try withTemporaryFolder { folder in
      let split = try randomImages(40, shape: Self.shape, in: folder).training
      let assembler = BatchAssembler<Float>(
        split: split, augmentation: Augmentation(padding: 4, flip: true), seed: 2)
      let order = EpochOrder(seed: 2, epoch: 7, count: 40).indices
      let whole = assembler.batch(order, epoch: 7)
      let middle = assembler.batch(Array(order[16..<29]), epoch: 7, position: 16)
      #expect(middle.rows == Array(whole.rows[16..<29]))
      #expect(middle.labels == Array(whole.labels[16..<29]))
      let misplaced = assembler.batch(Array(order[16..<29]), epoch: 7, position: 17)
      #expect(misplaced.rows != middle.rows)
    }
  }

  @Test func otherEpochsAndSeedsDrawOtherwise() throws {
    try withTemporaryFolder { folder in
      let split = try randomImages(20, shape: Self.shape, in: folder).training
      let augmentation = Augmentation(padding: 4, flip: true)
      let images = (0..<20).map { Int32($0) }
      let first = BatchAssembler<Float>(split: split, augmentation: augmentation, seed: 1)
      let second = BatchAssembler<Float>(split: split, augmentation: augmentation, seed: 2)
      let again = BatchAssembler<Float>(split: split, augmentation: augmentation, seed: 1)
      let batch = first.batch(images, epoch: 3)
      #expect(again.batch(images, epoch: 3) == batch)
      #expect(first.batch(images, epoch: 4).rows != batch.rows)
      #expect(second.batch(images, epoch: 3).rows != batch.rows)
      #expect(second.batch(images, epoch: 3).labels == batch.labels)
    }
  }

  @Test func rowsBeyondTheImagesAreLeftAlone() throws {
    try withTemporaryFolder { folder in
      let split = try randomImages(4, shape: Self.shape, in: folder).training
      let assembler = BatchAssembler<Float>(split: split, augmentation: Augmentation(padding: 2, flip: true))
      let batch = Batch<Float>(capacity: 4, inputSize: Self.shape.count, classes: 10)
      batch.inputs.fill(with: 99)
      for row in 0..<4 { batch.setLabel(9, ofSample: row) }
      assembler.assemble([3, 1], epoch: 1, position: 0, into: batch)
      #expect(batch.count == 2 && batch.inputs.rows == 2)
      batch.count = 4
      let filled = AssembledBatch(batch)
      #expect(filled.labels == [3, 1, 9, 9])
      #expect(filled.rows[..<2].allSatisfy { $0.allSatisfy { $0 != 99 } })
      #expect(filled.rows[2...].allSatisfy { $0.allSatisfy { $0 == 99 } })
    }
  }
}
