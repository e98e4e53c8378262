import ContentStore
import Experiments
import PreparedImages
import Specifications
import Tables
import Training

/// Base networks whose snapshots are cloned and looked at: is the cloning manifold stable?
///
/// Each run becomes a table of the run's name, averaged over seeds.
public struct StabilityFamily: ExperimentFamily {
  public let name = "stability"
  public let module = "ManifoldStability"

  public init() {}

  public func plan(_ block: ExperimentBlock) throws -> ExperimentPlan {
    let (options, runs) = try block.separating("examine", as: StabilityOptions.self)
    do { try options.validate() } catch {
      throw BlockProblem(path: ["examine"] + error.keys, message: error.message)
    }
    return .runs(runs) { run in
      let specification = try run.specification.decoded(as: TrainingSpecification.self)
      guard specification.model.architecture == "mlp" else {
        throw BlockProblem(
          path: ["model", "architecture"],
          message: "is '\(specification.model.architecture)'; curvature is taken of 'mlp' alone")
      }
      guard (specification.loss ?? .crossEntropy) == .crossEntropy else {
        throw BlockProblem(path: ["loss"], message: "must be crossEntropy: its curvature is what is taken")
      }
      let parameters = StabilitySpecification(
        seed: run.seed, data: specification.data, model: specification.model, options: options)
      // Dominated by Lanczos: some 150 Hessian products, each two gradients, of clones with twice the width.
      let cost =
        3 * run.trainingOperations * Double(options.images)
        * (300 * run.snapshots + 2 * Double(options.steps))
      return (try JSONValue(encoding: parameters), cost)
    }
  }

  public func compute(
    _ parameters: JSONValue, on subject: ExperimentSubject?, report: (Double, String) throws -> Void
  ) throws -> Table {
    guard let subject else { throw MissingSubject(family: name) }
    let specification = try parameters.decoded(as: StabilitySpecification.self)
    try specification.validate()
    return try StabilityTable.compute(
      specification,
      dataSet: PreparedDataSet(folder: subject.dataFolder),
      snapshots: SnapshotName.all(among: subject.files), file: subject.path,
      checkpoint: subject.checkpoint
    ) { done, total in
      try report(Double(done) / Double(total), "snapshot \(done)/\(total)")
    }
  }
}
