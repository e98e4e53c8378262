import Testing

@testable import ImageBatches
@testable import ImageSources
@testable import PreparedImages

struct EpochOrderTests {
  @Test(arguments: [0, 1, 2, 17, 1_000]) func itIsAPermutation(_ count: Int) {
    let order = EpochOrder(seed: 4, epoch: 2, count: count)
    #expect(order.indices.sorted() == (0..<count).map { Int32($0) })
  }

  @Test func someOfTheImages() {
    let images: [Int32] = [90, 3, 14, 7, 55, 21, 8, 1]
    let order = EpochOrder(seed: 4, epoch: 2, images: images)
    #expect(order.indices.sorted() == images.sorted())
    #expect(order.indices != images)
  }

  @Test func seedAndEpochDecide() {
    let order = EpochOrder(seed: 4, epoch: 2, count: 200).indices
    #expect(EpochOrder(seed: 4, epoch: 2, count: 200).indices == order)
    #expect(EpochOrder(seed: 5, epoch: 2, count: 200).indices != order)
    #expect(EpochOrder(seed: 4, epoch: 3, count: 200).indices != order)
    #expect(order != (0..<200).map { Int32($0) })
  }

  @Test func aReusedValueEqualsAFreshOne() {
    var reused = EpochOrder(seed: 9, epoch: 0, count: 150)
    for epoch in [5, 1, 300, 1, 0] {
      reused.shuffle(epoch: epoch)
      #expect(reused.indices == EpochOrder(seed: 9, epoch: epoch, count: 150).indices)
    }
  }

  @Test func everyOrderIsEquallyLikely() {
    var order = EpochOrder(seed: 1, epoch: 0, count: 4)
    var counts: [[Int32]: Int] = [:]
    for epoch in 0..<7_200 {
      order.shuffle(epoch: epoch)
      counts[order.indices, default: 0] += 1
    }
    #expect(counts.count == 24)
    #expect(chiSquare(Array(counts.values)) < chiSquareLimit(freedom: 23))
  }
}
