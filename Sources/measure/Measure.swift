import Console
import ContentStore
import PlasticityMetrics
import PreparedImages
import Stages
import Training

/// Measures every snapshot of a run.
@main
enum Measure {
  static func main() {
    StageRunner(tool: "measure", summary: "Measures every snapshot of a run.").run { context in
      let specification: MeasurementSpecification = try context.job.parameters.decoded()
      try specification.validate()
      let data = try context.input("data")
      for file in data.manifest.files.keys { _ = try data.path(of: file) }
      let run = try context.input("run")
      try run.requireWhole()
      let measurer = try Measurer(
        specification: specification, dataSet: try PreparedDataSet(folder: data.folder))
      let snapshots = SnapshotName.all(among: run.manifest.files.keys)
      let progress = context.progress(total: Double(snapshots.count))
      try measurer.run(
        snapshots: snapshots, file: { try run.path(of: $0) },
        writeTo: context.workspace.path(of: "metrics.csv"),
        checkpoint: RowCheckpoint(context.workspace.path(of: "checkpoint"))
      ) { done, total in
        progress.update(done: Double(done), note: "snapshot \(done)/\(total)")
        context.clock.tick()
        try Interruption.check()
      }
      progress.finish()
      return ["metrics.csv"]
    }
  }
}
