import ContentStore
import PreparedImages

/// A store entry that an artifact needs, with its place in the artifact's story.
public struct PlannedJob: Sendable {
  /// `train clone-noise seed 41`: the same words in every version of the artifact, by which `why` finds what
  /// was there before.
  public let slot: String
  public let job: Job
  /// The key of the run whose snapshots have served their purpose when this is done, if there is one.
  public var releases: String?
  public var key: String { job.key }
}

/// One artifact and everything that it is made from, each job after its inputs.
public struct ArtifactPlan: Sendable {
  public let artifact: ArtifactSpecification
  public let jobs: [PlannedJob]
  /// The data sets that it uses.
  public var dataSets: [PreparationSpecification] {
    jobs.filter { $0.job.stage == Stage.prepare.rawValue }
      .compactMap { try? $0.job.parameters.decoded(as: PreparationSpecification.self) }
  }
  /// True if some of its data are the built-in stand-in.
  public var isSynthetic: Bool { dataSets.contains(where: \.synthetic) }
  /// The job that draws it.
  public var last: PlannedJob { jobs[jobs.count - 1] }
}

/// Everything that the chapters ask for.
public struct Plan: Sendable {
  public let artifacts: [ArtifactPlan]

  /// Every job once, each after its inputs.
  public var jobs: [PlannedJob] {
    var seen: Set<String> = []
    return artifacts.flatMap(\.jobs).filter { seen.insert($0.key).inserted }
  }

  /// Plans all artifacts of the chapters.
  ///
  /// - Throws: ``ManuscriptError`` for anything in a block that cannot be meant, or what finding the data
  ///   throws.
  public init(chapters: [Chapter], context: PlanningContext) throws {
    var context = context
    for family in chapters.flatMap(\.families) { context.families[family.id] = family }
    artifacts = try chapters.flatMap(\.blocks).map { [context] block in
      let artifact = try ArtifactSpecification(block, profile: context.profile, seeds: context.seeds)
      do {
        guard let planner = ExperimentRegistry.planners[artifact.experiment] else {
          throw BlockProblem(
            path: ["experiment"],
            message: "is '\(artifact.experiment)'; known: "
              + ExperimentRegistry.planners.keys.sorted().joined(separator: ", "))
        }
        return ArtifactPlan(artifact: artifact, jobs: try planner.jobs(for: artifact, in: context))
      } catch let problem as BlockProblem {
        throw artifact.expanded.located(problem)
      }
    }
  }

  /// The plan of the artifact `id`.
  ///
  /// - Throws: ``UnknownArtifact`` naming those that there are.
  public func artifact(_ id: String) throws -> ArtifactPlan {
    guard let found = artifacts.first(where: { $0.artifact.block.id == id }) else {
      throw UnknownArtifact(id: id, known: artifacts.map(\.artifact.block.id))
    }
    return found
  }
}

/// An artifact was asked for that no chapter declares.
public struct UnknownArtifact: Error, Equatable, CustomStringConvertible {
  public let id: String
  public let known: [String]

  public init(id: String, known: [String]) {
    self.id = id
    self.known = known
  }

  public var description: String {
    "no chapter declares '\(id)'; there are: \(known.joined(separator: ", "))"
  }
}

/// Turns an artifact's block into jobs: one planner for each family of experiments.
protocol ExperimentPlanner: Sendable {
  func jobs(for artifact: ArtifactSpecification, in context: PlanningContext) throws -> [PlannedJob]
}

/// The families by the name that blocks use.
enum ExperimentRegistry {
  static let planners: [String: any ExperimentPlanner] = [
    "bit-flipping": BitFlippingPlanner(),
    "image-classification": ImageClassificationPlanner(),
    "stability": StabilityPlanner(),
    "theory": TheoryPlanner(),
  ]
}
