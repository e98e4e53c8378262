import Charting
import Testing

@testable import Figures
@testable import plot

/// The paper's curves must not press ours flat.
@Suite struct PublishedLinesTests {
  private static func figure(_ theirs: [Double], limits: [Double]? = nil, isOriginal: Bool = false) throws
    -> FigureDrawing
  {
    let series = SeriesSpecification(
      id: "s", label: "s", table: "t", curve: "c",
      style: SeriesSpecification.StyleSpecification(color: 0, line: "solid"))
    let panel = PanelSpecification(
      id: "p", title: "", x: PanelSpecification.AxisSpecification(label: ""),
      y: PanelSpecification.AxisSpecification(label: "", limits: limits), series: [series])
    let data = try FigureData(
      panels: [panel], seeds: [], tables: ["t": CurveTable(curves: ["c": [(0, 10), (1, 20)]])]
    ) { _, _ in [] }
    let drawing = DrawingSpecification(
      artifact: "fig-t.1", title: "t", profile: .quick, seeds: [], dataSets: [], columns: 1, aspect: nil,
      panels: [panel], published: [PublishedCurve(panel: "p", series: "s", x: [0, 1], y: theirs)])
    return FigureDrawing(drawing, data: data, extent: isOriginal ? .original : .ours) { _ in nil }
  }

  @Test func whatIsOfOurScaleIsDrawn() throws {
    #expect(try !Self.figure([12, 30]).leavesOut)
  }

  @Test func whatWouldPressOursFlatIsLeftToTheSecondPicture() throws {
    #expect(try Self.figure([90, 100]).leavesOut)
    #expect(try !Self.figure([90, 100], isOriginal: true).leavesOut)
  }

  @Test func whatLiesBeyondFixedLimitsIsNotThere() throws {
    #expect(try Self.figure([90, 100], limits: [0, 30]).leavesOut)
    #expect(try !Self.figure([25, 100], limits: [0, 30]).leavesOut, "a part of it is seen")
  }
}
