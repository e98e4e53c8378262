import Console
import ContentStore
import Foundation
import Manuscript
import PreparedImages
import Stages
import Tables
import Training

/// Draws an artifact, writes the numbers behind it and checks its claims.
@main
enum Plot {
  static func main() {
    StageRunner(tool: "plot", summary: "Draws an artifact, writes its numbers and checks its claims.").run {
      context in
      let drawing: DrawingSpecification = try context.job.parameters.decoded()
      let provenance = try Provenance(context, seeds: drawing.seeds)
      let data = try figureData(drawing, context: context)
      let record = try FigureRecord(drawing, data: data, provenance: provenance)
      let name = drawing.artifact
      try data.table.write(context.workspace.path(of: name + ".csv"))
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      try FileSystem.write(
        encoder.encode(record), atomicallyTo: context.workspace.path(of: name + ".json"))
      try FigureDrawing(drawing, data: data, record: record)
        .write(to: context.workspace.path(of: name))
      return ["csv", "json", "pdf", "svg", "png"].map { "\(name).\($0)" }
    }
  }

  /// The curves of the artifact's panels from the tables that `measure` wrote.
  private static func figureData(
    _ drawing: DrawingSpecification, context: StageRunner.Context
  ) throws -> FigureData {
    let metrics = Set(drawing.panels.flatMap { $0.series.flatMap(\.metrics) })
    var computed: [String: CurveTable] = [:]
    for input in context.job.inputs where Stage(rawValue: input.stage)?.makesCurves == true {
      computed[input.name] = try CurveTable(
        contentsOf: try context.entry(of: input).path(of: CurveTable.fileName))
    }
    var tables: [String: [MetricRow]] = [:]
    return try FigureData(panels: drawing.panels, seeds: drawing.seeds, tables: computed) { run, seed in
      let name = "\(run)/\(seed)"
      if let rows = tables[name] { return rows }
      let rows = try MetricRow.read(
        try context.input(name).path(of: "metrics.csv"), metrics: metrics)
      tables[name] = rows
      return rows
    }
  }
}
