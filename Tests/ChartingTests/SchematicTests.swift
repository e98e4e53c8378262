import Testing

@testable import Charting

@Suite struct SchematicTests {
  private static func figure(isBare: Bool) -> Figure {
    let series = Series(
      label: nil, style: Style(color: 0), kind: .line(points: [Point(0, 0), Point(1, 1), Point(2, 0)]))
    var panel = Panel(xAxis: Axis(label: "x"), yAxis: Axis(label: "y"), series: [series])
    panel.isBare = isBare
    panel.labels = [PanelLabel("here", x: 1, y: 0.5)]
    return Figure(panels: [panel], columns: 1)
  }

  @Test func aBarePanelHasNeitherTicksNorAxes() throws {
    let roles = try FigureLayout.scene(of: Self.figure(isBare: true)).texts.map(\.role)
    #expect(!roles.contains(.xTick) && !roles.contains(.yTick) && !roles.contains(.axisLabel))
    let framed = try FigureLayout.scene(of: Self.figure(isBare: false)).texts.map(\.role)
    #expect(framed.contains(.xTick) && framed.contains(.yTick))
  }

  @Test func labelsStandWhereTheyAreAskedTo() throws {
    let scene = try FigureLayout.scene(of: Self.figure(isBare: false))
    let label = try #require(scene.texts.first { $0.text.markup == "here" })
    let frame = scene.frames[0]
    #expect(frame.contains(label.box))
    #expect(abs(label.box.x + label.box.width / 2 - (frame.x + frame.width / 2)) < 1)
  }
}
