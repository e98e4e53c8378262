import Testing

@testable import Manuscript

/// Promise: what a stage's results take is told apart from what it takes to start: neither does a tiny result make a large
/// one look slow, nor does anything look faster than what was measured.
@Suite struct StageCostTests {
  private func cost(_ samples: [(operations: Double, seconds: Double)]) throws -> StageCost {
    try #require(
      StageCost(
        samples.map { StageCost.Sample(operations: $0.operations, seconds: $0.seconds) }, fastest: 1e11))
  }

  @Test func bothPartsAreFoundAgain() throws {
    let found = try cost([1e9, 5e9, 4e10, 2e11, 1e12].map { ($0, 0.4 + $0 / 2e10) })
    #expect(abs(found.fixed - 0.4) < 1e-6 && abs(found.perOperation - 1 / 2e10) < 1e-15)
    #expect(abs(found.seconds(operations: 1e13) - 500.4) < 1e-3)
  }

  @Test func resultsThatAreOnlyStartedSayLittleOfLargeOnes() throws {
    let found = try cost(Array(repeating: (1e9, 0.45), count: 5))
    #expect(abs(found.seconds(operations: 1e9) - 0.45) < 1e-9)
    // At the assumed rate, not at the two thousand millions a second that these make.
    #expect(abs(found.seconds(operations: 1e12) - 10.44) < 1e-6)
  }

  @Test func longResultsTellTheirRate() throws {
    // The fixed part is at most a second of the thousand.
    let found = try cost([(1e13, 1_000), (1e13, 1_000)])
    #expect(found.fixed <= StageCost.mostFixed)
    #expect(abs(found.seconds(operations: 1e13) - 1_000) < 1e-6)
    #expect(abs(found.seconds(operations: 1e14) - 10_000) < 10)
  }

  @Test func theFixedPartIsNeverNegative() throws {
    // Large results that are slower than small ones, as where caches are too small.
    let found = try cost([(1e10, 0.1), (1e12, 20)])
    #expect(found.fixed == 0 && found.perOperation > 1 / 1e11 && found.perOperation < 20 / 1e12)
  }

  @Test func aFasterMachineThanAssumedIsBelieved() throws {
    let found = try cost([(1e12, 5), (2e12, 10)])
    #expect(abs(found.seconds(operations: 4e12) - 20) < 1)
  }

  @Test func nothingIsSaidOfNothing() { #expect(StageCost([], fastest: 1e11) == nil) }
}
