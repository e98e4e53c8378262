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
}
