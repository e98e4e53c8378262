import Foundation
import Testing

@testable import Charting

@Suite struct TicksTests {
  /// Ranges over many magnitudes, from a fixed sequence.
  static let ranges: [(Double, Double)] = {
    var state: UInt64 = 7
    func next() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) * 0x1p-53
    }
    return (0..<500).map { _ in
      let low = (next() - 0.5) * pow(10, next() * 16 - 6)
      return (low, low + pow(10, next() * 16 - 8) + abs(low) * 1e-5)
    }
  }()

  @Test func linearTicksAreNiceEvenAndInside() {
    for (low, high) in Self.ranges {
      let range = AxisRange(lower: low, upper: high, spacing: .linear)
      let ticks = Ticks(for: range, maximumCount: 6) { _ in true }.major
      #expect((2...6).contains(ticks.count), "\(low)…\(high)")
      #expect(
        ticks.allSatisfy { $0.value >= low - 1e-9 * (high - low) && $0.value <= high + 1e-9 * (high - low) })
      let step = ticks[1].value - ticks[0].value
      let mantissa = step / pow(10, floor(log10(step) + 1e-9))
      #expect([1.0, 2, 5, 10].contains { abs(mantissa - $0) < 1e-4 }, "\(step)")
      #expect(Set(ticks.map(\.label)).count == ticks.count, "\(ticks.map(\.label))")
    }
  }

  @Test func labelsThatDoNotFitMakeCoarserTicks() {
    let range = AxisRange(lower: 0, upper: 100, spacing: .linear)
    let fine = Ticks(for: range, maximumCount: 12) { _ in true }.major
    let coarse = Ticks(for: range, maximumCount: 12) { $0.count <= 3 }.major
    #expect(fine.count > coarse.count)
    #expect((2...3).contains(coarse.count))
  }

  @Test(arguments: [
    ([0.0, 0.5, 1], -1, ["0.0", "0.5", "1.0"]), ([0, 20_000, 40_000], 4, ["0", "20k", "40k"]),
    ([0, 2_500_000, 5_000_000], 5, ["0", "2.5M", "5M"]), ([-2, 0, 2], 0, ["−2", "0", "2"]),
    ([0.97, 0.98], -2, ["0.97", "0.98"]),
  ])
  func labelsReadAsPeopleWriteThem(_ values: [Double], _ exponent: Int, _ expected: [String]) {
    #expect(TickLabels.make(values, stepExponent: exponent) == expected)
  }

  @Test func logarithmicTicksArePowersOfTen() {
    let range = AxisRange(lower: 1e-3, upper: 1e3, spacing: .logarithmic)
    let ticks = Ticks(for: range, maximumCount: 8) { _ in true }
    #expect(ticks.major.allSatisfy { abs(log10($0.value) - log10($0.value).rounded()) < 1e-9 })
    #expect(ticks.major.contains { $0.label == "10⁻³" })
    #expect(!ticks.minor.isEmpty)
  }

  @Test func emptyConstantAndImpossibleDataStillHaveAnAxis() {
    for values in [[], [3.0], [3, 3, 3], [0], [-1e12], [.nan, .infinity]] {
      let range = AxisRange(for: Axis(label: ""), values: values, padding: 0.05, isAnchoredAtZero: false)
      #expect(range.lower < range.upper, "\(values)")
      #expect(range.lower.isFinite && range.upper.isFinite)
    }
  }

  @Test func anAxisBeginsAtItsFloorWhereDataComeNear() {
    func lower(_ values: [Double], floor: Double?) -> Double {
      var axis = Axis(label: "")
      axis.floor = floor
      return AxisRange(for: axis, values: values, padding: 0.05, isAnchoredAtZero: false).lower
    }
    #expect(lower([10, 60], floor: 0) == 0)
    #expect(lower([40, 60], floor: 0) == 39, "nothing is gained by much empty room")
    #expect(lower([20, 60], floor: nil) == 18)
    #expect(lower([1.02, 1.2], floor: 1) == 1)
    #expect(lower([-3, 60], floor: 0) < -3, "what is there is shown")
  }

  @Test func dotsAtZeroHaveRoomAroundThem() {
    func lower(_ values: [Double], isOfDots: Bool) -> Double {
      AxisRange(
        for: Axis(label: ""), values: values, padding: 0.05, isAnchoredAtZero: false, isOfDots: isOfDots
      ).lower
    }
    #expect(lower([0, 1], isOfDots: true) == -0.05)
    #expect(lower([0, 1], isOfDots: false) == 0)
    #expect(lower([0, 0], isOfDots: false) < 0, "zeros alone would lie in the frame")
  }
}
