import Testing

@testable import Manuscript

/// Promise: how long work takes on some cores, and its longest chain, are those of graphs whose answers are known.
@Suite struct WorkScheduleTests {
  @Test func nothingTakesNoTime() {
    let schedule = WorkSchedule(seconds: [], inputs: [])
    #expect(schedule.total == 0 && schedule.longestChain.isEmpty && schedule.longestSeconds == 0)
    #expect(schedule.seconds(cores: 3) == 0)
  }

  @Test func independentWorkIsShared() {
    // By the longest first: 5 + 2 | 4 + 2 | 3 + 3, which is not the best that there is, but that of the rule.
    let schedule = WorkSchedule(seconds: [2, 3, 5, 2, 4, 3], inputs: Array(repeating: [], count: 6))
    #expect(schedule.total == 19)
    #expect(schedule.seconds(cores: 1) == 19)
    #expect(schedule.seconds(cores: 3) == 7)
    #expect(schedule.seconds(cores: 6) == 5)
    #expect(schedule.seconds(cores: 100) == 5)
    #expect(schedule.longestChain == [2] && schedule.longestSeconds == 5)
  }

  @Test func aChainIsAsLongOnAnyNumberOfCores() {
    let schedule = WorkSchedule(seconds: [1, 2, 3], inputs: [[], [0], [1]])
    #expect(schedule.longestChain == [0, 1, 2] && schedule.longestSeconds == 6)
    for cores in [1, 2, 50] { #expect(schedule.seconds(cores: cores) == 6) }
  }

  @Test func aDiamondWaitsForItsSlowerSide() {
    //      ┌ 1: 4 ┐
    // 0: 1 ┤      ├ 3: 2, and 4: 6, which waits for nothing
    //      └ 2: 3 ┘
    let schedule = WorkSchedule(seconds: [1, 4, 3, 2, 6], inputs: [[], [0], [0], [1, 2], []])
    #expect(schedule.total == 16)
    #expect(schedule.longestChain == [0, 1, 3] && schedule.longestSeconds == 7)
    #expect(schedule.seconds(cores: 3) == 7)
    // 4 goes first on the one core; on the other 0, 1; then 2 from second 5 and 3 from second 8.
    #expect(schedule.seconds(cores: 2) == 10)
    #expect(schedule.seconds(cores: 1) == 16)
  }

  @Test func theLongestThatIsReadyGoesFirst() {
    // Two cores: 10 on the one; on the other 2, for it is longer than 1, then 1 and what waits for that.
    let schedule = WorkSchedule(seconds: [10, 1, 8, 2], inputs: [[], [], [1], []])
    #expect(schedule.seconds(cores: 2) == 11)
    #expect(schedule.longestChain == [0])
  }

  /// Bounds that hold for every schedule in which no core is idle while something is ready (Graham).
  @Test(arguments: [1, 2, 7, 100]) func graphsOfChanceAreWithinTheBounds(_ cores: Int) {
    var generator = SystemRandomNumberGenerator()
    let count = 20_000
    let seconds = (0..<count).map { _ in Double.random(in: 0...1_000, using: &generator) }
    let inputs = (0..<count).map { place -> [Int] in
      place == 0
        ? []
        : Array(
          Set(
            (0..<Int.random(in: 0...3, using: &generator)).map { _ in
              Int.random(in: 0..<place, using: &generator)
            }))
    }
    let schedule = WorkSchedule(seconds: seconds, inputs: inputs)
    let time = schedule.seconds(cores: cores)
    let least = max(schedule.total / Double(cores), schedule.longestSeconds)
    #expect(time >= least * (1 - 1e-9))
    #expect(time <= (schedule.total / Double(cores) + schedule.longestSeconds) * (1 + 1e-9))
    #expect(
      abs(schedule.longestChain.map { seconds[$0] }.reduce(0, +) - schedule.longestSeconds) < 1e-6
        * schedule.longestSeconds)
    for (input, reader) in zip(schedule.longestChain, schedule.longestChain.dropFirst()) {
      #expect(inputs[reader].contains(input))
    }
  }
}
