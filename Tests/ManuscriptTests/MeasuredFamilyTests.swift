import ContentStore
import ImageBatches
import ImageSources
import NeuralNetwork
import PlasticityMetrics
import PreparedImages
import Testing

@testable import Figures
@testable import Manuscript
@testable import Training

/// Families of runs that artifacts share.
@Suite struct MeasuredFamilyTests {
  private static let family = """
    ```family small
    {
      data: { set: "cifar-10", padding: 4, flip: true },
      model: { architecture: "mlp", hiddenSizes: [8, 8], normalization: "batch", dropout: 0 },
      optimizer: { kind: "sgd", learningRate: { quick: 0.1, paper: 0.01 } },
      batchSize: 16, epochs: 5, snapshotEvery: 1, measure: { probeImages: 50 },
      runs: [
        { name: "training" },
        { name: "clone", from: "training", clone: 2 },
        { name: "other", from: "training" },
      ],
    }
    ```
    """

  private static func artifact(_ id: String, families: String, runs: [String], more: String = "") -> String {
    let series = runs.enumerated().map { index, run in
      """
      { id: "s\(index)", label: "s", runs: ["\(run)"], metric: "trainingLoss",
        style: { color: 0, line: "solid" } }
      """
    }
    return """
      ```artifact \(id)
      {
        experiment: "image-classification", title: "t", seeds: 1,
        families: \(families), \(more)
        panels: [{ id: "p", title: "p", x: { label: "x" }, y: { label: "y" },
          series: [\(series.joined(separator: ", "))] }],
        claims: [],
      }
      ```
      """
  }

  private func plan(_ text: String) throws -> [ArtifactPlan] { try wholePlan(text).artifacts }

  private func wholePlan(_ text: String) throws -> Plan {
    let context = PlanningContext.sample()
    return try Plan(chapters: [Chapter(file: "t.md", text: text)], context: context)
  }

  private func message(_ text: String) throws -> String {
    "\(try #require(#expect(throws: ManuscriptError.self) { try plan(text) }))"
  }

  @Test func artifactsShareTheRunsOfAFamily() throws {
    let plans = try plan(
      [
        Self.artifact("fig-t.1", families: "{ a: \"small\" }", runs: ["a-clone"]), Self.family,
        Self.artifact("fig-t.2", families: "{ b: \"small\" }", runs: ["b-clone", "b-other"]),
      ].joined(separator: "\n\n"))
    func keys(_ plan: ArtifactPlan, _ stage: Stage) -> [String: String] {
      Dictionary(
        uniqueKeysWithValues: plan.jobs.filter { $0.job.stage == stage.rawValue }.map { ($0.slot, $0.key) })
    }
    let (first, second) = (keys(plans[0], .train), keys(plans[1], .train))
    // Only what is drawn, and what that starts from.
    #expect(first.keys.sorted() == ["train a-clone seed 40", "train a-training seed 40"])
    #expect(second.count == 3)
    #expect(first["train a-clone seed 40"] == second["train b-clone seed 40"])
    let measured = keys(plans[0], .measure)["measure a-clone seed 40"]
    #expect(measured != nil && measured == keys(plans[1], .measure)["measure b-clone seed 40"])
  }

  @Test func aRunTakesTheProfilesValues() throws {
    let plans = try plan(
      [Self.family, Self.artifact("fig-t.1", families: "{ a: \"small\" }", runs: ["a-clone"])]
        .joined(separator: "\n\n"))
    let job = try #require(plans[0].jobs.first { $0.slot == "train a-clone seed 40" })
    let specification: TrainingSpecification = try job.job.parameters.decoded()
    #expect(specification.optimizer.learningRate == 0.1 && specification.clone == 2)
    #expect((specification.model.model as? MLP)?.hiddenSizes == [16, 16])
  }

