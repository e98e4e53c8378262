import Testing

@testable import Claims
@testable import Figures
@testable import Manuscript

@Suite struct ClaimResultTests {
  private func claim(
    _ comparison: ClaimSpecification.Comparison, _ threshold: Double, measure: String = "final(p.s)",
    profiles: [Profile]? = nil, certain: String? = nil
  ) -> ClaimSpecification {
    ClaimSpecification(
      id: "c", says: "…", measure: measure, comparison: comparison, threshold: threshold, profiles: profiles,
      certain: certain)
  }

  /// A figure whose only curve ends at a value for each seed.
  private func data(_ ends: [Double], odd: Double? = nil) throws -> FigureData {
    let style = SeriesSpecification.StyleSpecification(color: 0, line: "solid")
    let axis = PanelSpecification.AxisSpecification(label: "")
    let series = SeriesSpecification(id: "s", label: "s", runs: ["r"], metric: "loss", style: style)
    let panel = PanelSpecification(id: "p", title: "", x: axis, y: axis, series: [series])
    return try FigureData(panels: [panel], seeds: ends.indices.map(UInt64.init)) { _, seed in
      [
        MetricRow(step: 0, layer: "", probe: "", metric: "loss", value: odd ?? 1),
        MetricRow(step: 10, layer: "", probe: "", metric: "loss", value: ends[Int(seed)]),
      ]
    }
  }

  private func verdict(
    _ comparison: ClaimSpecification.Comparison, _ threshold: Double, _ ends: [Double]
  ) throws -> Verdict {
    try ClaimResult(claim(comparison, threshold), data: data(ends), profile: .quick).verdict
  }

