import Console
import ContentStore
import ManifoldStability
import PreparedImages
import Stages
import Training

/// Looks at the loss around the cloning manifold at every snapshot of a base network.
@main
enum Examine {
  static func main() {
    StageRunner(
      tool: "examine", summary: "Measures curvature and escape around the cloning manifold."
    ).run { context in
      let specification: StabilitySpecification = try context.job.parameters.decoded()
      let data = try context.input("data")
      for file in data.manifest.files.keys { _ = try data.path(of: file) }
      let run = try context.input("run")
      try run.requireWhole()
      let snapshots = SnapshotName.all(among: run.manifest.files.keys)
      let progress = context.progress(total: Double(snapshots.count))
      let table = try StabilityTable.compute(
        specification, dataSet: PreparedDataSet(folder: data.folder), snapshots: snapshots,
        file: { try run.path(of: $0) }
      ) { done, total in
        progress.update(done: Double(done), note: "snapshot \(done)/\(total)")
        try Interruption.check()
      }
      try table.write(context.workspace.path(of: "curves.csv"))
      progress.finish()
      return ["curves.csv"]
    }
  }
}
