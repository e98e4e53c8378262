import Console
import ContentStore
import Figures
import Stages
import Tables

/// Draws an artifact and writes the numbers behind it.
@main
enum Plot {
  static func main() {
    StageRunner(tool: "plot", summary: "Draws an artifact and writes its numbers.").run { context in
      var drawing: DrawingSpecification = try context.job.parameters.decoded()
      try drawing.validate()
      let inputs = try FigureInputs(panels: drawing.panels, of: context.job.inputs, in: context.store)
      if let kept = try inputs.keptDataSets {
        // It rests on the images of then.
        drawing.dataSets = kept
        try drawing.validate()
      }
      let data = try inputs.data(panels: drawing.panels, seeds: drawing.seeds)
      try data.table.write(context.workspace.path(of: drawing.artifact + ".csv"))
      func figure(_ extent: FigureDrawing.Extent) throws -> FigureDrawing {
        try FigureDrawing(drawing, data: data, extent: extent) {
          try inputs.end(of: $0, seeds: drawing.seeds)
        }
      }
      let ours = try figure(.ours)
      try ours.write(to: context.workspace.path(of: drawing.artifact))
      let pictures = ["pdf", "svg", "png"]
      let files = (["csv"] + pictures).map { "\(drawing.artifact).\($0)" }
      guard ours.leavesOut else { return files }
      let companion = DrawingSpecification.companionName(of: drawing.artifact)
      try figure(.original).write(to: context.workspace.path(of: companion))
      return files + pictures.map { "\(companion).\($0)" }
    }
  }
}
