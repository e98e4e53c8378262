import BitFlipping
import Claims
import ContentStore
import ExperimentFamilies
import Experiments
import Foundation
import ManifoldStability
import Mutations
import PlasticityMetrics
import PreparedImages
import RankTheory
import Specifications
import Testing

@testable import Figures
@testable import Manuscript
@testable import Training
@testable import plot

/// Promise: whatever stands in a job, its stage refuses it in one line, or does what it says. Jobs that would take long
/// are only read.
@Suite struct JobFuzzTests {
  /// The jobs of the tiny chapter.
  private static func jobs() throws -> [Job] {
    let book = try Book()
    return try Plan(chapters: [book.tiny], context: Book.context(.quick)).jobs.map(\.job)
  }

  @Test func aJobIsReadOrRefused() throws {
    let jobs = try Self.jobs()
    let laboratory = try TinyRun()
    var accepted = 0
    let cases = FuzzCases.numbers(500)
    for number in cases {
      var mutator = Mutator(number)
      let job = jobs[mutator.draw(below: jobs.count)]
      let whole = mutator.draw(below: 6) == 0
      let value = try JSONValue(encoding: job)
      let text: String
      if whole {
        text = mutator.mutated(value)
      } else {
        let parameters = mutator.mutated(job.parameters)
        text = value.canonical.replacing(job.parameters.canonical, with: parameters, maxReplacements: 1)
      }
      let isAccepted = try FuzzCases.attempt(number, of: "job", text: text) {
        let path = laboratory.folder + "/job.json"
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        try Self.perform(Job.read(path))
      }
      accepted += isAccepted ? 1 : 0
    }
    FuzzCases.expectBoth(accepted, of: cases.count)
  }

  /// What a stage does with its parameters before it works, and the work where it is small.
  private static func perform(_ job: Job) throws {
    _ = job.key
    do {
      switch job.stage {
      case "prepare": _ = try job.parameters.decoded(as: PreparationSpecification.self)
      case "train":
        let specification = try job.parameters.decoded(as: TrainingSpecification.self)
        try specification.validate()
        try specification.model.validate(
          for: ImageShape(channels: 3, height: 32, width: 32), classes: 10, batchSize: specification.batchSize
        )
      case "measure": try job.parameters.decoded(as: MeasurementSpecification.self).validate()
      case "compute": try compute(job.parameters)
      case "plot": try draw(job.parameters.decoded())
      case "judge":
        let judgement: JudgementSpecification = try job.parameters.decoded()
        try judgement.validate()
        let data = try MadeUpInputs(panels: judgement.panels).data(
          panels: judgement.panels, seeds: judgement.seeds)
        _ = try judgement.results(on: data)
      default: break
      }
    } catch let error as DecodingError {
      // The stage says it in one line.
      throw SpecificationProblem("", "\(error)".inOneLine())
    } catch let problem as SpecificationProblem {
      throw SpecificationProblem("", problem.description.inOneLine())
    }
  }

  private static func compute(_ parameters: JSONValue) throws {
    guard case .string(let name)? = parameters["experiment"],
      let family = ExperimentRegistry.family(named: name)
    else { return }
    let specification = parameters["specification"] ?? .null
    switch name {
    case "theory":
      let theory: TheorySpecification = try specification.decoded()
      try theory.validate()
      guard theory.cost < 2e8 else { return }
    case "bit-flipping":
      let flipping: BitFlippingSpecification = try specification.decoded()
      try flipping.validate()
      guard flipping.cost < 2e7, flipping.readings.samples < 2_000, flipping.width < 200 else { return }
    default:
      // There is no run to look at.
      break
    }
    _ = try family.compute(specification, on: nil) { _, _ in }
  }

  private static func draw(_ drawing: DrawingSpecification) throws {
    try drawing.validate()
    let data = try MadeUpInputs(panels: drawing.panels).data(panels: drawing.panels, seeds: drawing.seeds)
    _ = data.table
    guard drawing.panels.count <= 3, data.curves.count <= 12, drawing.title.utf8.count % 4 == 0 else {
      return
    }
    let folder = FileManager.default.temporaryDirectory.path + "/barriers-drawing-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FigureDrawing(drawing, data: data, runEnd: { _ in 7 }).write(to: folder + "/" + drawing.artifact)
  }
}

/// Numbers for whatever panels ask for, some of them none or large.
private struct MadeUpInputs {
  let panels: [PanelSpecification]

  func data(panels: [PanelSpecification], seeds: [UInt64]) throws -> FigureData {
    let series = panels.flatMap(\.series)
    var tables: [String: CurveTable] = [:]
    for table in Set(series.flatMap(\.tableNames)) {
      let names = series.filter { $0.tableNames.contains(table) }.compactMap(\.curve)
      let isPlace = panels.contains {
        $0.x.categories != nil && $0.series.contains { $0.tableNames.contains(table) }
      }
      let points = isPlace ? [(x: 0.0, y: 2.5)] : (0..<5).map { (x: Double($0), y: Double($0 * $0) - 3) }
      let curves = Dictionary(names.map { ($0.replacing("*", with: "1"), points) }) { first, _ in first }
      tables[table] = CurveTable(curves: curves)
      for seed in seeds { tables["\(table)/\(seed)"] = CurveTable(curves: curves) }
    }
    return try FigureData(panels: panels, seeds: seeds, tables: tables) { run, seed in
      series.flatMap(\.metrics).flatMap { metric in
        (0..<4).flatMap { step in
          ["", "act_1", "block_2"].map { layer in
            MetricRow(
              step: step * 10, task: step, layer: layer, probe: layer.isEmpty ? "" : "training",
              metric: metric,
              value: Double(step) + Double(run.utf8.count) * 0.1 + Double(seed % 3))
          }
        }
      }
    }
  }
}
