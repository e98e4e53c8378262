import ContentStore
import ImageBatches
import ImageSources
import PreparedImages
import Testing

@testable import Manuscript

/// Panels with bars, error bars, categories and units, as blocks ask for them.
@Suite struct PanelSpecificationTests {
  private static let theory = """
    experiment: "theory", title: "t", claims: [],
    tables: { a: { quantity: "quarticGap", activations: ["relu"], points: 11 },
              b: { quantity: "quarticGap", activations: ["relu"], points: 21 } },
    panels: [{ id: "p", title: "p",
      x: { label: "width", categories: ["5", "10"] },
      y: { label: "y" },
      series: [
        { id: "s", label: "s", tables: ["a", "b"], curve: "margin",
          style: { color: 0, line: "solid", bars: true } }] }]
    """

  private func plan(_ body: String) throws -> ArtifactPlan {
    let context = PlanningContext.sample()
    let chapter = try Chapter(file: "t.md", text: "```artifact fig-t.1\n{\n\(body)\n}\n```")
    return try Plan(chapters: [chapter], context: context).artifacts[0]
  }

  @Test func barsOverCategoriesAreRead() throws {
    let panel = try plan(Self.theory).artifact.panels[0]
    #expect(panel.x.categories == ["5", "10"])
    #expect(panel.series[0].tables == ["a", "b"])
    #expect(panel.series[0].style.bars == true)
  }

  @Test func unitsAndFixedMarksAreRead() throws {
    let body = Self.theory.replacing("categories: [\"5\", \"10\"]", with: "per: 1e6")
      .replacing("bars: true", with: "errorBars: true")
      .replacing("series: [", with: "marks: [{ at: 2500000, label: \"half\" }], series: [")
    let panel = try plan(body).artifact.panels[0]
    #expect(panel.x.drawn(try #require(panel.marks?[0].at)) == 2.5)
    #expect(panel.y.drawn(3) == 3)
    #expect(panel.series[0].style.errorBars == true)
  }

  @Test func claimsMaySpeakOfAnyOfSeveralTables() throws {
    let claim = """
      claims: [{ id: "c", says: "c", measure: "final(b.margin)", comparison: "<", threshold: 1 }]
      """
    #expect(try plan(Self.theory.replacing("claims: []", with: claim)).artifact.claims.count == 1)
  }

  /// What is wrong, and the line and the words by which the message says so.
  struct Mistake: Sendable, CustomTestStringConvertible {
    let find: String
    let replace: String
    let says: String
    var testDescription: String { replace.isEmpty ? "without \(find)" : replace }
  }

  private static let categories = "categories: [\"5\", \"10\"]"
  private static let tables = "tables: [\"a\", \"b\"]"

  static let mistakes = [
    Mistake(
      find: tables, replace: "tables: [\"a\", \"c\"]",
      says: "t.md:10: fig-t.1: panels[0].series[0].tables[1] is 'c', which is no table of this artifact"),
    Mistake(find: tables, replace: "tables: []", says: ":10: fig-t.1: panels[0].series[0].tables is empty"),
    Mistake(
      find: tables, replace: "tables: [\"a\"]",
      says: "panels[0].series[0].tables has 1 tables for the 2 categories of the x axis"),
    Mistake(
      find: tables, replace: "table: \"a\"",
      says: "panels[0].series[0] needs 'tables' or 'runs', one for each category of the x axis"),
    Mistake(
      find: tables, replace: tables + ", table: \"a\"",
      says: "panels[0].series[0] has both 'table' and 'tables'"),
    Mistake(
      find: tables, replace: tables + ", runs: [\"r\"]",
      says: "panels[0].series[0] has both a table and runs to come from"),
    Mistake(
      find: "\"margin\"", replace: "\"mar*\"", says: "panels[0].series[0].curve must name one curve"),
    Mistake(find: ", curve: \"margin\"", replace: "", says: "panels[0].series[0].curve is missing"),
    Mistake(
      find: categories, replace: "categories: []", says: ":7: fig-t.1: panels[0].x.categories is empty"),
    Mistake(
      find: categories, replace: "categories: [\"5\", \"5\"]", says: "panels[0].x.categories[1] uses the name"
    ),
    Mistake(
      find: categories, replace: categories + ", scale: \"linear\"",
      says: "panels[0].x.scale does not go with 'categories'"),
    Mistake(
      find: categories, replace: categories + ", limits: [0, 1]",
      says: "panels[0].x.limits does not go with 'categories'"),
    Mistake(
      find: categories, replace: categories + ", per: 10",
      says: "panels[0].x.per does not go with 'categories'"),
    Mistake(find: categories, replace: "per: 0", says: "panels[0].x.per is 0.0; it must be positive"),
    Mistake(
      find: "{ label: \"y\" }", replace: "{ label: \"y\", categories: [\"a\", \"b\"] }",
      says: ":8: fig-t.1: panels[0].y.categories belongs to the x axis only"),
    Mistake(
      find: ", " + categories, replace: "",
      says: "panels[0].series[0].style.bars needs the panel's x axis to have 'categories'"),
    Mistake(
      find: "bars: true", replace: "bars: true, errorBars: true",
      says: "panels[0].series[0].style has 'bars' and 'errorBars', of which a series can have one"),
    Mistake(
      find: "bars: true", replace: "errorBars: true, dots: true",
      says: "panels[0].series[0].style has 'errorBars' and 'dots', of which a series can have one"),
    Mistake(
      find: "{ label: \"y\" }", replace: "{ label: \"y\", scale: \"logarithmic\" }",
      says: "panels[0].y.scale is logarithmic, but bars begin at 0"),
    Mistake(
      find: "{ label: \"y\" }", replace: "{ label: \"y\", limits: [1, 2] }",
      says: "panels[0].y.limits must include 0"),
    Mistake(
      find: "series: [", replace: "marks: [{ at: 1, label: \"m\" }], series: [",
      says: "panels[0].marks[0] needs an x axis of numbers"),
  ]

  @Test(arguments: mistakes) func mistakesAreLocated(_ mistake: Mistake) throws {
    try #require(Self.theory.contains(mistake.find))
    let error = #expect(throws: ManuscriptError.self) {
      try plan(Self.theory.replacing(mistake.find, with: mistake.replace))
    }
    let message = "\(try #require(error))"
    #expect(message.contains(mistake.says), "\(message)")
  }

  @Test(arguments: [
    ("label: \"m\"", "needs 'endOf' or 'at'"),
    ("at: 1, endOf: \"r\", label: \"m\"", "has both 'endOf' and 'at'"),
    ("endOf: \"r\", label: \"m\"", "endOf is 'r', which is no run"),
  ]) func aMarkIsEitherAtARunsEndOrAtAValue(_ mark: String, _ says: String) throws {
    let body = Self.theory.replacing(", " + Self.categories, with: "").replacing(", bars: true", with: "")
      .replacing("series: [", with: "marks: [{ \(mark) }], series: [")
    let error = #expect(throws: ManuscriptError.self) { try plan(body) }
    let message = "\(try #require(error))"
    #expect(message.contains("panels[0].marks[0]") && message.contains(says), "\(message)")
  }
}
