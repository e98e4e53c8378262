import Charting
import Testing

@testable import Figures
@testable import plot

/// A curve of a few tasks among many is points with whiskers, not a line with a band.
@Suite struct SparseCurveTests {
  private static func curve(
    tasks: [Int], average: SeriesSpecification.Average? = .task
  ) throws -> (FigureData.Curve, PanelSpecification) {
    let series = SeriesSpecification(
      id: "s", label: "s", runs: ["run"], metric: "trainingAccuracy", averagedOver: average,
      style: SeriesSpecification.StyleSpecification(color: 4, line: "dotted"))
    let axis = PanelSpecification.AxisSpecification(label: "")
    let panel = PanelSpecification(id: "p", title: "", x: axis, y: axis, series: [series])
    let data = try FigureData(panels: [panel], seeds: [40, 41, 42]) { _, seed in
      tasks.map { task in
        MetricRow(
          step: 10 * task, task: task - 1, layer: "", probe: "", metric: "trainingAccuracy",
          value: 0.5 + 0.01 * Double(seed - 40))
      }
    }
    return (data.curves[0], panel)
  }

  @Test func aFewTasksArePoints() throws {
    let (curve, panel) = try Self.curve(tasks: [1, 8, 16, 24, 32, 40])
    #expect(curve.isSparse && curve.spread == .errorBars)
    let series = CurveDrawing(curve: curve, panel: panel, published: nil, dotSize: 0).series
    guard case .errorBars(let points, let intervals) = series.kind else {
      Issue.record("no whiskers")
      return
    }
    #expect(points.count == 6 && intervals.allSatisfy { $0.low < 0.51 && $0.high > 0.51 })
    #expect(series.style.symbol == .triangle && series.weight == .thin)
  }

  @Test func allTasksAreALine() throws {
    #expect(try !Self.curve(tasks: Array(1...40)).0.isSparse)
    #expect(try !Self.curve(tasks: [1, 8, 16, 24, 32, 40], average: nil).0.isSparse, "steps are not tasks")
  }
}
