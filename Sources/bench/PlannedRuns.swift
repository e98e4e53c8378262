import ContentStore
import ExperimentFamilies
import Figures
import ImageSources
import Manuscript
import PlasticityMetrics
import PreparedImages
import Training

/// What a profile does with networks on images, by kind: taken from the plan of its chapters.
struct PlannedRuns {
  /// Runs that go equally fast.
  struct Training {
    let kind: RunKind
    var runs = 0
    /// Of all epochs of all runs.
    var images = 0.0
    /// Floating-point operations of all steps.
    var operations: Double { images * kind.network.trainingOperations }
  }

  /// Measurements that go equally fast.
  struct Measuring {
    let kind: MeasuringKind
    var runs = 0
    var snapshots = 0.0
    var operations = 0.0
  }

  /// Those with the most operations first.
  let training: [Training]
  let measuring: [Measuring]

  /// - Throws: what reading or planning the chapters throws.
  init(chapters folder: String, profile: Profile) throws {
    let plan = try Plan(chapters: Chapter.all(in: folder), context: Self.context(profile))
    var training: [RunKind: Training] = [:]
    var measuring: [MeasuringKind: Measuring] = [:]
    var estimates: [String: TrainingEstimate] = [:]
    for job in plan.jobs {
      switch job.job.stage {
      case Stage.train.rawValue:
        let specification: TrainingSpecification = try job.job.parameters.decoded()
        let source = try Self.source(of: specification.data)
        let estimate = TrainingEstimate(specification, source: source)
        estimates[job.key] = estimate
        let kind = RunKind(specification, source: source)
        training[kind, default: Training(kind: kind)].runs += 1
        training[kind]?.images += estimate.trainedImages
      case Stage.measure.rawValue:
        let specification: MeasurementSpecification = try job.job.parameters.decoded()
        let kind = MeasuringKind(specification, source: try Self.source(of: specification.data))
        let run = job.job.inputs.first { $0.name == "run" }.flatMap { estimates[$0.key] }
        measuring[kind, default: Measuring(kind: kind)].runs += 1
        measuring[kind]?.snapshots += run?.snapshots ?? 0
        measuring[kind]?.operations += job.job.cost
      default: continue
      }
    }
    self.training = training.values.sorted {
      ($1.operations, $0.kind.inWords) < ($0.operations, $1.kind.inWords)
    }
    self.measuring = measuring.values.sorted {
      ($1.operations, $0.kind.inWords) < ($0.operations, $1.kind.inWords)
    }
  }

  /// Nothing is looked up in a store: how fast runs go does not depend on what is there.
  private static func context(_ profile: Profile) -> PlanningContext {
    let modules = Set(Stage.allCases.map(\.rawValue) + ExperimentRegistry.families.map(\.module))
    return PlanningContext(
      profile: profile, seeds: nil,
      fingerprints: Dictionary(uniqueKeysWithValues: modules.map { ($0, "bench") }), environment: [:],
      dataSource: PlannedDataSource.init(officially:),
      preparedContents: { _ in String(repeating: "0", count: 64) })
  }

  private static func source(
    of data: TrainingSpecification.DataSpecification
  ) throws -> PlannedDataSource {
    try PlannedDataSource(officially: data.set).downsampled(by: data.downsample ?? 1)
  }
}

extension PlannedRuns {
  private init(training: [Training], measuring: [Measuring]) {
    self.training = training
    self.measuring = measuring
  }

  /// The kinds that are asked for: whose description has all of some words, which commas separate.
  func filtered(by words: String) -> PlannedRuns {
    let wanted = words.lowercased().split(separator: ",").map { $0.drop { $0 == " " } }
    func isWanted(_ description: String) -> Bool {
      wanted.allSatisfy { description.lowercased().contains($0) }
    }
    return PlannedRuns(
      training: training.filter { isWanted($0.kind.inWords) },
      measuring: measuring.filter { isWanted($0.kind.inWords) })
  }
}
