import Experiments
import Foundation
import Testing

@testable import Claims
@testable import Figures
@testable import Manuscript

@Suite struct PublishedCurveTests {
  private let curve = PublishedCurve(panel: "p", series: "s", x: [0, 10, 20], y: [1, 3, 7])

  @Test func valuesLieOnStraightLines() {
    #expect(curve.value(at: 0) == 1 && curve.value(at: 5) == 2 && curve.value(at: 15) == 5)
    #expect(curve.value(at: 20) == 7)
    #expect(curve.value(at: -1) == nil && curve.value(at: 21) == nil)
  }

  @Test func aStretchEndsWhereItIsCut() {
    #expect(curve.points(in: 5...15).map(\.x) == [5, 10, 15])
    #expect(curve.points(in: 5...15).map(\.y) == [2, 3, 5])
    #expect(curve.points(in: 0...30).map(\.x) == [0, 10, 20])
    #expect(curve.points(in: 30...40).isEmpty)
  }

  @Test(arguments: [
    PublishedCurve(panel: "p", series: "s", x: [], y: []),
    PublishedCurve(panel: "p", series: "s", x: [1, 0], y: [1, 1]),
    PublishedCurve(panel: "p", series: "s", x: [1], y: [1, 2]),
    PublishedCurve(panel: "p", series: "s", x: [1], y: [.nan]),
    PublishedCurve(panel: "p", series: "t", x: [1], y: [1]),
  ])
  func whatIsNoCurveIsRefused(_ curve: PublishedCurve) {
    let style = SeriesSpecification.StyleSpecification(color: 0, line: "solid")
    let axis = PanelSpecification.AxisSpecification(label: "")
    let series = SeriesSpecification(id: "s", label: "", runs: ["r"], metric: "loss", style: style)
    let panel = PanelSpecification(id: "p", title: "", x: axis, y: axis, series: [series])
    #expect(throws: (any Error).self) { try [curve].validate(on: [panel]) }
    #expect(throws: Never.self) { try [self.curve].validate(on: [panel]) }
  }
}

@Suite struct PublishedShelfTests {
  /// A chapter beside a folder of published curves, planned.
  private func plan(_ panel: String, table: String = PublishedShelfTests.table) throws -> ArtifactPlan {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "published-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: folder.appendingPathComponent("published"), withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data(table.utf8).write(to: folder.appendingPathComponent("published/fig-t.1.csv"))
    let text = """
      # T
      ```artifact fig-t.1
      {
        experiment: "image-classification", title: "T", seeds: 1,
        data: { set: "cifar-10", trainingImages: 100, padding: 0, flip: false },
        model: { architecture: "mlp", hiddenSizes: [4], normalization: "none", dropout: 0 },
        optimizer: { kind: "sgd", learningRate: 0.1 },
        batchSize: 40, epochs: 2, snapshotEvery: 1, measure: { probeImages: 10 },
        runs: [{ name: "a", label: "a", style: 0 }, { name: "b", batchSize: 20, label: "b", style: 1 }],
        panels: [{ id: "p", title: "", y: "loss", metric: "trainingLoss", \(panel) }],
        claims: [],
      }
      ```
      """
    let chapter = try Chapter(file: folder.path + "/t.md", text: text)
    return try Plan(chapters: [chapter], context: .sample()).artifacts[0]
  }

  private static let table =
    "panel,series,x,at,unit,y,note\nq,a,0,0,epoch,4,\nq,a,9,2,epoch,3,\nq,other,1,1,epoch,2,\n"
  private static let one = "panel,series,x,at,unit,y,note\nq,a,0,0,epoch,4,\nq,a,9,2,epoch,3,\n"

  private func message(_ panel: String, table: String = PublishedShelfTests.table) -> String {
    do {
      _ = try plan(panel, table: table)
      return "nothing is wrong"
    } catch { return "\(error)" }
  }

  @Test func epochsBecomeSteps() throws {
    let plan = try plan(
      "x: \"Step\", runs: [\"a\"], published: \"q\", publishedSeries: { a: [\"a\", \"other\"] }")
    // 100 images in batches of 40 are three steps.
    #expect(try plan.published() == [PublishedCurve(panel: "p", series: "a", x: [0, 3, 6], y: [4, 2, 3])])
  }

  @Test func anAxisInEpochsIsDividedByTheirSteps() throws {
    let plan = try plan(
      "x: { label: \"Epoch\", unit: \"epoch\" }, runs: [\"a\"], published: \"q\"", table: Self.one)
    let drawing = try #require(plan.last.first { $0.subject == .figure }).job.parameters
      .decoded(as: DrawingSpecification.self)
    #expect(drawing.panels[0].x.per == 3 && drawing.panels[0].x.unit == nil)
    #expect(drawing.published.count == 1)
  }

  @Test func whatWasNotPublishedIsAnError() {
    let start = "x: \"Step\", runs: [\"a\"], "
    #expect(message(start + "published: \"q\"").contains("whose series other none of the panel's stands for"))
    #expect(message(start + "published: \"r\"").contains("which was not published; there are q"))
    #expect(message(start + "published: \"fig-t.2/q\"").contains("there is no"))
    #expect(message(start + "published: \"../fig-t.1/q\"").contains("begins with no figure's name"))
    #expect(
      message(start + "published: \"q\"", table: Self.one.replacingOccurrences(of: ",4,", with: ",1e200,"))
        .contains("what is no curve"))
    #expect(
      message(start + "published: \"q\", publishedSeries: { a: [\"c\"] }").contains(
        "is 'c', which was not published"))
    #expect(
      message(start + "published: \"q\", publishedSeries: { c: [\"a\"] }").contains(
        "is no series of this panel"))
    #expect(message(start + "publishedSeries: { a: [\"a\"] }").contains("needs 'published'"))
    #expect(
      message(start + "published: \"q\"", table: Self.one.replacingOccurrences(of: "epoch", with: "year"))
        .contains("has the unit 'year'"))
    #expect(
      message(start + "published: \"q\"", table: Self.one.replacingOccurrences(of: "epoch", with: "task"))
        .contains("counts tasks"))
    #expect(
      message("x: { label: \"\", unit: \"epoch\" }, runs: [\"a\", \"b\"]").contains("have 3 and 5 steps"))
    #expect(message("x: { label: \"\", unit: \"hour\" }, runs: [\"a\"]").contains("known: epoch"))
  }
}
