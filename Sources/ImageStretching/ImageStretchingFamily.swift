import ContentStore
import Experiments
import PreparedImages
import Specifications
import Tables
import Training

/// Runs through tasks of images whose networks are looked at for how they stretch: exponents of class pairs and of
/// images, before a task and after it (Wang et al., NeurIPS 2025; Storm et al., PRL 132, 2024).
///
/// Each run becomes a table of the run's name for each seed.
public struct ImageStretchingFamily: ExperimentFamily {
  public let name = "image-stretching"
  public let module = "ImageStretching"

  public init() {}

  public func plan(_ block: ExperimentBlock) throws -> ExperimentPlan {
    let (options, runs) = try block.separating("examine", as: ImageStretchingOptions.self)
    do { try options.validate() } catch {
      throw BlockProblem(path: ["examine"] + error.keys, message: error.message)
    }
    return .runs(runs) { run in
      let specification = try run.specification.decoded(as: TrainingSpecification.self)
      guard let tasks = specification.tasks else {
        throw BlockProblem(
          path: ["tasks"], message: "is missing: looks are taken before tasks and after them")
      }
      let parameters = ImageStretchingSpecification(
        seed: run.seed, model: specification.model, tasks: tasks, options: options)
      do { try parameters.validate() } catch let error as SpecificationProblem {
        throw BlockProblem(path: error.keys, message: error.message)
      }
      return (try JSONValue(encoding: parameters), Self.cost(of: parameters, run))
    }
  }

  /// A Jacobian takes a pass forward and back for each unit of the representation, two thirds of a training step.
  private static func cost(of parameters: ImageStretchingSpecification, _ run: TrainedRun) -> Double {
    let width = Double(parameters.model.model.linearWidths.last ?? 1)
    let classes = Double(parameters.tasks.classes)
    // Before and after, at images and in the middle of pairs.
    let jacobians = 2 * 2 * classes * Double(parameters.options.places)
    return run.snapshots * jacobians * width * run.trainingOperations * 2 / 3
  }

  public func compute(
    _ parameters: JSONValue, on subject: ExperimentSubject?, report: (Double, String) throws -> Void
  ) throws -> Table {
    guard let subject else { throw MissingSubject(family: name) }
    let specification = try parameters.decoded(as: ImageStretchingSpecification.self)
    try specification.validate()
    return try ImageStretchingTable.compute(
      specification, dataSet: PreparedDataSet(folder: subject.dataFolder),
      snapshots: SnapshotName.all(among: subject.files), file: subject.path, checkpoint: subject.checkpoint
    ) { done, total in
      try report(Double(done) / Double(total), "snapshot \(done)/\(total)")
    }
  }
}
