import Testing

@testable import Charting

@Suite struct HeatMapTests {
  /// Values that rise to the right, the same in both rows.
  private static func figure(colorAxis: Axis? = Axis(label: "Value"), right: Axis? = nil) -> Figure {
    let cells = (0..<3).flatMap { x in
      (0..<2).map { HeatMap.Cell(Double(x), Double($0), value: Double(x)) }
    }
    let map = Series(label: nil, style: Style(color: 0), kind: .heatMap(HeatMap(cells)))
    let dots = Series(
      label: nil, style: Style(color: 0), kind: .scatter([Series.Dot(1, 0.5, tone: 2), Series.Dot(0.5, 0.5)]))
    return Figure(
      panels: [
        Panel(
          xAxis: Axis(label: "x"), yAxis: Axis(label: "y"), rightAxis: right, colorAxis: colorAxis,
          series: [map, dots])
      ], columns: 1)
  }

  @Test func cellsFillTheFrameInTheirColours() throws {
    let scene = try FigureLayout.scene(of: Self.figure())
    let frame = scene.frames[0]
    let fills = scene.items.compactMap { item -> (x: Double, color: Color)? in
      guard case .path(let path) = item, let fill = path.fill, path.clip == frame,
        case .move(let corner)? = path.steps.first
      else { return nil }
      return (corner.x, fill.color)
    }
    // A path for each of three colours.
    #expect(fills.count == 3)
    #expect(abs((fills.map(\.x).min() ?? 0) - frame.x) < 0.5)
    let first = fills.filter { abs($0.x - frame.x) < 1 }.map(\.color)
    #expect(Set(first) == [ColorMap.viridis.color(at: 0)])
    #expect(Set(fills.map(\.color)).contains(ColorMap.viridis.color(at: 1)))
  }

  @Test func neighboursOfOneColourAreOneRectangle() throws {
    let cells = (0..<10).map { HeatMap.Cell(Double($0), 0, value: $0 < 5 ? 0 : 1) }
    let second = (0..<10).map { HeatMap.Cell(Double($0), 1, value: 1) }
    let map = Series(label: nil, style: Style(color: 0), kind: .heatMap(HeatMap(cells + second)))
    let scene = try FigureLayout.scene(
      of: Figure(
        panels: [
          Panel(
            xAxis: Axis(label: "x"), yAxis: Axis(label: "y"), colorAxis: Axis(label: "z"), series: [map])
        ], columns: 1))
    let frame = scene.frames[0]
    let filled = scene.items.filter { item in
      guard case .path(let path) = item else { return false }
      return path.fill != nil && path.clip == frame
    }
    #expect(filled.count == 2)
    let corners = filled.map { item -> Int in
      guard case .path(let path) = item else { return 0 }
      return path.steps.filter { if case .move = $0 { true } else { false } }.count
    }
    // One of the first colour; two of the second, of which one is a whole row.
    #expect(corners.sorted() == [1, 2])
  }

  @Test func theBarHasNumbersAndACaptionBesideTheFrame() throws {
    let scene = try FigureLayout.scene(of: Self.figure())
    let frame = scene.frames[0]
    let numbers = scene.texts.filter { $0.role == .rightTick }
    #expect(numbers.count >= 2)
    #expect(numbers.allSatisfy { $0.box.x > frame.right + 9 && $0.box.right < scene.width })
    #expect(scene.texts.contains { $0.text.markup == "Value" && $0.box.x > frame.right })
  }

  @Test func dotsWithAToneTakeItsColour() throws {
    let scene = try FigureLayout.scene(of: Self.figure())
    let colors = scene.items.compactMap { item -> Color? in
      guard case .path(let path) = item, case .circle? = path.steps.first else { return nil }
      return path.fill?.color
    }
    #expect(colors.contains(ColorMap.viridis.color(at: 1)))
    #expect(colors.contains(Palette.okabeIto[0]))
  }

  @Test func coloursNeedAnAxisAndRoomForIt() {
    #expect(throws: FigureError.missingColorAxis(panel: 1, series: 1)) {
      try Self.figure(colorAxis: nil).validate()
    }
    #expect(throws: FigureError.twoRightAxes(panel: 1)) {
      try Self.figure(right: Axis(label: "right")).validate()
    }
  }

  @Test func theMapRunsThroughItsAnchors() {
    let map = ColorMap(anchors: [Color(gray: 0), Color(gray: 1), Color(gray: 0)])
    #expect(map.color(at: 0.25) == Color(gray: 0.5))
    #expect(map.color(at: 2) == Color(gray: 0) && map.color(at: -1) == Color(gray: 0))
  }
}
