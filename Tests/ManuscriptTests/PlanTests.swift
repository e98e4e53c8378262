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

/// A block with the runs of a cloning experiment.
private func block(_ runs: String, more: String = "") -> ArtifactBlock {
  ArtifactBlock(
    id: "fig-t.1", file: "t.md", fenceLine: 1,
    text: """
      {
        experiment: "image-classification", title: "t", seeds: { quick: 2, paper: 5 },
        data: { set: "cifar-10", padding: 4, flip: true },
        model: { architecture: "mlp", hiddenSizes: [8, 8], normalization: "batch", dropout: 0 },
        optimizer: { kind: "sgd", learningRate: { quick: 0.1, paper: 0.01 } },
        batchSize: 16, epochs: 5, snapshotEvery: 1, measure: { probeImages: 50 },
        runs: [\(runs)], panels: [], claims: [], \(more)
      }
      """)
}

private func plan(_ runs: String, profile: Profile = .quick, more: String = "") throws -> [PlannedJob] {
  let context = PlanningContext.sample(profile: profile)
  let chapter = try Chapter(
    file: "t.md", text: "```artifact fig-t.1\n\(block(runs, more: more).text)\n```")
  return try Plan(chapters: [chapter], context: context).artifacts[0].jobs
}

private func specification(_ jobs: [PlannedJob], _ slot: String) throws -> TrainingSpecification {
  try #require(jobs.first { $0.slot == slot }).job.parameters.decoded()
}

private func sizes(_ run: TrainingSpecification) -> [Int]? { (run.model.model as? MLP)?.hiddenSizes }

@Suite struct PlanTests {
  static let runs = """
    { name: "trunk", epochs: 3, model: { dropout: 0.1 } },
    { name: "base", from: "trunk" },
    { name: "clone", from: "trunk", clone: 2, optimizer: { learningRate: 0.5 } },
    { name: "twice", from: "clone", clone: 3, epochs: 1 },
    """

  @Test func trialsHaveSeedsOfTheirOwn() throws {
    let slots = try plan(Self.runs, more: "firstSeed: 90,").map(\.slot)
    #expect(slots.contains("train trunk seed 90") && slots.contains("train trunk seed 91"))
    #expect(!slots.contains { $0.hasSuffix("seed 40") })
    #expect(throws: ManuscriptError.self) { try plan(Self.runs, more: "firstSeed: -1,") }
  }