  @Test func mistakesAreLocatedWhereTheyStand() throws {
    let artifact = Self.artifact("fig-t.1", families: "{ a: \"small\" }", runs: ["a-clone"])
    let wrong = Self.family.replacing("batchSize: 16", with: "batchSize: 0")
    #expect(try message([wrong, artifact].joined(separator: "\n")).contains("t.md:6: small: batchSize is 0"))
    #expect(
      try message(
        [Self.family, Self.artifact("fig-t.1", families: "{ a: \"large\" }", runs: ["a-clone"])]
          .joined(separator: "\n")
      )
      .contains("families.a is no family that a chapter declares; there are small"))
    #expect(
      try message(
        [Self.family, Self.artifact("fig-t.1", families: "[\"small\"]", runs: ["a-clone"])]
          .joined(separator: "\n")
      ).contains("families must be an object of names"))
    #expect(
      try message(
        [
          Self.family,
          Self.artifact("fig-t.1", families: "{ a: \"small\" }", runs: ["a-clone"], more: "epochs: 1,"),
        ]
        .joined(separator: "\n")
      ).contains("epochs belongs into the families"))
    #expect(
      try message(
        [Self.family, Self.artifact("fig-t.1", families: "{ a: \"small\" }", runs: ["clone"])]
          .joined(separator: "\n")
      ).contains("clone"))
    #expect(try message("```family fig-t.1\n{}\n```").contains("needs a family's name"))
    #expect(try message("```artifact small\n{}\n```").contains("needs an artifact's name"))
  }

  private static let continual = family.replacing(
    "epochs: 5, ", with: "tasks: { count: 2, classes: 5, epochs: 3 }, "
  )
  .replacing("{ name: \"clone\", from: \"training\", clone: 2 },", with: "")
  .replacing("{ name: \"other\", from: \"training\" },", with: "")

  @Test func runsThroughTasksSayHowLongTheyAreByTheirTasks() throws {
    let chapter = [
      Self.continual, Self.artifact("fig-t.1", families: "{ a: \"small\" }", runs: ["a-training"]),
    ].joined(separator: "\n\n")
    let plan = try #require(try plan(chapter).first)
    let job = try #require(plan.jobs.first { $0.slot == "train a-training seed 40" })
    let specification: TrainingSpecification = try job.job.parameters.decoded()
    #expect(specification.epochs == 6 && specification.tasks?.count == 2)
    let measuring = try #require(plan.jobs.first { $0.job.stage == "measure" })
    let measured: MeasurementSpecification = try measuring.job.parameters.decoded()
    #expect(measured.tasks == specification.tasks)
    #expect(measuring.releases == job.key, "its snapshots may go when it is done")
    // Each run is measured as soon as it is trained, not after all others.
    let graph = MakeGraph(try wholePlan(chapter), folder: "g").text.split(separator: "\n").map(String.init)
    let target = try #require(graph.firstIndex { $0.hasPrefix("$(STORE)/train/") })
    #expect(graph[target + 1].contains("$(call stage,train,"))
    #expect(graph[target + 2].contains("$(call stage,measure,g/jobs/measure-\(measuring.key)"))
    #expect(graph[target + 3].contains("$(call release,\(job.key) measure/\(measuring.key))"))
  }

  /// Of wide networks the snapshots go too, when all who look at them have.
  @Test func largeSnapshotsGoWhenAllHaveLooked() throws {
    let wide = Self.family.replacing("[8, 8]", with: "[512, 8]")
    let other = Self.family.replacing("family small", with: "family other").replacing(
      "[8, 8]", with: "[512, 8]"
    )
    .replacing("probeImages: 50", with: "probeImages: 60")
    let plan = try wholePlan(
      [
        wide, other, Self.artifact("fig-t.1", families: "{ a: \"small\" }", runs: ["a-clone"]),
        Self.artifact("fig-t.2", families: "{ b: \"other\" }", runs: ["b-training"]),
      ].joined(separator: "\n\n"))
    let jobs = plan.artifacts.flatMap(\.jobs)
    func key(_ slot: String) throws -> String { try #require(jobs.first { $0.slot == slot }).key }
    let (training, clone) = (try key("train a-training seed 40"), try key("train a-clone seed 40"))
    #expect(training == (try key("train b-training seed 40")))
    let (first, second) = (try key("measure a-training seed 40"), try key("measure b-training seed 40"))
    let lines = MakeGraph(plan, folder: "g").text.split(separator: "\n").map(String.init)
    func recipe(_ key: String) throws -> [String] {
      let target = try #require(
        lines.firstIndex { $0.hasPrefix("$(STORE)/") && $0.prefix { $0 != ":" }.contains("/\(key)/") })
      return Array(lines[(target + 1)...].prefix { $0.hasPrefix("\t") })
    }
    // Measured where it was trained if nobody else looks, or by each, of whom the last one drops it.
    #expect(try recipe(training).count == 1)
    for reader in [first, second] {
      #expect(
        try recipe(reader).last == "\t@$(call release,\(training) measure/\(first) measure/\(second))")
    }
    let measured = try key("measure a-clone seed 40")
    #expect(try recipe(clone).count == 3)
    #expect(try recipe(clone).last == "\t@$(call release,\(clone) measure/\(measured))")
    // Small ones stay.
    let small = try wholePlan(
      [Self.family, Self.artifact("fig-t.1", families: "{ a: \"small\" }", runs: ["a-clone"])].joined(
        separator: "\n\n"))
    #expect(!MakeGraph(small, folder: "g").text.contains("call release"))
  }

  @Test func tasksMayGrowAndComeAgain() throws {
    let chapter = [
      Self.continual.replacing("epochs: 3 }", with: "epochs: 3, order: \"growing\", passes: 4 }"),
      Self.artifact("fig-t.1", families: "{ a: \"small\" }", runs: ["a-training"]),
    ].joined(separator: "\n\n")
    let jobs = try #require(try plan(chapter).first).jobs
    let training = try #require(jobs.first { $0.job.stage == "train" })
    let specification: TrainingSpecification = try training.job.parameters.decoded()
    #expect(specification.epochs == 24)
    #expect(specification.tasks?.order == .growing && specification.tasks?.passes == 4)
  }

  @Test func tasksAndWhatContradictsThemAreLocated() throws {
    func message(_ from: String, _ to: String) throws -> String {
      try self.message(
        [
          Self.continual.replacing(from, with: to),
          Self.artifact("fig-t.1", families: "{ a: \"small\" }", runs: ["a-training"]),
        ].joined(separator: "\n"))
    }
    #expect(try message("batchSize: 16,", "batchSize: 16, epochs: 4,").contains("small: epochs is 4"))
    #expect(try message("count: 2", "count: 0").contains("small: tasks.count is 0"))
    #expect(try message("epochs: 3 }", "epochs: 3, length: 2 }").contains("tasks.length"))
    #expect(try message("epochs: 3 }", "epochs: 3, passes: 0 }").contains("small: tasks.passes is 0"))
    #expect(try message("epochs: 3 }", "epochs: 3, order: \"falling\" }").contains("tasks.order"))
    #expect(
      try message("flip: true", "flip: true, trainingImages: 9").contains("data.trainingImages cannot be"))
  }

  @Test func patternsOfLayersHaveAlternatives() {
    #expect(FigureData.matches("act_1", pattern: "act_*|block_*"))
    #expect(FigureData.matches("block_2", pattern: "act_*|block_*"))
    #expect(!FigureData.matches("linear_2", pattern: "act_*|block_*"))
  }
}