  /// Mean 4; with three seeds of standard error √3 / 10 the interval is 4 ± 0.745.
  @Test func verdictsFollowTheIntervalOverSeeds() throws {
    let ends = [3.7, 4, 4.3]
    let result = try ClaimResult(claim(.less, 5), data: data(ends), profile: .quick)
    #expect(result.measured == 4 && result.perSeed == ends)
    let interval = try #require(result.interval)
    #expect(abs(interval[0] - 3.2547) < 1e-3 && abs(interval[1] - 4.7453) < 1e-3)
    for (threshold, expected) in [
      (5.0, Verdict.reproduced), (4.5, .undecided), (3.5, .undecided), (3, .notReproduced),
    ] {
      #expect(try verdict(.less, threshold, ends) == expected)
      #expect(try verdict(.atMost, threshold, ends) == expected)
    }
    for (threshold, expected) in [(5.0, Verdict.notReproduced), (4.5, .undecided), (3, .reproduced)] {
      #expect(try verdict(.greater, threshold, ends) == expected)
      #expect(try verdict(.atLeast, threshold, ends) == expected)
      #expect(
        try verdict(.within, threshold, ends)
          == (threshold == 5 ? .reproduced : threshold == 3 ? .notReproduced : .undecided))
    }
    let note = try #require(try ClaimResult(claim(.less, 4.5), data: data(ends), profile: .quick).note)
    #expect(note.contains("3 seeds"))
  }

  @Test func anIntervalAroundTheWholeRangeDecidesNothing() throws {
    // Mean 0, interval far beyond ±1 on both sides.
    #expect(try verdict(.within, 1, [-3, 0, 3]) == .undecided)
  }

  /// Where our run is shorter, the paper's curve is asked what it had come to by then.
  @Test func thePapersCurveIsAskedAsFarAsOursGoes() throws {
    func results(_ measure: String, upTo x: [Double], _ y: [Double]) throws -> ClaimResult {
      let data = try data([3])
      let judgement = JudgementSpecification(
        artifact: "a", profile: .quick, seeds: data.seeds, panels: [],
        claims: [claim(.less, 5, measure: measure)],
        published: [PublishedCurve(panel: "p", series: "s", x: x, y: y)])
      return try #require(judgement.results(on: data).first)
    }
    // Ours ends at 10.
    let longer = try results("final(p.s)", upTo: [0, 5, 20], [2, 4, 10])
    #expect(longer.published == 6 && longer.publishedHolds == false)
    // Whether a criterion is one that the paper meets, its whole course says.
    let turned = try results("final(p.s)", upTo: [0, 5, 20], [2, 8, 2])
    #expect(abs((turned.published ?? 0) - 6) < 1e-12 && turned.publishedHolds == true)
    #expect(try results("maximum(p.s)", upTo: [0, 8, 20], [2, 4, 100]).published == 20)
    #expect(try results("final(p.s)", upTo: [0, 10], [2, 4]).published == 4)
    #expect(try results("final(p.s)", upTo: [11, 20], [2, 4]).published == nil)
  }

  @Test func oneSeedDecidesNothingButWhatIsCertain() throws {
    let drawn = try ClaimResult(claim(.less, 5), data: data([3]), profile: .quick)
    #expect(drawn.verdict == .undecided && drawn.interval == nil)
    #expect(drawn.note == "one seed, which meets the criterion")
    let certain = try ClaimResult(claim(.less, 5, certain: "by proof"), data: data([3]), profile: .quick)
    #expect(certain.verdict == .reproduced && certain.note == "one seed decides: by proof")
    #expect(
      try ClaimResult(claim(.less, 3, certain: "by proof"), data: data([3]), profile: .quick).verdict
        == .notReproduced)
  }

  @Test func seedsThatAgreeToTheLastBitDecide() throws {
    #expect(try verdict(.atMost, 0.1, [0.1, 0.1, 0.1]) == .reproduced)
    #expect(try verdict(.less, 0.1, [0.1, 0.1]) == .notReproduced)
  }

  @Test func valuesTooLargeForASpreadDecideNothing() throws {
    let result = try ClaimResult(claim(.less, 1), data: data([1e200, -1e200, 3e200]), profile: .quick)
    #expect(result.verdict == .undecided && result.interval == nil)
    #expect(result.note == "its spread over seeds is not a number")
  }

  @Test func withoutSeedsTheValueDecides() throws {
    let style = SeriesSpecification.StyleSpecification(color: 0, line: "solid")
    let axis = PanelSpecification.AxisSpecification(label: "")
    let series = SeriesSpecification(id: "s", label: "s", table: "t", curve: "c", style: style)
    let panel = PanelSpecification(id: "p", title: "", x: axis, y: axis, series: [series])
    let data = try FigureData(
      panels: [panel], seeds: [], tables: ["t": CurveTable(curves: ["c": [(0, 1), (1, 2)]])]
    ) { _, _ in [] }
    let result = try ClaimResult(claim(.less, 3), data: data, profile: .quick)
    #expect(result.verdict == .reproduced && result.interval == nil && result.note == nil)
  }

  @Test(arguments: [
    (Double.nan, "final(p.s)"), (.nan, "minimum(p.s)"), (.infinity, "final(p.s)"), (1, "final(p.s) / 0"),
    (1, "0 / 0 * final(p.s)"),
  ])
  func whatIsNoNumberDecidesNothing(_ odd: Double, _ measure: String) throws {
    for comparison in [ClaimSpecification.Comparison.less, .greater] {
      let result = try ClaimResult(
        claim(comparison, 100, measure: measure), data: data([3, 3, 3], odd: odd), profile: .quick)
      #expect(result.verdict == .undecided)
      #expect(result.note?.contains("not a number") == true)
    }
  }

  @Test func aProfileThatCannotTellGivesNoVerdict() throws {
    func verdict(_ profiles: [Profile]) throws -> Verdict {
      try ClaimResult(claim(.less, 9, profiles: profiles), data: data([3, 3]), profile: .quick).verdict
    }
    #expect(try verdict([.paper]) == .notTested)
    #expect(try verdict([.quick]) == .reproduced)
  }

  @Test func aCriterionIsPutToTheOriginalToo() throws {
    func result(_ measure: String, _ threshold: Double) throws -> ClaimResult {
      try ClaimResult(
        claim(.less, threshold, measure: measure), data: data([3, 3]),
        published: [PublishedCurve(panel: "p", series: "s", x: [0, 5], y: [2, 8])], profile: .quick)
    }
    let failed = try result("final(p.s)", 5)
    #expect(failed.verdict == .reproduced && failed.published == 8 && failed.publishedHolds == false)
    let held = try result("initial(p.s)", 5)
    #expect(held.published == 2 && held.publishedHolds == true)
    let absent = try ClaimResult(claim(.less, 5), data: data([3, 3]), profile: .quick)
    #expect(absent.published == nil && absent.publishedHolds == nil)
    // A place that the original has no value at.
    #expect(try result("at(p.s, 10)", 5).published == nil)
  }
}
