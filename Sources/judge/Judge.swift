import Claims
import Console
import ContentStore
import Figures
import Foundation
import Stages

/// Judges the claims of an artifact on its curves.
@main
enum Judge {
  static func main() {
    StageRunner(tool: "judge", summary: "Judges the claims of an artifact.").run { context in
      let judgement: JudgementSpecification = try context.job.parameters.decoded()
      try judgement.validate()
      let inputs = try FigureInputs(panels: judgement.panels, of: context.job.inputs, in: context.store)
      let data = try inputs.data(panels: judgement.panels, seeds: judgement.seeds)
      let results =
        try inputs.keptRecord.map { try judgement.results(on: FigureRecord(contentsOf: $0), with: data) }
        ?? judgement.results(on: data)
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      try FileSystem.write(
        encoder.encode(results),
        atomicallyTo: context.workspace.path(of: JudgementSpecification.fileName))
      return [JudgementSpecification.fileName]
    }
  }
}
