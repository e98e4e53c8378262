import ContentStore
import PublishedSamples
import Testing

@testable import weave

/// The same seed draws the same runs, wherever they stand among others.
@Suite struct ChallengeDrawTests {
  private static func runs(_ seeds: some Sequence<Int>) throws -> [ChallengeRun] {
    try seeds.map {
      ChallengeRun(
        entry: try sampleEntry(
          stage: "train", title: "run \($0)", file: "history.csv", parameters: ["seed": .integer($0)]),
        readers: [], seconds: 1, isSegment: false)
    }
  }

  private func order(_ runs: [ChallengeRun], seed: UInt64) -> [String] {
    ChallengeDraw(runs, count: runs.count, seed: seed).drawn.map(\.key)
  }

  @Test func aFolderThatHasGrownIsDrawnFromInTheSameOrder() throws {
    let (few, all) = (try Self.runs(1...10), try Self.runs(1...40))
    for seed in 1...5 as ClosedRange<UInt64> {
      let before = order(few, seed: seed)
      #expect(order(few.reversed(), seed: seed) == before)
      #expect(order(all.reversed(), seed: seed).filter(Set(before).contains) == before)
    }
    #expect(Set((1...5).map { order(few, seed: $0).first }).count > 1)
  }
}
