import Console
import ContentStore
import ExperimentFamilies
import Experiments
import Stages

/// Computes a table of an experiment family: of the theory, of a generated stream, or of a trained run.
@main
enum Compute {
  /// What a job says: the family, and what it is to compute.
  private struct Parameters: Codable {
    var experiment: String
    var specification: JSONValue
  }

  static func main() {
    StageRunner(tool: "compute", summary: "Computes a table of an experiment family.").run { context in
      let parameters: Parameters = try context.job.parameters.decoded()
      guard let family = ExperimentRegistry.family(named: parameters.experiment),
        family.module == context.job.module
      else {
        throw UnknownFamily(name: parameters.experiment, module: context.job.module)
      }
      let progress = context.progress(total: 1)
      let table = try family.compute(parameters.specification, on: subject(of: context)) { share, note in
        progress.update(done: share, note: note)
        context.clock.tick()
        try Interruption.check()
      }
      try table.write(context.workspace.path(of: "curves.csv"))
      progress.finish()
      return ["curves.csv"]
    }
  }

  /// The trained run that the job names, if it names one, with the images that it was trained on.
  private static func subject(of context: StageRunner.Context) throws -> ExperimentSubject? {
    guard let run = try context.optionalInput("run") else { return nil }
    let data = try context.input("data")
    for file in data.manifest.files.keys { _ = try data.path(of: file) }
    try run.requireWhole()
    return ExperimentSubject(
      dataFolder: data.folder, files: run.manifest.files.keys.sorted(),
      checkpoint: RowCheckpoint(context.workspace.path(of: "checkpoint"))
    ) {
      try run.path(of: $0)
    }
  }
}

/// A job names a family that there is not, or one that lives in another module.
struct UnknownFamily: Error, Equatable, CustomStringConvertible {
  let name: String
  let module: String
  var description: String {
    "no family '\(name)' in the module \(module); known: "
      + ExperimentRegistry.families.map(\.name).sorted().joined(separator: ", ")
  }
}
