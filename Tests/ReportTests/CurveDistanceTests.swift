import Testing

@testable import Figures
@testable import Report

@Suite struct CurveDistanceTests {
  private func distance(
    _ theirs: [(Double, Double)], _ ours: [(x: Double, y: Double)], series: String = "s"
  ) -> CurveDistance? {
    CurveDistance(
      PublishedCurve(panel: "p", series: series, x: theirs.map(\.0), y: theirs.map(\.1)), ours: ours)
  }

  @Test func curvesAreComparedWhereBothAre() throws {
    let found = try #require(distance([(0, 2), (10, 1), (20, 5)], [(5, 3), (10, 0), (15, 2.7)]))
    #expect(found.published.start == 1.5 && found.published.end == 3 && found.published.extreme == 3)
    #expect(found.ours.start == 3 && found.ours.end == 2.7 && found.ours.extreme == 0)
    #expect(abs(found.errorOfEnd + 0.1) < 1e-12)
    #expect(found.published.direction == 1 && found.ours.direction == -1 && !found.hasSameDirection)
  }

  @Test func twoPerCentAreLevel() throws {
    let level = try #require(distance([(0, 1), (1, 1.019)], [(0, 1), (1, 0.981)]))
    #expect(level.published.direction == 0 && level.ours.direction == 0 && level.hasSameDirection)
    #expect(try #require(distance([(0, 1), (1, 1.03)], [(0, 1), (1, 1)])).published.direction == 1)
  }

  @Test func withoutACommonStretchThereIsNothingToCompare() {
    #expect(distance([(0, 1), (1, 1)], [(2, 1), (3, 1)]) == nil)
    #expect(distance([(0, 1)], []) == nil)
  }

  @Test func theSummaryCountsDirectionsEndsAndOrder() throws {
    let distances = try [
      distance([(0, 1), (1, 2)], [(0, 1), (1, 2.1)], series: "a"),
      distance([(0, 1), (1, 4)], [(0, 1), (1, 1.5)], series: "b"),
      // Its published end is that of a: no order to find again.
      distance([(0, 1), (1, 2.01)], [(0, 2), (1, 1)], series: "c"),
    ].map { try #require($0) }
    let summary = DistanceSummary(distances)
    #expect(summary.curves == 3 && summary.sameDirection == 2 && summary.nearEnds == 1)
    // a < b and c < b were published; of ours a lies above b.
    #expect(summary.pairs == 2 && summary.sameOrder == 1)
    let twice = summary + summary
    #expect(twice.curves == 6 && twice.pairs == 4)
  }

  @Test func chaptersAddUpEachProfileByItself() throws {
    let one = DistanceSummary([try #require(distance([(0, 1), (1, 2)], [(0, 1), (1, 2)]))])
    var sums = DistanceSums()
    sums.add(one, of: "Clones", at: .quick)
    sums.add(one, of: "Clones", at: .standard)
    sums.add(DistanceSummary(), of: "Recovery", at: .quick)
    sums.add(one, of: "Emergence", at: .quick)
    sums.add(one, of: "Clones", at: .quick)
    #expect(
      sums.parts.map { "\($0.chapter) \($0.profile) \($0.sum.curves)" }
        == ["Clones quick 2", "Clones standard 1", "Emergence quick 1"])
    #expect(sums.all.curves == 4 && sums.all.nearEnds == 4)
  }

  @Test(arguments: [(nil, true), ("cnn-loss", true), ("fig-b.7/cnn-loss", false)])
  func curvesOfAnotherFigureAreNotItsOwn(published: String?, expected: Bool) {
    let axis = PanelSpecification.AxisSpecification(label: "")
    var panel = PanelSpecification(id: "p", title: "", x: axis, y: axis, series: [])
    panel.published = published
    #expect(panel.hasCurvesOfItsOwnFigure == expected)
  }
}
