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
      let drawing: DrawingSpecification = try context.job.parameters.decoded()
      try drawing.validate()
      let inputs = try FigureInputs(panels: drawing.panels, of: context.job.inputs, in: context.store)
      let data = try inputs.data(panels: drawing.panels, seeds: drawing.seeds)
      try data.table.write(context.workspace.path(of: drawing.artifact + ".csv"))
      func write(_ name: String, _ extent: FigureDrawing.Extent) throws {
        try FigureDrawing(
          drawing, data: data, extent: extent, runEnd: { try inputs.end(of: $0, seeds: drawing.seeds) }
        ).write(to: context.workspace.path(of: name))
      }
      try write(drawing.artifact, .ours)
      let pictures = ["pdf", "svg", "png"]
      let files = (["csv"] + pictures).map { "\(drawing.artifact).\($0)" }
      guard FigureDrawing.isShorter(data, than: drawing.published) else { return files }
      let companion = DrawingSpecification.companionName(of: drawing.artifact)
      try write(companion, .original)
      return files + pictures.map { "\(companion).\($0)" }
    }
  }
}
