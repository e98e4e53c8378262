import Console
import ExperimentFamilies
import Experiments
import Figures
import Manuscript
import NeuralNetwork
import Training

/// An artifact as its block declares it at a profile, of which a setup is told.
public struct PlannedSetup: Sendable {
  let plan: ArtifactPlan
  /// The seeds that were run, or would be.
  let seeds: [UInt64]
  /// Whether what was run was run by other settings, before the block was changed.
  let wasOther: Bool

  public init(_ plan: ArtifactPlan, seeds: [UInt64], wasOther: Bool = false) {
    self.plan = plan
    self.seeds = seeds
    self.wasOther = wasOther
  }

  var profile: Profile { plan.artifact.profile }
  var id: String { plan.artifact.block.id }
  /// Its name, and a word where the setup that is told is not the one that was run.
  var name: String { id + (wasOther ? " (settings have changed since)" : "") }

  /// The jobs of a stage, each of one of the seeds or of none.
  func jobs(of stage: Stage) -> [PlannedJob] {
    plan.jobs.filter { planned in
      planned.job.stage == stage.rawValue && (planned.subject.seed.map(seeds.contains) ?? true)
    }
  }
}

/// What networks are trained on which data and how, for each profile: read off the plans, so that it says what runs.
enum SetupTable {
  /// Runs that share a network's kind, its data and how long it learns.
  private struct Group {
    var artifacts: [String] = []
    var networks: [String] = []
    var parameters: Set<Int> = []
    var normalizations: Set<String> = []
    var dropouts: Set<Double> = []
    var optimizers = Optimizers()
    var seeds: Set<UInt64> = []
    var lengths: Set<Int> = []
    var runs: Set<String> = []

    mutating func add(
      _ run: TrainingSpecification, key: String, of artifact: String, images: PlannedDataSource
    ) {
      if !artifacts.contains(artifact) { artifacts.append(artifact) }
      let sizes = run.model.model.sizesInWords
      if !networks.contains(sizes) {
        networks.append(sizes)
        let layers = run.model.network(for: images.shape, classes: images.classes).makeLayers(of: Float.self)
        parameters.insert(layers.flatMap { $0.parameters }.map { $0.count }.reduce(0, +))
      }
      normalizations.insert(run.model.model.normalizationInWords)
      dropouts.insert(run.model.dropout)
      optimizers.insert(run.optimizer)
      seeds.insert(run.seed)
      lengths.insert(run.tasks?.epochs ?? run.epochs)
      runs.insert(key)
    }
  }

  /// What tells groups apart, in the order of the table.
  private struct Key: Hashable {
    let profile: Profile
    let architecture: String
    let data: String
    let batch: Int
    let tasks: String
  }

  static func content(
    _ setups: [PlannedSetup], source: (_ set: String, Profile) throws -> PlannedDataSource
  ) throws -> (columns: [ReportTable.Column], rows: [[ReportTable.Cell]]) {
    var order: [Key] = []
    var groups: [Key: Group] = [:]
    for setup in setups {
      for job in setup.jobs(of: .train) {
        let run = try job.job.parameters.decoded(as: TrainingSpecification.self)
        let images = try source(run.data.set, setup.profile).downsampled(by: run.data.downsample ?? 1)
        let key = Key(
          profile: setup.profile, architecture: run.model.architecture, data: data(of: run, images: images),
          batch: run.batchSize, tasks: run.tasks?.inWords ?? "")
        if groups[key] == nil { order.append(key) }
        groups[key, default: Group()].add(run, key: job.key, of: setup.name, images: images)
      }
    }
    func rank(_ key: Key) -> Int {
      ModelRegistry.standard.place(of: key.architecture) * 2 + (key.tasks.isEmpty ? 0 : 1)
    }
    let sorted = order.enumerated().sorted { (rank($0.element), $0.offset) < (rank($1.element), $1.offset) }
    return (
      [
        .words("Network"), .words("Profile"), .words("Sizes", width: 0.14), .number("Parameters"),
        .words("Normalisation, dropout", width: 0.1), .words("Data", width: 0.13),
        .words("Optimiser", width: 0.14), .words("Length", width: 0.12), .number("Seeds"), .number("Runs"),
        .words("Artifacts", width: 0.12),
      ], try sorted.compactMap { key in groups[key.element].map { row(key.element, $0) } } + others(setups)
    )
  }

  /// What families say of learners that are no networks on images.
  private static func others(_ setups: [PlannedSetup]) throws -> [[ReportTable.Cell]] {
    try setups.compactMap { planned -> [ReportTable.Cell]? in
      let jobs = planned.jobs(of: .compute)
      guard let family = ExperimentRegistry.family(named: planned.plan.artifact.experiment),
        let setup = try family.setup(jobs.compactMap { $0.job.parameters["specification"] })
      else { return nil }
      return [
        .words(setup.network), .words(planned.profile.rawValue), .words(setup.sizes),
        .words(Format.grouped(setup.parameters)), .words(setup.normalization), .words(setup.data),
        .words(setup.optimizer), .words("\(Format.grouped(setup.length)) \(setup.unit)"),
        .count(planned.seeds.count), .count(Set(jobs.map(\.key)).count), .words(planned.name),
      ]
    }
  }

  private static func row(_ key: Key, _ group: Group) -> [ReportTable.Cell] {
    let dropouts = group.dropouts.filter { $0 > 0 }.sorted().map { "\($0)" }
    let lengths = group.lengths.sorted().map(String.init).joined(separator: ", ")
    let length =
      key.tasks.isEmpty ? "\(lengths) epochs a phase" : "\(key.tasks), \(lengths) epochs each"
    return [
      .words(ModelRegistry.standard[key.architecture]?.name ?? key.architecture),
      .words(key.profile.rawValue),
      .words(group.networks.joined(separator: "; ")),
      .words(group.parameters.min().map { Format.grouped($0) } ?? ""),
      .words(
        group.normalizations.sorted().joined(separator: ", ")
          + (dropouts.isEmpty ? "" : "; dropout \(dropouts.joined(separator: ", "))")),
      .words(key.data), .words(group.optimizers.inWords + ", batch \(key.batch)"),
      .words(length), .count(group.seeds.count), .count(group.runs.count),
      .words(group.artifacts.joined(separator: ", ")),
    ]
  }

  private static func data(of run: TrainingSpecification, images: PlannedDataSource) -> String {
    var parts = [
      "\(run.data.set)\(images.isSynthetic ? " (synthetic)" : ""), \(images.shape.height)×\(images.shape.width)"
    ]
    if let perClass = run.tasks?.imagesPerClass {
      parts.append("\(perClass) images a class")
    } else {
      parts.append("\(Format.grouped(run.data.trainingImages ?? images.trainingImages)) images")
    }
    return parts.joined(separator: ", ")
  }
}

extension TaskSpecification {
  /// "40 tasks of 5 classes", "20 tasks of 5 more classes, 2 passes".
  var inWords: String {
    "\(count) tasks of \(classes) \(order == .growing ? "more " : "")classes"
      + (passes.map { $0 > 1 ? ", \($0) passes" : "" } ?? "")
      + (trained.map { ", \($0.count) of them trained" } ?? "")
  }
}
