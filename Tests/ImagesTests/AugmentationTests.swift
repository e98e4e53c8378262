import Testing

@testable import ImageBatches
@testable import ImageSources
@testable import PreparedImages

struct AugmentationTests {
  /// Offsets and mirroring are read off the pixels: red is row + 1 and green column + 1 of an image of
  /// 10 × 12 pixels, whose middle never leaves a window moved by at most 4.
  private func observed(seed: UInt64, epoch: Int, count: Int) throws -> [Augmentation.Draw] {
    try withTemporaryFolder { folder in
      let shape = ImageShape(channels: 3, height: 10, width: 12)
      let rows = (0..<10).flatMap { row in [UInt8](repeating: UInt8(row + 1), count: 12) }
      let columns = (0..<10).flatMap { _ in (1...12).map { UInt8($0) } }
      let image = rows + columns + [UInt8](repeating: 200, count: 120)
      let split = try handmade(shape: shape, images: [image], labels: [0], in: folder).training
      let assembler = BatchAssembler<Float>(
        split: split, augmentation: Augmentation(padding: 4, flip: true), seed: seed)
      func byte(_ row: [Float], _ channel: Int, _ y: Int, _ x: Int) -> Int {
        let value = row[(channel * 10 + y) * 12 + x]
        return Int(
          ((value * Float(split.standardDeviation[channel]) + Float(split.mean[channel])) * 255).rounded())
      }
      return assembler.batch([Int32](repeating: 0, count: count), epoch: epoch).rows.map { row in
        let left = byte(row, 1, 5, 5) - 1
        let mirrored = byte(row, 1, 5, 6) - 1 < left
        return Augmentation.Draw(
          top: byte(row, 0, 5, 5) - 1 - 5, left: left - (mirrored ? 6 : 5), mirrored: mirrored)
      }
    }
  }

  @Test func offsetsAndMirroringAreUniformAndIndependent() throws {
    let draws = try observed(seed: 1, epoch: 0, count: 8_100)
    #expect(draws.allSatisfy { (-4...4).contains($0.top) && (-4...4).contains($0.left) })
    func counts(_ cells: Int, _ cell: (Augmentation.Draw) -> Int) -> [Int] {
      draws.reduce(into: [Int](repeating: 0, count: cells)) { $0[cell($1)] += 1 }
    }
    let top = counts(9) { $0.top + 4 }
    let left = counts(9) { $0.left + 4 }
    let mirrored = counts(2) { $0.mirrored ? 1 : 0 }
    let joint = counts(162) { (($0.top + 4) * 9 + $0.left + 4) * 2 + ($0.mirrored ? 1 : 0) }
    for count in [top, left, mirrored, joint] {
      #expect(chiSquare(count) < chiSquareLimit(freedom: count.count - 1))
      #expect(count.allSatisfy { $0 > 0 })
    }
    // Half of the images, within four standard deviations.
    #expect(abs(Double(mirrored[1]) / 8_100 - 0.5) < 4 * 0.5 / 90)
  }

  @Test func neighbouringImagesDrawIndependently() throws {
    let draws = try observed(seed: 3, epoch: 2, count: 8_100)
    var pairs = [Int](repeating: 0, count: 81)
    for index in 1..<draws.count { pairs[(draws[index - 1].left + 4) * 9 + draws[index].left + 4] += 1 }
    #expect(chiSquare(pairs) < chiSquareLimit(freedom: 80))
  }

  @Test func theSameImageIsDrawnAnewInEveryEpoch() throws {
    let first = try observed(seed: 3, epoch: 0, count: 500)
    let second = try observed(seed: 3, epoch: 1, count: 500)
    let same = zip(first, second).filter { $0 == $1 }.count
    // One in 162 by chance: three of five hundred.
    #expect(same < 15)
    #expect(try observed(seed: 3, epoch: 0, count: 500) == first)
  }
}
