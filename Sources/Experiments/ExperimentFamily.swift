import ContentStore
import Tables

/// A kind of experiment: what a block's `experiment` names.
///
/// A family is one module, which decodes its part of a block, says what has to be computed, computes it and describes
/// it. `compute` runs every family; the results owe themselves to the family's module and what that imports, not to
/// the other families. A new one is its module and a line in the registry.
public protocol ExperimentFamily: Sendable {
  /// The word that blocks use, such as `theory`.
  var name: String { get }
  /// The module whose sources, with all that they import, its results owe themselves to.
  var module: String { get }

  /// What an artifact asks for.
  ///
  /// - Throws: ``BlockProblem`` naming the key that is missing, unknown or out of range.
  func plan(_ block: ExperimentBlock) throws -> ExperimentPlan

  /// Computes one table, with the columns `curve`, `x` and `y`.
  ///
  /// - Parameters:
  ///   - parameters: as ``plan(_:)`` made them.
  ///   - subject: the trained run to look at; nil for families that need none.
  ///   - report: told the share done and what is under way; what it throws ends the computation.
  func compute(
    _ parameters: JSONValue, on subject: ExperimentSubject?, report: (Double, String) throws -> Void
  ) throws -> Table

  /// What the table of set-ups says of an artifact whose tables have these parameters; nil if nothing learns.
  func setup(_ parameters: [JSONValue]) throws -> ExperimentSetup?
}

extension ExperimentFamily {
  public func setup(_ parameters: [JSONValue]) throws -> ExperimentSetup? { nil }
}

/// What a family reads of an artifact's block.
public struct ExperimentBlock: Sendable {
  /// Everything but what every artifact has: title, seeds, panels, claims.
  public let body: [String: JSONValue]
  /// None for what is computed without chance.
  public let seeds: [UInt64]

  public init(body: [String: JSONValue], seeds: [UInt64]) {
    self.body = body
    self.seeds = seeds
  }
}

/// What an artifact asks of its family.
public enum ExperimentPlan {
  /// Tables that need nothing but their parameters, in order.
  case tables([ExperimentTable])
  /// Networks that are trained first. `runs` is the part of the block that declares them; `look` gives the parameters
  /// of the table that each of them becomes, and its cost.
  case runs([String: JSONValue], look: (TrainedRun) throws -> (parameters: JSONValue, cost: Double))
}

/// A table to compute.
public struct ExperimentTable: Sendable {
  /// By which panels speak of it.
  public let name: String
  /// Nil for a table of the whole artifact.
  public let seed: UInt64?
  public let parameters: JSONValue
  /// Estimated work in floating-point operations.
  public let cost: Double

  public init(name: String, seed: UInt64? = nil, parameters: JSONValue, cost: Double) {
    self.name = name
    self.seed = seed
    self.parameters = parameters
    self.cost = cost
  }
}

/// A run that will be trained, as a family sees it while it plans.
public struct TrainedRun: Sendable {
  public let seed: UInt64
  /// What `train` is told.
  public let specification: JSONValue
  /// Floating-point operations of a training step for each image.
  public let trainingOperations: Double
  /// How many snapshots it leaves.
  public let snapshots: Double

  public init(seed: UInt64, specification: JSONValue, trainingOperations: Double, snapshots: Double) {
    self.seed = seed
    self.specification = specification
    self.trainingOperations = trainingOperations
    self.snapshots = snapshots
  }
}

/// A trained run, as a family finds it in the store.
public struct ExperimentSubject {
  /// The folder of the prepared images.
  public let dataFolder: String
  /// The run's files, such as `snapshots/…`.
  public let files: [String]
  /// The path of a file, its digest verified.
  public let path: (String) throws -> String
  /// What an interrupted look has left of the table, and where this one keeps its own.
  public let checkpoint: RowCheckpoint?

  public init(
    dataFolder: String, files: [String], checkpoint: RowCheckpoint? = nil,
    path: @escaping (String) throws -> String
  ) {
    self.dataFolder = dataFolder
    self.files = files
    self.checkpoint = checkpoint
    self.path = path
  }
}

/// What the table of set-ups says of learners that are no networks on images.
public struct ExperimentSetup: Hashable, Sendable {
  /// Such as `online learner`.
  public var network: String
  public var sizes: String
  /// The fewest parameters that one of them has.
  public var parameters: Int
  public var normalization: String
  public var data: String
  public var optimizer: String
  /// How long each learns, counted in ``unit``s.
  public var length: Int
  public var unit: String

  public init(
    network: String, sizes: String, parameters: Int, normalization: String, data: String, optimizer: String,
    length: Int, unit: String
  ) {
    self.network = network
    self.sizes = sizes
    self.parameters = parameters
    self.normalization = normalization
    self.data = data
    self.optimizer = optimizer
    self.length = length
    self.unit = unit
  }
}

/// A family was asked to look at a run, and there is none.
public struct MissingSubject: Error, Equatable, CustomStringConvertible {
  public let family: String
  public var description: String { "\(family) looks at trained networks, and the job names none" }

  public init(family: String) { self.family = family }
}
