import ContentStore
import Foundation
import NeuralNetwork
import PreparedImages
import Testing

@testable import Manuscript

/// Promise: what is said of a run's time is what its own step says: a finished run of that network before a timed step, a
/// step of its batch size before one of another.
@Suite struct TimedStepTests {
  private static let block = """
    ```artifact fig-t.1
    {
      experiment: "image-classification", title: "T", seeds: { quick: 2, standard: 2, paper: 2 },
      data: { set: "cifar-10", validationImages: 3, padding: 4, flip: true },
      model: { architecture: "mlp", hiddenSizes: [8], normalization: "batch", dropout: 0 },
      optimizer: { kind: "sgd", learningRate: 0.01 }, batchSize: 16, epochs: 3, snapshotEvery: 1,
      measure: { probeImages: 40, duplicateCosine: 0.95 },
      runs: [{ name: "a" }, { name: "faster", optimizer: { learningRate: 0.1 }, epochs: 5 },
        { name: "large", batchSize: 64 }, { name: "wide", model: { hiddenSizes: [16] } },
        { name: "adam", optimizer: { kind: "adam", learningRate: 0.01 } }],
      panels: [{ id: "p", title: "P", x: { label: "x" }, y: { label: "y" },
        series: [{ id: "s", label: "s", runs: ["a"], metric: "trainingLoss", style: { color: 0, line: "solid" } }] }],
      claims: [],
    }
    ```
    """

  private struct Fixture {
    let plan: Plan
    let list: WorkList
    let store: Store

    func item(_ run: String, seed: Int = 0) throws -> WorkList.Item {
      let jobs = plan.jobs.filter {
        if case .run(run, _) = $0.subject { true } else { false }
      }
      return try #require(list.items.first { $0.key == jobs[seed].key })
    }

    func estimate(_ run: String) throws -> StageRates.Estimate {
      let rates = StageRates(list, figures: list.artifacts, store: store, timed: TimedSteps(store))
      return try rates.estimate(for: item(run))
    }

    /// Keeps a step of a run's network that takes a second for its operations.
    func keep(_ run: String, images: Int, operations: Double, ofThatUpdate update: Double = 1e-9) throws {
      var steps = TimedSteps(store)
      try steps.keep(
        TimedStep(
          what: "w", images: images, passSeconds: 1 - update, updateSeconds: update, steps: 3,
          operations: operations, host: "h", created: "c"),
        of: #require(item(run).step))
    }
  }

  private func withFixture(_ body: (Fixture) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.path + "/steps-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let plan = try Plan(chapters: [Chapter(file: "t.md", text: Self.block)], context: .sample())
    try body(Fixture(plan: plan, list: WorkList(plan), store: Store(root: folder)))
  }

  @Test func runsOfTheSameStepsAreOfOneKind() throws {
    try withFixture { fixture in
      let step = try fixture.item("a").step
      #expect(step != nil && step?.batchSize == 16)
      #expect(try fixture.item("a", seed: 1).step == step && fixture.item("faster").step == step)
      let large = try fixture.item("large").step
      #expect(large?.network == step?.network && large?.batchSize == 64)
      #expect(try fixture.item("wide").step?.network != step?.network)
      #expect(try fixture.item("adam").step?.network != step?.network)
      #expect(fixture.list.items.allSatisfy { ($0.step != nil) == ($0.stage == "train") })
      #expect(WorkList(text: fixture.list.text) == fixture.list)
    }
  }

  @Test func theEstimateIsWhatTheKeptStepSays() throws {
    try withFixture { fixture in
      #expect(try fixture.estimate("a").basis == .assumption)
      let item = try fixture.item("a")
      let operations = item.cost / 3 / (1_001.0 / 16)
      // A step of 16 images in a second: three epochs of 1,000 images, and of three forward alone, which is a third.
      try fixture.keep("a", images: 16, operations: operations)
      let estimate = try fixture.estimate("a")
      #expect(estimate.basis == .step)
      #expect(abs(estimate.seconds - 3 * 1_001 / 16) < 1e-6 * estimate.seconds)
      #expect(abs(try fixture.estimate("faster").seconds - 5 * 1_001 / 16) < 1e-6 * estimate.seconds)
      // Of another batch size as many images a second; of other networks nothing is known but the assumption.
      let large = try fixture.estimate("large")
      #expect(large.basis == .otherBatch && abs(large.seconds - estimate.seconds) < 1e-6 * large.seconds)
      #expect(try fixture.estimate("wide").basis == .assumption)
      #expect(try fixture.estimate("adam").basis == .assumption)
    }
  }

