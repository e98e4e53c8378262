import ContentStore
import ImageBatches
import ImageSources
import PreparedImages
import Testing

@testable import Manuscript

@Suite struct BitFlippingPlannerTests {
  private static let block = """
    experiment: "bit-flipping", title: "t", seeds: 2,
    stream: { bits: 20, flippingBits: 15, period: 1000, targetUnits: 10, beta: 0.7, target: "released",
      examples: 4000 },
    activation: "ReLU", widths: [5, 10],
    readings: { every: 200, activationsEvery: 200, window: 1000, last: 2000, samples: 64 },
    methods: {
      plain: { learningRate: 0.01 },
      cbp: { learningRate: 0.01, widths: [5],
        continualBackpropagation: { variant: "published", replacementRate: 1e-4, maturity: 100, decay: 0.99 } },
    },
    panels: [{ id: "p", title: "p", x: { label: "x" }, y: { label: "y" }, series: [
      { id: "s", label: "s", tables: ["plain-5"], curve: "loss", style: { color: 0, line: "solid" } }] }],
    claims: [],
    """

  private func plan(_ body: String = block) throws -> ArtifactPlan {
    let context = PlanningContext.sample()
    let chapter = try Chapter(file: "t.md", text: "```artifact fig-t.1\n{\n\(body)\n}\n```")
    return try Plan(chapters: [chapter], context: context).artifacts[0]
  }

  private func message(replacing part: String, with other: String) throws -> String {
    #expect(Self.block.contains(part))
    let error = #expect(throws: ManuscriptError.self) {
      try plan(Self.block.replacing(part, with: other))
    }
    return "\(try #require(error))"
  }

  @Test func everyMethodWidthAndSeedIsARun() throws {
    let jobs = try plan().jobs
    #expect(
      jobs.map(\.slot) == [
        "compute cbp-5 seed 40", "compute cbp-5 seed 41", "compute plain-5 seed 40",
        "compute plain-5 seed 41", "compute plain-10 seed 40", "compute plain-10 seed 41", "judge", "plot",
      ])
    #expect(Set(jobs.map(\.key)).count == 8)
    #expect(jobs.last?.job.inputs.first.map { [$0.name, $0.stage] } == ["cbp-5/40", "compute"])
    #expect(jobs.allSatisfy { $0.job.cost > 0 })
  }

  @Test func theSameRunOfTwoArtifactsIsOne() throws {
    let renamed = try plan(
      Self.block.replacing("plain:", with: "other:").replacing("plain-5", with: "other-5"))
    #expect(try plan().jobs[2].key == renamed.jobs[2].key)
  }

  @Test func mistakesAreLocated() throws {
    #expect(
      try message(replacing: "period: 1000", with: "period: 1001")
        .contains("t.md:7: fig-t.1: readings.every is 200; it must be a multiple of 4 that divides"))
    #expect(
      try message(replacing: "widths: [5, 10]", with: "widths: [0]").contains("fig-t.1: widths is 0"))
    #expect(
      try message(replacing: "plain: { learningRate: 0.01 }", with: "plain: { learningRate: 2 }")
        .contains("methods.plain.learningRate is 2.0"))
    #expect(
      try message(replacing: "plain: { learningRate: 0.01", with: "plain: { learningRate: 0.01, rate: 1")
        .contains("methods.plain.rate is not a key"))
    #expect(
      try message(replacing: "learningRate: 0.01, widths: [5],", with: "learningRate: 0.01, dropout: 0.1,")
        .contains("methods.cbp.continualBackpropagation goes with plain gradient descent alone"))
    #expect(
      try message(replacing: "tables: [\"plain-5\"]", with: "tables: [\"plain-6\"]")
        .contains("'plain-6', which is no table"))
    #expect(try message(replacing: "seeds: 2,", with: "").contains("seeds is missing"))
  }
}
