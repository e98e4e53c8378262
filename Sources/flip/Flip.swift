import BitFlipping
import Console
import ContentStore
import Stages

/// Lets a learner follow the bit-flipping stream.
@main
enum Flip {
  static func main() {
    StageRunner(tool: "flip", summary: "Lets a learner follow the bit-flipping stream.").run { context in
      let specification: BitFlippingSpecification = try context.job.parameters.decoded()
      let examples = specification.stream.examples
      let progress = context.progress(total: Double(examples))
      let table = try BitFlippingTable.compute(specification) { done in
        progress.update(done: Double(done), note: "example \(done)/\(examples)")
        try Interruption.check()
      }
      try table.write(context.workspace.path(of: "curves.csv"))
      progress.finish()
      return ["curves.csv"]
    }
  }
}
