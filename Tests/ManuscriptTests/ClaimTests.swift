import Testing

@testable import Claims
@testable import Figures
@testable import Manuscript

@Suite struct ClaimExpressionTests {
  private static let curves: [String: [(x: Double, y: Double)]] = [
    "loss.clone-noise": [(0, 4), (10, 1), (20, 2)], "loss.base": [(0, 4), (10, 3)],
    "loss.long": [(0, 8), (1, 6), (2, 1), (3, 0), (4, 2)],
    // The points at 0 are of networks before their first task, and count in no onset.
    "new.rank": [(0, 30), (1, 10), (5, 12), (9, 11), (13, 11)],
    "old.rank": [(0, 1), (1, 11), (2, 11), (3, 11), (4, 10), (5, 9), (6, 8), (7, 7), (8, 6)],
  ]

  private func value(_ text: String) throws -> Double {
    try ClaimExpression(text).value { try #require(Self.curves[$0]) }
  }

  @Test(arguments: [
    ("final(loss.clone-noise)", 2.0), ("initial(loss.clone-noise)", 4), ("minimum(loss.clone-noise)", 1),
    ("maximum(loss.clone-noise)", 4), ("spread(loss.clone-noise)", 3), ("mean(loss.base)", 3.5),
    ("slope(loss.clone-noise)", -0.1), ("early(loss.long)", 7), ("late(loss.long)", 1),
    ("middle(loss.long)", 1), ("middle(loss.clone-noise)", 1), ("meanFrom(loss.long, 3)", 1),
    ("meanFrom(loss.long, 0.5)", 2.25),
    ("early(loss.clone-noise)", 4), ("late(loss.clone-noise)", 2), ("correlation(loss.base)", -1),
    ("correlation(loss.clone-noise)", -0.6546536707079771),
    // At 0 and 10 the one is 4 and 3, the other 4 and 1; at 0, 1, 2, 3 and 4 the other is on a line from 4 to 3.
    ("together(loss.base, loss.clone-noise)", 1), ("together(loss.long, loss.base)", 0.8285171561084912),
    ("at(loss.long, 3) - at(loss.base,10)", -3), ("at(loss.long, 1.5)", 3.5),
    // Student's t for 3 degrees is 3.182, the deviation of 10, 12, 11, 11 is 0.816: three values more have a mean in
    // 11 ± 3.182 · 0.816 · √(1/4 + 1/3) = 11 ± 1.98. That of the values at 4, 5 and 6 is 9, at 5, 6 and 7 it is 8.
    ("onsetBelow(old.rank, new.rank)", 4), ("onsetAbove(old.rank, new.rank)", .infinity),
    ("final(loss.clone-noise) - final( loss.base )", -1),
    ("1 - 2 * 3 + 8 / 4", -3), ("-(1 + 2) * 2", -6), ("final(loss.base) / 2 - 0.5", 1),
  ])
  func expressionsHaveTheirValues(_ text: String, _ expected: Double) throws {
    let value = try value(text)
    #expect(value == expected || abs(value - expected) < 1e-12)
  }

  @Test func twoValuesSayNothingOfWhatIsUsual() throws {
    #expect(try value("onsetBelow(old.rank, loss.base)").isNaN)
  }

  @Test func whereACurveHasNoPointsThereIsNoNumber() throws {
    #expect(try value("middle(loss.base)").isNaN)
    #expect(try value("meanFrom(loss.base, 11)").isNaN)
    #expect(try value("at(loss.base, 11)").isNaN)
  }

  @Test(arguments: [
    "", "final(", "final(a.b", "last(a.b)", "1 +", "1 2", "(1", "final a.b", "at(a.b)", "at(a.b, x)",
    "final(a.b, 1)", "meanFrom(a.b)", "together(a.b)", "onsetBelow(a.b)",
  ])
  func whatIsNoExpressionIsRefused(_ text: String) {
    #expect(throws: ClaimExpressionError.self) { try ClaimExpression(text) }
  }

  @Test func anExpressionKnowsItsCurves() throws {
    #expect(try ClaimExpression("final(a.b) - mean(c.d-e)").curves == ["a.b", "c.d-e"])
  }
}

@Suite struct FigureDataTests {
  /// - Parameter odd: what the second seed's first run has on its first step, in place of a number of the usual size.
  static func data(odd: Double? = nil) throws -> FigureData {
    let style = SeriesSpecification.StyleSpecification(color: 0, line: "solid")
    let axis = PanelSpecification.AxisSpecification(label: "")
    let series = SeriesSpecification(
      id: "s", label: "s", runs: ["first", "second"], metric: "rank", layers: "act_*", style: style)
    let panel = PanelSpecification(id: "p", title: "", x: axis, y: axis, series: [series])
    return try FigureData(panels: [panel], seeds: [40, 41]) { run, seed in
      func row(_ step: Int, _ layer: String, _ value: Double, probe: String = "training") -> MetricRow {
        MetricRow(step: step, layer: layer, probe: probe, metric: "rank", value: value)
      }
      let shift = seed == 40 ? 0.0 : 2.0
      if run == "first" {
        let start = seed == 41 ? odd ?? 1 : 1
        return [row(0, "act_1", start), row(0, "act_2", 3), row(10, "act_1", 100)]
      }
      return [
        row(10, "act_1", 3 + shift), row(10, "out", 1_000),
        row(10, "act_1", 1_000, probe: "validation"),
      ]
    }
  }

