import Testing

@testable import bench

/// Promise: two processes are asked in turn, and one that is not there leaves dashes.
@Suite struct ProcessTests {
  /// Says that it took so many seconds for each time that it was told to work.
  private func worker(_ seconds: Int) -> [String] {
    [
      "sh", "-c",
      "echo ready 1.0 way; while read n; do [ $n = memory ] && echo 5 0 || echo $((n * \(seconds))) 0; done",
    ]
  }

  @Test func theMediansOfBothSidesAreCompared() {
    let outcome = Duel(rounds: 3, seconds: 10).run(ours: worker(2), theirs: worker(6))
    #expect(outcome.ours == 2 && outcome.theirs == 6 && outcome.ratio == 3)
    #expect(outcome.ourPeakMemory == 5 && outcome.greeting == ["1.0", "way"])
  }

  @Test func aSideThatIsNotThereLeavesDashes() {
    let outcome = Duel(rounds: 1, seconds: 10).run(ours: worker(2), theirs: ["sh", "-c", "exit 1"])
    #expect(outcome.ours == 2 && outcome.theirs.isNaN)
    #expect(cell(outcome.ratio) == "–" && percentCell(outcome.ratio) == "–")
    #expect(Duel(rounds: 1, seconds: 10).run(ours: worker(2), theirs: nil).ratio.isNaN)
  }
}
