import Testing

@testable import Claims
@testable import Figures
@testable import Manuscript

/// Series that join the curves of several tables.
@Suite struct JoinedTablesTests {
  private static func panel(categories: [String]? = nil, curve: String = "rank") -> PanelSpecification {
    let style = SeriesSpecification.StyleSpecification(
      color: 0, line: "solid", bars: categories.map { _ in true })
    let series = SeriesSpecification(id: "s", label: "s", tables: ["a", "b"], curve: curve, style: style)
    return PanelSpecification(
      id: "p", title: "", x: PanelSpecification.AxisSpecification(label: "", categories: categories),
      y: PanelSpecification.AxisSpecification(label: ""), series: [series])
  }

  private static let seeded = [
    "a/40": CurveTable(curves: ["rank": [(5, 1)], "other": [(0, 5), (1, 6)]]),
    "a/41": CurveTable(curves: ["rank": [(5, 3)], "other": [(0, 7), (1, 10)]]),
    "b/40": CurveTable(curves: ["rank": [(10, 4)]]),
    "b/41": CurveTable(curves: ["rank": [(10, 8)]]),
  ]

  private func data(
    _ panel: PanelSpecification = Self.panel(), _ tables: [String: CurveTable] = Self.seeded
  ) throws -> FigureData {
    try FigureData(panels: [panel], seeds: [40, 41], tables: tables) { _, _ in [] }
  }

  @Test func pointsFollowOneAnotherAtTheTablesOwnX() throws {
    let data = try data()
    #expect(try data.points(of: "p.s").map(\.x) == [5, 10])
    #expect(try data.points(of: "p.s").map(\.y) == [2, 6])
    #expect(try data.points(of: "p.s", seed: 41).map(\.y) == [3, 8])
    #expect(data.curves[0].points.map(\.count) == [2, 2])
  }

  @Test func aSeedMayHaveNothingToSay() throws {
    var tables = Self.seeded
    tables["b/41"] = CurveTable(curves: ["other": [(0, 1)]])
    let data = try data(Self.panel(), tables)
    #expect(try data.points(of: "p.s").map(\.y) == [2, 4] && data.curves[0].points.map(\.count) == [2, 1])
    tables["b/40"] = tables["b/41"]
    #expect(try self.data(Self.panel(), tables).points(of: "p.s").map(\.x) == [5])
    #expect(throws: UnknownCurve.self) { try self.data(Self.panel(curve: "none"), tables) }
  }

  @Test func onACategoricalAxisXCountsTheTables() throws {
    let data = try data(Self.panel(categories: ["5", "10"]))
    #expect(try data.points(of: "p.s").map(\.x) == [0, 1])
    #expect(try data.points(of: "p.s", seed: 40).map(\.x) == [0, 1])
    #expect(try data.points(of: "p.s", seed: 40).map(\.y) == [1, 4])
    #expect(data.curves[0].points[0].low == 1 && data.curves[0].points[0].high == 3)
    #expect(
      data.table.rows.map { Array($0.prefix(4)) + [$0[6]] }
        == [["p", "s", "0.0", "2.0", "2"], ["p", "s", "1.0", "6.0", "2"]])
  }

  @Test func tablesOfTheWholeArtifactCountForEverySeed() throws {
    var tables = Self.seeded
    tables["b/40"] = nil
    tables["b/41"] = nil
    tables["b"] = CurveTable(curves: ["rank": [(10, 9)]])
    let mixed = try data(Self.panel(categories: ["5", "10"]), tables)
    #expect(try mixed.points(of: "p.s").map(\.y) == [2, 9])
    #expect(try mixed.points(of: "p.s", seed: 40).map(\.y) == [1, 9])
    #expect(mixed.curves[0].points.map(\.count) == [2, 1])

    let whole = try data(
      Self.panel(),
      ["a": CurveTable(curves: ["rank": [(0, 1), (1, 2)]]), "b": CurveTable(curves: ["rank": [(2, 3)]])])
    #expect(whole.curves[0].points.map(\.y) == [1, 2, 3], "no gap between tables")
    #expect(whole.curves[0].perSeed.isEmpty)
  }

  @Test func aCategoryTakesOnePoint() throws {
    var tables = Self.seeded
    tables["b/41"] = CurveTable(curves: ["rank": [(10, 8), (11, 9)]])
    #expect(throws: CategoryError(series: "s", table: "b/41", curve: "rank", points: 2)) {
      try data(Self.panel(categories: ["5", "10"]), tables)
    }
    tables["b/41"] = nil
    #expect(throws: CategoryError(series: "s", table: "b/41", curve: "rank", points: 0)) {
      try data(Self.panel(categories: ["5", "10"]), tables)
    }
    let error = #expect(throws: UnknownCurve.self) { try data(Self.panel(curve: "rang")) }
    #expect(
      "\(try #require(error))".contains("'rang' is no curve of the table 'a/40'; there are other, rank"))
  }

  @Test func claimsSeeSingleSeedsOfUndrawnCurves() throws {
    let data = try data()
    #expect(try data.points(of: "a.other").map(\.y) == [6, 8])
    #expect(try data.points(of: "a.other", seed: 40).map(\.y) == [5, 6])
    let claim = ClaimSpecification(
      id: "c", says: "…", measure: "final(a.other) - final(p.s)", comparison: .greater, threshold: 1)
    let result = try ClaimResult(claim, data: data, profile: .quick)
    #expect(result.measured == 2)
    #expect(result.perSeed == [2, 2])
    let whole = try self.data(
      Self.panel(), Self.seeded.merging(["c": CurveTable(curves: ["k": [(0, 7)]])]) { $1 })
    #expect(try whole.points(of: "c.k", seed: 41).map(\.y) == [7])
  }
}