  @Test func layersAreAveragedAndLaterRunsStand() throws {
    let data = try Self.data()
    #expect(try data.points(of: "p.s", seed: 40).map(\.y) == [2, 3])
    #expect(try data.points(of: "p.s").map(\.y) == [2, 4])
    #expect(throws: UnknownCurve(name: "p.t", place: "this figure", known: ["p.s"])) {
      try data.points(of: "p.t")
    }
  }

  @Test func aCurveWithoutPointsIsAnError() throws {
    let style = SeriesSpecification.StyleSpecification(color: 0, line: "solid")
    let axis = PanelSpecification.AxisSpecification(label: "")
    let series = SeriesSpecification(
      id: "s", label: "s", runs: ["r"], metric: "rank", layers: "act_*", style: style)
    let panel = PanelSpecification(id: "p", title: "", x: axis, y: axis, series: [series])
    #expect(throws: EmptyCurve(name: "p.s")) {
      try FigureData(panels: [panel], seeds: [40]) { _, _ in
        [MetricRow(step: 0, layer: "out", probe: "training", metric: "rank", value: 1)]
      }
    }
  }

  @Test func theBandOfTwoSeedsHasBothValues() throws {
    let last = try #require(try Self.data().curves[0].points.last)
    #expect(last.y == 4 && last.low == 3 && last.high == 5)
    #expect(last.count == 2)
  }

  @Test func theBandOfMoreSeedsIsStudents() throws {
    let points = FigureData.summary(of: [1: [(0, 1)], 2: [(0, 4)], 3: [(0, 7)]], seeds: [1, 2, 3])
    let point = try #require(points.first)
    // Mean 4, standard error √3, two degrees of freedom.
    #expect(abs(point.high - (4 + 4.3026527 * 3.0.squareRoot())) < 1e-5)
    #expect(abs(point.low - (4 - 4.3026527 * 3.0.squareRoot())) < 1e-5)
    #expect(point.y == 4 && point.count == 3)
  }

  @Test func theTableIsWhatIsDrawn() throws {
    let table = try Self.data().table
    #expect(table.columns == ["panel", "series", "x", "y", "y_low", "y_high", "n", "seed_40", "seed_41"])
    #expect(table.rows.count == 2)
    #expect(table.rows[0] == ["p", "s", "0.0", "2.0", "2.0", "2.0", "2", "2.0", "2.0"])
  }

  /// From tables of Student's t.
  @Test(arguments: [
    (1, 12.7062), (2, 4.3027), (3, 3.1824), (4, 2.7764), (9, 2.2622), (30, 2.0423), (99, 1.9842),
  ])
  func quantilesAreThoseOfTheTables(_ degrees: Int, _ expected: Double) {
    #expect(abs(StudentT.quantile95(degrees: degrees) - expected) < 1e-4)
  }

  @Test(arguments: [
    ("act_1", "act_*", true), ("out", "act_*", false), ("act_1", "act_1", true), ("act_10", "act_1", false),
    ("block_2_out", "block_*_out", true), ("block_2_in", "block_*_out", false), ("anything", "*", true),
  ])
  func patternsMatch(_ name: String, _ pattern: String, _ expected: Bool) {
    #expect(FigureData.matches(name, pattern: pattern) == expected)
  }
}