  @Test func theUpdateTakesAsLongHoweverManyImagesThereAre() throws {
    try withFixture { fixture in
      let item = try fixture.item("large")
      // A step of 4 of 64 images in a second, half of it the update: 16 times the pass, one update.
      let operations = item.cost / 3 / (1_001.0 / 64) / 16
      try fixture.keep("large", images: 4, operations: operations, ofThatUpdate: 0.5)
      let estimate = try fixture.estimate("large")
      #expect(estimate.basis == .step)
      #expect(abs(estimate.seconds - 3 * 1_001 / 64 * 8.5) < 1e-6 * estimate.seconds)
      // Batches of 16: four passes of four images and an update.
      let small = try fixture.estimate("a")
      #expect(small.basis == .otherBatch && abs(small.seconds - 3 * 1_001 / 16 * 2.5) < 1e-6 * small.seconds)
    }
  }

  @Test func finishedRunsGoBeforeTimedSteps() throws {
    try withFixture { fixture in
      try fixture.keep("a", images: 16, operations: 1)
      let run = try fixture.item("a", seed: 1)
      let job = try #require(fixture.plan.jobs.first { $0.key == run.key }).job
      guard case .workspace(let workspace) = try fixture.store.workspace(for: job) else { return }
      try FileSystem.write(Data("x".utf8), atomicallyTo: workspace.path(of: "f"))
      _ = try workspace.commit(files: ["f"], wallSeconds: 7)
      let estimate = try fixture.estimate("a")
      #expect(estimate.basis == .runs && abs(estimate.seconds - 7) < 1e-9)
      #expect(try fixture.estimate("large").basis == .otherBatch)
      #expect(try fixture.estimate("wide").basis == .architecture)
      // What a scheduler is asked for is the same.
      let other = try fixture.item("a")
      let seconds = try #require(StageRates.seconds(ofKey: other.key, in: fixture.list, store: fixture.store))
      #expect(abs(seconds - 7) < 1e-9)
    }
  }

  @Test func aStepIsTimedForEachNetworkAndKept() throws {
    try withFixture { fixture in
      var kinds = RunKinds()
      var steps = TimedSteps(fixture.store)
      for run in ["a", "large", "wide", "adam"] {
        let item = try fixture.item(run)
        let job = try #require(fixture.plan.jobs.first { $0.key == item.key }).job
        let found = kinds.kind(of: job)
        let kind = try #require(found)
        let step = try #require(try StepTimer().time(kind))
        #expect(step.images == kind.batchSize && step.passSeconds > step.updateSeconds && step.steps > 0)
        try steps.keep(step, of: #require(item.step))
        let estimate = try fixture.estimate(run)
        #expect(estimate.basis == .step)
        let seconds = step.passSeconds + step.updateSeconds
        #expect(abs(estimate.seconds - item.cost * seconds / step.operations) < 1e-9 * estimate.seconds)
      }
      let first = try #require(fixture.plan.jobs.first { $0.job.stage == "train" }).job
      let known = kinds.kind(of: first)
      let kind = try #require(known)
      #expect(try StepTimer().time(kind) { true } == nil, "it can be stopped")
    }
  }

  @Test func longStepsAreTimedWithFewerImages() {
    func kind(_ model: AnyModel, _ batchSize: Int) -> RunKind {
      RunKind(
        model: model, image: ImageShape(channels: 3, height: 64, width: 64), classes: 200,
        batchSize: batchSize,
        optimizer: OptimizerSpecification(AdamRule(learningRate: 1e-3)))
    }
    #expect(StepTimer().images(of: kind(AnyModel(MLP(hiddenSizes: [128])), 128)) == 128)
    let images = StepTimer().images(of: kind(AnyModel(ResNet()), 128))
    #expect(images >= 16 && images < 64)
    #expect(StepTimer().images(of: kind(AnyModel(ResNet()), 2)) == 2)
  }

  @Test func whatTellsOfNoStepCountsAsNone() throws {
    try withFixture { fixture in
      try fixture.keep("a", images: 16, operations: 1e9, ofThatUpdate: 0.5)
      let folder = fixture.store.root + "/steps"
      let name = try #require(FileSystem.names(in: folder).first)
      let text = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
      for spoilt in [
        "", "[]", text.replacing("\"updateSeconds\" : 0.5", with: "\"updateSeconds\" : -1"),
        text.replacing("\"passSeconds\" : 0.5", with: "\"passSeconds\" : 0"),
        text.replacing("\"images\" : 16", with: "\"images\" : 0"),
        text.replacing("\"operations\" : 1000000000", with: "\"operations\" : 1e400"),
      ] {
        #expect(spoilt != text)
        try Data(spoilt.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
        #expect(try fixture.estimate("a").basis == .assumption, "\(spoilt)")
      }
      try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
      #expect(try fixture.estimate("a").basis == .step)
      try FileManager.default.moveItem(atPath: "\(folder)/\(name)", toPath: "\(folder)/\(name.dropFirst())")
      #expect(try fixture.estimate("a").basis == .assumption)
    }
  }

  @Test func stepsAreNoEntries() throws {
    try withFixture { fixture in
      try fixture.keep("a", images: 16, operations: 1e9)
      #expect(try fixture.store.verify().isEmpty)
      #expect(try fixture.store.prune(keeping: []).removed.isEmpty)
      #expect(try fixture.estimate("a").basis == .step)
    }
  }
}
