import Console
import ContentStore
import RankTheory
import Stages

/// Computes a table of the theory: what needs no data and no training.
@main
enum Compute {
  static func main() {
    StageRunner(tool: "compute", summary: "Computes a table of the theory.").run { context in
      let specification: TheorySpecification = try context.job.parameters.decoded()
      let progress = context.progress(total: 1)
      let table = try TheoryTable.compute(specification) { fraction in
        progress.update(done: fraction)
        try Interruption.check()
      }
      try table.write(context.workspace.path(of: "curves.csv"))
      progress.finish()
      return ["curves.csv"]
    }
  }
}
