import LinearAlgebra
import Testing

@Suite struct RandomStreamTests {
  /// The known-answer vectors that the authors publish with Random123.
  @Test func philoxKnownAnswers() {
    let zero = RandomStream.block(key: .init(low: 0, high: 0), index: 0, position: 0)
    #expect(zero == SIMD4(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
    let ones = RandomStream.block(key: .init(low: .max, high: .max), index: .max, position: .max)
    #expect(ones == SIMD4(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
  }

  @Test func namesSeparateStreams() {
    var streams = [
      RandomStream(seed: 1, purpose: "a"), RandomStream(seed: 2, purpose: "a"),
      RandomStream(seed: 1, purpose: "b"), RandomStream(seed: 1, purpose: "a", index: 1),
    ]
    let words = streams.indices.map { streams[$0].next() }
    #expect(Set(words).count == 4)
    var again = RandomStream(seed: 1, purpose: "a")
    #expect(again.next() == words[0])
  }

  @Test func wordsFollowTheBlocks() {
    let key = RandomStream.Key(seed: 5, purpose: "words")
    var stream = RandomStream(key, index: 3)
    for position in 0..<3 {
      let block = RandomStream.block(key: key, index: 3, position: UInt64(position))
      for lane in 0..<4 { #expect(stream.nextWord() == block[lane]) }
    }
  }

  @Test func permutationsHoldEveryNumberOnce() {
    var stream = RandomStream(seed: 7, purpose: "permutation")
    let order = stream.permutation(count: 100)
    #expect(order.sorted() == (0..<100).map { Int32($0) })
    #expect(order != order.sorted())
  }

  @Test func integersAreBelowTheirBoundAndEven() {
    var stream = RandomStream(seed: 7, purpose: "integers")
    var counts = [Int](repeating: 0, count: 6)
    for _ in 0..<6000 { counts[Int(stream.integer(below: 6))] += 1 }
    // 1,000 expected each, standard deviation 29.
    #expect(counts.allSatisfy { abs($0 - 1000) < 150 })
  }
}
