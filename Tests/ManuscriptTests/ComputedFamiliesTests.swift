import ContentStore
import Foundation
import ImageBatches
import ImageSources
import PreparedImages
import Testing

@testable import Figures
@testable import Manuscript

/// Families whose panels draw computed tables.
@Suite struct ComputedFamiliesTests {
  private func plan(_ body: String) throws -> ArtifactPlan {
    let context = PlanningContext.sample()
    let chapter = try Chapter(file: "t.md", text: "```artifact fig-t.1\n{\n\(body)\n}\n```")
    return try Plan(chapters: [chapter], context: context).artifacts[0]
  }

  private func message(_ body: String) throws -> String {
    let error = #expect(throws: ManuscriptError.self) { try plan(body) }
    return "\(try #require(error))"
  }

  private static let stability = """
    experiment: "stability", title: "t", seeds: 2,
    data: { set: "cifar-10", padding: 0, flip: false },
    model: { architecture: "mlp", hiddenSizes: [8], normalization: "none", dropout: 0 },
    optimizer: { kind: "sgd", learningRate: 0.1 }, batchSize: 16, epochs: 2, snapshotEvery: 1,
    examine: { factor: 2, images: 8, push: 1e-3, learningRate: 0.1, batches: 2, steps: 5 },
    runs: [{ name: "plain" }], claims: [],
    panels: [{ id: "p", title: "p", x: { label: "x" }, y: { label: "y" }, series: [
      { id: "s", label: "s", table: "plain", curve: "saddle", style: { color: 0, line: "solid" } }] }]
    """

  @Test func stabilityExaminesEveryRunOfEverySeed() throws {
    let jobs = try plan(Self.stability).jobs
    #expect(
      jobs.map(\.slot) == [
        "prepare cifar-10", "train plain seed 40", "compute plain seed 40", "train plain seed 41",
        "compute plain seed 41", "judge", "plot",
      ])
    #expect(jobs.last?.job.inputs.map(\.name) == ["plain/40", "plain/41"])
  }

  @Test func mistakesAreLocated() throws {
    #expect(
      try message(Self.stability.replacingOccurrences(of: "push: 1e-3", with: "push: 2"))
        .contains("t.md:7: fig-t.1: examine.push is 2.0"))
    #expect(
      try message(Self.stability.replacingOccurrences(of: "table: \"plain\"", with: "table: \"plane\""))
        .contains("panels[0].series[0].table is 'plane', which is no table"))
    #expect(
      try message(Self.stability.replacingOccurrences(of: ", curve: \"saddle\"", with: ""))
        .contains("panels[0].series[0].curve is missing"))
    #expect(
      try message(Self.stability.replacingOccurrences(of: "id: \"s\",", with: "id: \"s\", metric: \"m\","))
        .contains("both a table and runs"))
  }

  @Test func whatCannotBeExaminedIsRefusedBeforeItIsTrained() throws {
    let network = "architecture: \"mlp\", hiddenSizes: [8]"
    #expect(
      try message(Self.stability.replacingOccurrences(of: network, with: "architecture: \"resnet\""))
        .contains("t.md:5: fig-t.1: model.architecture is 'resnet'; curvature is taken of 'mlp' alone"))
    #expect(
      try message(
        Self.stability.replacingOccurrences(of: "\(network), ", with: "").replacingOccurrences(
          of: "runs: [{ name: \"plain\" }]",
          with:
            "runs: [{ name: \"plain\", model: { \(network) } },\n{ name: \"c\", model: { architecture: \"cnn\" } }]"
        )
      ).contains("t.md:9: fig-t.1: runs[1].model.architecture is 'cnn'"))
  }

  @Test func templatesStandForOnePanelAPair() throws {
    let plan = try plan(
      Self.stability.replacingOccurrences(
        of: "{ id: \"p\", title: \"p\",",
        with: "{ each: [[\"a\", \"A\"], [\"b\", \"B\"]], id: \"panel-{key}\", title: \"{label}: {key}\","))
    #expect(plan.artifact.panels.map(\.id) == ["panel-a", "panel-b"])
    #expect(plan.artifact.panels.map(\.title) == ["A: a", "B: b"])
    #expect(
      try message(
        Self.stability.replacingOccurrences(of: "{ id: \"p\",", with: "{ each: [[\"a\"]], id: \"p\",")
      ).contains("panels[0].each[0] must be a pair"))
  }

  @Test func tablesOfSeedsAreAveraged() throws {
    let style = SeriesSpecification.StyleSpecification(color: 0, line: "solid")
    let axis = PanelSpecification.AxisSpecification(label: "")
    let series = SeriesSpecification(id: "s", label: "s", table: "t", curve: "c", style: style)
    let panel = PanelSpecification(id: "p", title: "", x: axis, y: axis, series: [series])
    let tables = [
      "t/40": CurveTable(curves: ["c": [(0, 1), (1, 2)], "other": [(0, 5)]]),
      "t/41": CurveTable(curves: ["c": [(0, 3), (1, 6)], "other": [(0, 7)]]),
    ]
    let data = try FigureData(panels: [panel], seeds: [40, 41], tables: tables) { _, _ in [] }
    #expect(try data.points(of: "p.s").map(\.y) == [2, 4])
    #expect(try data.points(of: "p.s", seed: 41).map(\.y) == [3, 6])
    #expect(try data.points(of: "t.other").map(\.y) == [6])
    #expect(data.curves[0].points[0].count == 2)
  }
}
