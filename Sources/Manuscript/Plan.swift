import Claims
import ContentStore
import ExperimentFamilies
import Experiments
import Figures
import PreparedImages
import Training

/// One artifact and everything that it is made from, each job after its inputs.
public struct ArtifactPlan: Sendable {
  public let artifact: ArtifactSpecification
  public internal(set) var jobs: [PlannedJob]
  /// What foreign tables among the jobs rest on.
  public internal(set) var foreign: [Foreign] = []
  /// Where results come from that were made elsewhere, if some were.
  public internal(set) var origin: FigureRecord.Origin?
  /// The seeds of its runs.
  public internal(set) var seeds: [UInt64]
  /// The data sets that it uses.
  public var dataSets: [PreparationSpecification] {
    (jobs.map(\.job) + foreign.map(\.result.manifest.job)).filter { $0.stage == Stage.prepare.rawValue }
      .compactMap { try? $0.parameters.decoded(as: PreparationSpecification.self) }
  }
  /// Its jobs as they would be made here, whatever stands for them.
  private let declared: [PlannedJob]
  /// What the chapters train its runs with, each once for all seeds.
  public var trainings: [TrainingSpecification] {
    var seen: Set<TrainingSpecification> = []
    return declared.map(\.job).filter { $0.stage == Stage.train.rawValue }.compactMap { job in
      guard var training = try? job.parameters.decoded(as: TrainingSpecification.self) else { return nil }
      training.seed = 0
      return seen.insert(training).inserted ? training : nil
    }
  }
  /// True if some of its data are the built-in stand-in.
  public var isSynthetic: Bool { dataSets.contains(where: \.synthetic) }
  /// The jobs of `prepare` whose images are not there yet: until they are, the keys of all that rests on them are
  /// provisional.
  public internal(set) var unprepared: [PlannedJob]
  /// The paper's own curves that belong to its panels, in the units of its data.
  ///
  /// - Throws: `DecodingError` for a job that is not this program's.
  public func published() throws -> [PublishedCurve] {
    guard let judging = jobs.first(where: { $0.subject == .claims }) else { return [] }
    return try judging.job.parameters.decoded(as: JudgementSpecification.self).published
  }

  init(artifact: ArtifactSpecification, jobs: [PlannedJob], unprepared: [PlannedJob]) {
    self.artifact = artifact
    self.jobs = jobs
    declared = jobs
    self.unprepared = unprepared
    seeds = artifact.seeds
  }

  /// The jobs that draw it and judge its claims.
  public var last: [PlannedJob] { jobs.filter { $0.subject == .figure || $0.subject == .claims } }
}

/// Everything that the chapters ask for.
public struct Plan: Sendable {
  public let artifacts: [ArtifactPlan]
  /// Every job once, each after its inputs.
  public let jobs: [PlannedJob]

  /// A plan of some artifacts.
  public init(artifacts: [ArtifactPlan]) {
    self.artifacts = artifacts
    var seen: Set<String> = []
    jobs = artifacts.flatMap(\.jobs).filter { seen.insert($0.key).inserted }
  }

  /// Plans all artifacts of the chapters.
  ///
  /// - Throws: ``ManuscriptError`` for anything in a block that cannot be meant, or what finding the data
  ///   throws.
  public init(chapters: [Chapter], context: PlanningContext) throws {
    var context = context
    for family in chapters.flatMap(\.families) { context.families[family.id] = family }
    let artifacts = try chapters.flatMap(\.blocks).map { [context] block in
      let artifact = try ArtifactSpecification(block, profile: context.profile, seeds: context.seeds)
      do {
        let jobs = try Planners.planner(of: artifact).jobs(for: artifact, in: context)
        return ArtifactPlan(
          artifact: artifact, jobs: jobs,
          unprepared: try jobs.filter {
            try $0.job.stage == Stage.prepare.rawValue && context.preparedContents($0.job) == nil
          })
      } catch let problem as BlockProblem {
        throw artifact.expanded.located(problem)
      }
    }
    self.init(artifacts: artifacts)
  }

  /// Rejects artifacts of which nothing would be drawn.
  ///
  /// - Throws: ``ManuscriptError`` with the line of the panels.
  public func requirePanels() throws {
    for artifact in artifacts.map(\.artifact) where artifact.panels.isEmpty {
      throw artifact.expanded.located(BlockProblem(path: ["panels"], message: "is empty"))
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

/// Turns an artifact's block into jobs, the last of which draw and judge.
protocol ArtifactPlanner: Sendable {
  func jobs(for artifact: ArtifactSpecification, in context: PlanningContext) throws -> [PlannedJob]
}

/// Who plans what: networks on images are measured, everything else is computed by a registered family.
enum Planners {
  private static let measuring = "image-classification"

  static func planner(of artifact: ArtifactSpecification) throws -> any ArtifactPlanner {
    if artifact.experiment == measuring { return MeasuringPlanner() }
    guard let family = ExperimentRegistry.family(named: artifact.experiment) else {
      let known = [measuring] + ExperimentRegistry.families.map(\.name)
      throw BlockProblem(
        path: ["experiment"],
        message: "is '\(artifact.experiment)'; known: \(known.sorted().joined(separator: ", "))")
    }
    return FamilyPlanner(family: family)
  }
}

extension ArtifactSpecification {
  /// Checks the panels against the runs and tables that there are.
  func validatePanels(runs: Set<String> = [], tables: Set<String> = []) throws {
    for (index, panel) in panels.enumerated() {
      try panel.validate(runs: runs, tables: tables, at: ["panels", "\(index)"])
    }
  }
}
