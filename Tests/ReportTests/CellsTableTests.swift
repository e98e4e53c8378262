import Claims
import Figures
import Foundation
import Manuscript
import NeuralNetwork
import PreparedImages
import Testing

@testable import Report
@testable import Training

@Suite struct CellsTableTests {
  private func span(_ x: Double, _ low: Double, _ high: Double, count: Int = 3) -> PublishedFigure.Span {
    PublishedFigure.Span(x: x, y: (low + high) / 2, low: low, high: high, count: count)
  }

  @Test func eachCellHasItsVerdict() throws {
    let theirs = PublishedCurve(panel: "p", series: "s", x: [0, 1, 2, 3], y: [0.8, 0.7, 0.6, 0.5])
    let ours = [span(0, 0.79, 0.83), span(1, 0.71, 0.75), span(2, 0.6, 0.6, count: 1)]
    let row = try CellsTable.row("none", profile: "quick", ours: ours, theirs: theirs, places: 4)
    #expect(
      row.map(\.text) == [
        "none", "quick", "0.810 ± 0.020", "0.800", "✓", "0.730 ± 0.020", "0.700", "✗", "0.600", "0.600", "?",
        "", "0.500", "–",
      ])
    let table = ReportTable(
      id: "table-x", title: "t", note: "n", columns: row.map { .words($0.text) }, rows: [row])
    #expect(
      table.csv.rows[0].suffix(9) == [
        "0.73", "0.7", "not reproduced", "0.6", "0.6", "undecided", "", "0.5", "not tested at this profile",
      ])
    #expect(table.latex.contains("$\\checkmark$ & 0.730 $\\pm$ 0.020 & 0.700 & $\\times$"))
    let alone = try CellsTable.row("new", profile: "quick", ours: ours, theirs: nil, places: 1)
    #expect(alone.last?.text == "", "nothing was published")
  }

  private func record(seeds: String, synthetic: Bool) throws -> FigureRecord {
    let title = "Tiny ImageNet at 32×32 pixels" + (synthetic ? " (synthetic)" : "")
    let text = """
      { "artifact": "fig-d.6", "title": "t", "profile": "quick", "seeds": [\(seeds)],
        "dataSets": [{ "set": "s", "title": "\(title)", "synthetic": \(synthetic), "sourceDigest": "a",
                       "contentDigest": "b", "key": "c" }],
        "claims": [], "runs": [], "tables": [], "runEnds": {}, "fingerprints": {}, "computeSeconds": 1,
        "host": "h", "command": "make" }
      """
    return try JSONDecoder().decode(FigureRecord.self, from: Data(text.utf8))
  }

  @Test func theHeadIsThatOfTheRecord() throws {
    let several = CellsTable.head(
      try record(seeds: "40, 41", synthetic: false), isRun: true, trainings: ["a", "b", "a"])
    #expect(
      several.hasPrefix(
        "Ours: profile quick; Tiny ImageNet at 32×32 pixels (real images); a; b; seeds 40, 41, the mean over them"
      ))
    #expect(several.contains("✓ reproduced, ✗ not reproduced, ? undecided"))
    let one = CellsTable.head(try record(seeds: "40", synthetic: true), isRun: true, trainings: [])
    #expect(one.contains("(synthetic); seed 40.") && !one.contains("real"))
    #expect(
      CellsTable.head(try record(seeds: "40", synthetic: true), isRun: false, trainings: ["a"])
        == "Ours: not run at quick.")
  }

  @Test func imagesOfATaskAreCounted() {
    let source = PlannedDataSource(
      digest: "d", isSynthetic: false, officialTitle: "T",
      shape: ImageShape(channels: 3, height: 64, width: 64), classes: 200, trainingImages: 100_000)
    func words(_ tasks: TaskSpecification, _ images: PlannedDataSource?) -> String {
      let training = TrainingSpecification(
        seed: 1, data: .init(set: "tiny-imagenet-200", padding: 0, flip: false),
        model: AnyModel(MLP(hiddenSizes: [4])), optimizer: OptimizerSpecification(SGDRule(learningRate: 0.1)),
        batchSize: 10, firstEpoch: 0, epochs: tasks.totalEpochs, tasks: tasks, snapshotEvery: 1)
      return CellsTable.words(for: training, images: images)
    }
    #expect(
      words(TaskSpecification(count: 100, classes: 2, epochs: 10, passes: 20), source)
        == "100 tasks of 2 classes, 20 passes, each 10 epochs on 1,000 training images")
    #expect(
      words(TaskSpecification(count: 100, classes: 2, epochs: 10, imagesPerClass: 100), nil)
        == "100 tasks of 2 classes, each 10 epochs on 200 training images")
    #expect(
      words(TaskSpecification(count: 100, classes: 2, epochs: 10), nil)
        == "100 tasks of 2 classes, each 10 epochs on all training images")
    var growing = TaskSpecification(count: 20, classes: 5, epochs: 40, order: .growing)
    growing.heldOut = 50
    #expect(
      words(growing, source)
        == "20 tasks of 5 more classes, each 40 epochs on 450 training images of each class")
  }
}
