import Foundation
import Specifications
import Testing

@testable import Figures

/// Points with a third number, which colours show.
@Suite struct ToneTests {
  private static func panel(color: Bool = true, dots: Bool = false, scale: String? = nil)
    -> PanelSpecification
  {
    let style = SeriesSpecification.StyleSpecification(
      color: 0, line: "solid", dots: dots ? true : nil, map: dots ? nil : true)
    var panel = PanelSpecification(
      id: "p", title: "", x: PanelSpecification.AxisSpecification(label: "x", scale: scale),
      y: PanelSpecification.AxisSpecification(label: "y"),
      series: [SeriesSpecification(id: "s", label: "s", table: "t", curve: "field", style: style)])
    if color { panel.color = PanelSpecification.AxisSpecification(label: "z") }
    return panel
  }

  private func table(_ text: String) throws -> CurveTable {
    let path = NSTemporaryDirectory() + "tones-\(UUID().uuidString).csv"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return try CurveTable(contentsOf: path)
  }

  @Test func aTableCanHaveAThirdColumn() throws {
    let table = try table("curve,x,y,z\nfield,0,0,5\nline,0,1,\nfield,1,0,6\n")
    #expect(table.tones == ["field": [5, 6]])
    let data = try FigureData(panels: [Self.panel()], seeds: [40, 41], tables: ["t": table]) { _, _ in [] }
    #expect(data.curves[0].points.map(\.tone) == [5, 6])
    #expect(data.table.columns.last == "tone" && data.table.rows.map(\.last) == ["5.0", "6.0"])
  }

  /// A network that knows one class alone has no border to draw; a name that is not there is an error all the same.
  @Test func aTableCanNameACurveOfWhichThereIsNothing() throws {
    let table = try table("curve,x,y,z\nfield,,,\nother,1,2,3\n")
    for panel in [Self.panel(dots: true), Self.panel()] {
      let data = try FigureData(panels: [panel], seeds: [], tables: ["t": table]) { _, _ in [] }
      #expect(data.curves.count == 1 && data.curves[0].points.isEmpty && data.table.rows.isEmpty)
    }
    var missing = Self.panel(dots: true)
    missing.series[0].curve = "fields"
    #expect(throws: UnknownCurve.self) {
      try FigureData(panels: [missing], seeds: [], tables: ["t": table]) { _, _ in [] }
    }
    for text in ["field,1,,", "field,,1,", "field,1,1,\nfield,,,", "field,,,\nfield,,,"] {
      #expect(throws: HalfPoint.self) { try self.table("curve,x,y,z\n\(text)\n") }
    }
  }

  /// What a figure's table says of colours is drawn again from it.
  @Test func keptCurvesKeepTheirTones() throws {
    let table = try table("curve,x,y,z\nfield,0,0,5\nfield,1,0,-inf\n")
    let drawn = try FigureData(panels: [Self.panel()], seeds: [], tables: ["t": table]) { _, _ in [] }
    let path = NSTemporaryDirectory() + "kept-\(UUID().uuidString).csv"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try drawn.table.write(path)
    let kept = try FigureData(panels: [Self.panel()], seeds: [], kept: path)
    #expect(kept.curves[0].points == drawn.curves[0].points)
    #expect(kept.curves[0].points.map(\.tone) == [5, -.infinity])
  }

  @Test func aMapOfPointsWithoutIsRefused() throws {
    let table = try table("curve,x,y,z\nfield,0,0,5\nfield,1,0,\n")
    #expect(throws: MissingTones(table: "t", curve: "field")) {
      try FigureData(panels: [Self.panel()], seeds: [], tables: ["t": table]) { _, _ in [] }
    }
    let dots = try FigureData(
      panels: [Self.panel(dots: true)], seeds: [], tables: ["t": table]
    ) { _, _ in [] }
    #expect(dots.curves[0].points.allSatisfy { $0.tone == nil } && !dots.table.columns.contains("tone"))
  }

  @Test func aMapNeedsAnAxisOfColoursAndLinearAxes() throws {
    try Self.panel().validate()
    #expect(throws: SpecificationProblem.self) { try Self.panel(color: false).validate() }
    #expect(throws: SpecificationProblem.self) { try Self.panel(scale: "logarithmic").validate() }
    var both = Self.panel()
    both.right = PanelSpecification.AxisSpecification(label: "r")
    #expect(throws: SpecificationProblem.self) { try both.validate() }
  }
}
