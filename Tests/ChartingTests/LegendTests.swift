import Testing

@testable import Charting

/// What a legend lists.
@Suite struct LegendTests {
  static func line(_ label: String?, _ style: Style, weight: Series.Weight = .normal) -> Series {
    Series(
      label: label, style: style,
      kind: .line(points: [Point(0, 0), Point(1, 1)], band: [Interval(0, 1), Interval(0, 1)]), weight: weight)
  }

  static func points(_ label: String?, _ style: Style) -> Series {
    Series(
      label: label, style: style,
      kind: .errorBars(points: [Point(0, 0), Point(1, 1)], intervals: [Interval(0, 1), Interval(0, 1)]),
      weight: .thin)
  }

  static func panel(_ series: Series...) -> Panel {
    Panel(xAxis: Axis(label: "x"), yAxis: Axis(label: "y"), series: series)
  }

  @Test func aLineAndItsPointsAreOneEntry() throws {
    let look = Style(color: 4)
    let marked = Style(color: 4, symbol: .circle)
    for panels in [
      [Self.panel(Self.points("a", marked)), Self.panel(Self.line("a", look))],
      [Self.panel(Self.line("a", look)), Self.panel(Self.points("a", marked))],
      [
        Self.panel(Self.points("a", marked)), Self.panel(Self.line("a", look)),
        Self.panel(Self.line("a", look)),
      ],
    ] {
      let entry = try #require(LegendEntry.entries(of: panels).first)
      #expect(LegendEntry.entries(of: panels).count == 1)
      #expect(entry.sample == .line(.normal) && entry.style.symbol == .circle && entry.hasBand)
    }
  }

  @Test func otherLooksAndLabelsAreOthers() {
    let panel = Self.panel(
      Self.line("a", Style(color: 0)), Self.line("a", Style(color: 1)), Self.line("b", Style(color: 0)),
      Self.line("a", Style(color: 0), weight: .thin), Self.line("a", Style(color: 0)),
      Self.line(nil, Style(color: 2)))
    #expect(LegendEntry.entries(of: [panel]).count == 4)
  }

  private func rowsOfLegend(_ rows: [[Series]]) throws -> [(text: String, y: Double)] {
    let figure = Figure(
      panels: rows.map { Panel(xAxis: Axis(label: "x"), yAxis: Axis(label: "y"), series: $0) }, columns: 1)
    return try FigureLayout.scene(of: figure).texts.filter { $0.role == .legend }.map {
      ($0.text.markup, $0.box.y)
    }
  }

  @Test func oneLookOfTwoMeaningsGivesEachRowItsLegend() throws {
    let first = Style(color: 0)
    let clear = try rowsOfLegend([[Self.line("a", first)], [Self.line("b", Style(color: 1))]])
    #expect(clear.count == 2 && abs(clear[1].y - clear[0].y) < 5, "one legend for all")
    let rows = try rowsOfLegend([[Self.line("a", first)], [Self.line("b", first)]])
    #expect(rows.map(\.text) == ["a", "b"])
    #expect(rows[1].y > rows[0].y + 50, "each below its own row")
    let three = try rowsOfLegend([[Self.line("a", first)], [Self.line("a", first)], [Self.line("b", first)]])
    #expect(three.map(\.text) == ["a", "b"], "rows that are alike share one")
  }

  @Test func dotsOfTwoSizesAreToldApart() {
    func dots(_ label: String, radius: Double, tone: Double? = nil) -> Series {
      Series(
        label: label, style: Style(color: 4), kind: .scatter([Series.Dot(0, 0, tone: tone)]),
        dotRadius: radius)
    }
    #expect(
      !LegendEntry.areAmbiguous(
        LegendEntry.entries(of: [Self.panel(dots("a", radius: 1), dots("b", radius: 2))])))
    #expect(
      LegendEntry.areAmbiguous(
        LegendEntry.entries(of: [Self.panel(dots("a", radius: 1), dots("b", radius: 1))])))
    let both = LegendEntry.entries(of: [Self.panel(dots("a", radius: 1), dots("a", radius: 1, tone: 3))])
    #expect(both.map(\.sample) == [.dot(radius: 1, isToned: true)])
  }
}