  @Test func aPhaseInheritsFromTheOneThatItStartsFrom() throws {
    let jobs = try plan(Self.runs)
    let trunk = try specification(jobs, "train trunk seed 40")
    #expect(trunk.epochs == 3 && trunk.firstEpoch == 0 && trunk.model.dropout == 0.1)
    #expect(trunk.optimizer.learningRate == 0.1)
    let base = try specification(jobs, "train base seed 40")
    #expect(base.epochs == 5, "its length is its own affair")
    #expect(base.firstEpoch == 3 && base.model.dropout == 0.1)
    let clone = try specification(jobs, "train clone seed 41")
    #expect(clone.seed == 41 && clone.clone == 2)
    #expect(sizes(clone) == [16, 16] && clone.optimizer.learningRate == 0.5)
    let twice = try specification(jobs, "train twice seed 40")
    #expect(sizes(twice) == [48, 48] && twice.firstEpoch == 8)
    let measure: MeasurementSpecification = try #require(
      jobs.first { $0.slot == "measure twice seed 40" }
    ).job.parameters.decoded()
    #expect(measure.clone == 6)
  }

  @Test func jobsComeAfterTheirInputsAndAreCountedOnce() throws {
    let jobs = try plan(Self.runs)
    // One data set, four runs trained and measured for two seeds, judged and drawn.
    #expect(jobs.count == 1 + 2 * 4 * 2 + 2)
    var made: Set<String> = []
    for planned in jobs {
      for input in planned.job.inputs { #expect(made.contains(input.key), "\(planned.slot)") }
      made.insert(planned.key)
    }
    #expect(made.count == jobs.count)
  }

  @Test func profilesDecideValues() throws {
    #expect(try plan(Self.runs, profile: .paper).count == 1 + 5 * 4 * 2 + 2)
    #expect(throws: ManuscriptError.self) { try plan(Self.runs, profile: .standard) }
    let paper = try specification(try plan(Self.runs, profile: .paper), "train trunk seed 40")
    #expect(paper.optimizer.learningRate == 0.01)
  }

  /// Another way to read JPEG files: the images that it gives decide whether anything is trained again.
  @Test func keysHoldWhatImagesLookLikeAndNotHowTheyWereMade() throws {
    func jobs(_ fingerprint: String, contents: String?) throws -> [PlannedJob] {
      var context = PlanningContext.sample(contents: contents)
      context.fingerprints["prepare"] = fingerprint
      let chapter = try Chapter(file: "t.md", text: "```artifact fig-t.1\n\(block(Self.runs).text)\n```")
      let plan = try Plan(chapters: [chapter], context: context).artifacts[0]
      #expect(plan.unprepared.count == (contents == nil ? 1 : 0))
      return plan.jobs
    }
    func different(_ first: [PlannedJob], _ second: [PlannedJob]) -> [String] {
      zip(first, second).filter { $0.key != $1.key }.map { $0.0.job.stage }
    }
    let (old, new) = (String(repeating: "1", count: 64), String(repeating: "2", count: 64))
    #expect(try different(jobs("a", contents: old), jobs("b", contents: old)) == ["prepare"])
    #expect(
      try different(jobs("a", contents: old), jobs("a", contents: new)).filter { $0 == "train" }.count == 8)
    #expect(try different(jobs("a", contents: nil), jobs("b", contents: nil)).contains("train"))
  }

  @Test func anotherEnvironmentIsAnotherKeyOfTheSameRecipe() throws {
    let first = try plan(Self.runs)
    var context = PlanningContext.sample()
    context.environment["blasKernel"] = "Haswell"
    let chapter = try Chapter(file: "t.md", text: "```artifact fig-t.1\n\(block(Self.runs).text)\n```")
    let second = try Plan(chapters: [chapter], context: context).artifacts[0].jobs
    #expect(zip(first, second).allSatisfy { $0.key != $1.key && $0.job.recipe == $1.job.recipe })
  }

  @Test func keysFollowWhatTheResultDependsOn() throws {
    let first = try plan(Self.runs)
    let changed = try plan(Self.runs.replacingOccurrences(of: "0.5", with: "0.25"))
    let different = zip(first, changed).filter { $0.key != $1.key }.map { $0.0.slot }
    #expect(
      Set(different) == [
        "train clone seed 40", "measure clone seed 40", "train twice seed 40", "measure twice seed 40",
        "train clone seed 41", "measure clone seed 41", "train twice seed 41", "measure twice seed 41",
        "judge", "plot",
      ])
  }

  @Test func imagesOfAnotherSizeArePreparedOnTheirOwn() throws {
    let jobs = try plan(
      "{ name: \"a\" }, { name: \"b\", data: { downsample: 2 } }, { name: \"c\", data: { downsample: 1 } }")
    let preparations = jobs.filter { $0.job.stage == Stage.prepare.rawValue }
    #expect(preparations.map(\.slot) == ["prepare cifar-10", "prepare cifar-10 ÷ 2"])
    func data(of run: String) throws -> String {
      try #require(jobs.first { $0.slot == "train \(run) seed 40" }?.job.inputs.first?.key)
    }
    #expect(try data(of: "a") == preparations[0].key)
    #expect(try data(of: "b") == preparations[1].key)
    #expect(try data(of: "c") == preparations[0].key)
  }

  @Test func imagesThatNoRunLooksAtAreNotPrepared() throws {
    let jobs = try plan(
      """
      { name: "a" }, { name: "b", data: { trainingImages: 600, validationImages: 40 } },
      { name: "c", data: { trainingImages: 600, validationImages: 40 } }, { name: "d", data: { trainingImages: 50000 } }
      """)
    let preparations = jobs.filter { $0.job.stage == Stage.prepare.rawValue }
    #expect(
      preparations.map(\.slot) == ["prepare cifar-10, first 600, 40 to validate", "prepare cifar-10"])
    func data(of run: String) throws -> String {
      try #require(jobs.first { $0.slot == "train \(run) seed 40" }?.job.inputs.first?.key)
    }
    #expect(try ["a", "b", "c", "d"].map(data) == [1, 0, 0, 1].map { preparations[$0].key })
    let drawing: DrawingSpecification = try #require(jobs.last).job.parameters.decoded()
    #expect(drawing.dataSets.count == 1)
  }

  @Test func changedColoursAreTheRunsOwnAndNeedNoImagesOfTheirOwn() throws {
    let jobs = try plan("{ name: \"a\" }, { name: \"b\", data: { colorJitter: 0.1 } }")
    #expect(jobs.filter { $0.job.stage == Stage.prepare.rawValue }.count == 1)
    #expect(try specification(jobs, "train a seed 40").data.colorJitter == nil)
    #expect(try specification(jobs, "train b seed 40").data.colorJitter == 0.1)
  }

  @Test func paddingAndRotationAreTheRunsOwnAndLeaveOtherRunsAsTheyWere() throws {
    let jobs = try plan(
      "{ name: \"a\" }, { name: \"b\", data: { padMode: \"reflect\", rotation: 15 } }")
    #expect(jobs.filter { $0.job.stage == Stage.prepare.rawValue }.count == 1)
    let turned = try specification(jobs, "train b seed 40").data
    #expect(
      turned.augmentation == Augmentation(padding: 4, padMode: .reflect, flip: true, rotation: 15))
    let job = try #require(jobs.first { $0.slot == "train a seed 40" }).job
    let plain = try #require(job.parameters["data"])
    #expect(plain == ["set": "cifar-10", "padding": 4, "flip": true])
  }

  @Test(arguments: ["cifar-100", "imagenet-32"]) func aBlockMayNameEveryDataSet(_ set: String) throws {
    #expect(DataSetDescription.all.map(\.name).contains(set))
    let jobs = try plan("{ name: \"a\", data: { set: \"\(set)\" } }")
    #expect(jobs.first?.slot == "prepare \(set)")
    #expect(try specification(jobs, "train a seed 40").data.set == set)
  }

  @Test func mistakesAreLocated() throws {
    func message(_ runs: String, more: String = "") throws -> String {
      let error = #expect(throws: ManuscriptError.self) { try plan(runs, more: more) }
      return "\(try #require(error))"
    }
    #expect(try message("{ name: \"a\", epoch: 3 }").contains("t.md:8: fig-t.1: runs[0].epoch is not a key"))
    #expect(try message("{ name: \"a\", from: \"b\" }").contains("runs[0].from is 'b'"))
    #expect(try message("{ name: \"a\", clone: 2 }").contains("runs[0].clone needs a run to start from"))
    #expect(try message("{ name: \"a\" }, { name: \"a\" }").contains("a second time"))
    #expect(try message("{ name: \"a\", epochs: -1 }").contains("runs[0].epochs is -1"))
    #expect(try message("{ name: \"a\" }", more: "extra: 1").contains("extra is not a key"))
    #expect(
      try message("{ name: \"a\", optimizer: { momentum: 1.5 } }")
        .contains("optimizer.momentum is 1.5; it must lie in [0, 1)"))
    #expect(
      try message("{ name: \"a\", optimizer: { noiseScale: 1 } }").contains("does not belong to sgd"))
    #expect(try message("{ name: \"a\", data: { set: 3 } }").contains("data.set has the wrong type"))
    #expect(
      try message("{ name: \"a\", data: { downsample: 3 } }")
        .contains("data.downsample is 3, which does not divide images of 32 × 32 pixels"))
    #expect(
      try message("{ name: \"a\", data: { padMode: \"mirror\" } }").contains("data.padMode is 'mirror'"))
    #expect(
      try message("{ name: \"a\", data: { padMode: \"reflect\", padding: 0 } }")
        .contains("data.padMode says what pixels are added, but data.padding is 0"))
    #expect(
      try message("{ name: \"a\", data: { rotation: 181 } }")
        .contains("data.rotation is 181.0; it must lie in [0, 180]"))
    #expect(
      try message("{ name: \"a\", data: { downsample: 0 } }")
        .contains("data.downsample is 0; it must lie in 1…16"))
  }

  @Test func theMakefileNamesEntriesByContent() throws {
    let jobs = try plan("{ name: \"a\" }")
    let chapter = try Chapter(
      file: "t.md", text: "```artifact fig-t.1\n\(block("{ name: \"a\" }").text)\n```")
    let context = PlanningContext.sample()
    let text = MakeGraph(try Plan(chapters: [chapter], context: context), folder: "g").text
    let train = try #require(jobs.first { $0.slot == "train a seed 40" })
    let prepare = try #require(jobs.first { $0.slot == "prepare cifar-10" })
    #expect(
      text.contains(
        "$(STORE)/train/\(train.key.prefix(2))/\(train.key)/manifest.json: | "
          + "$(STORE)/prepare/\(prepare.key.prefix(2))/\(prepare.key)/manifest.json\n"))
    #expect(text.contains("figures: fig-t.1"))
  }
}
