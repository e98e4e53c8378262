import Testing

@testable import Figures
@testable import plot

/// A panel without numbers for its colours says so, instead of showing a bar for none.
@Suite struct PanelColorsTests {
  private static func colors(
    tones: [Double], points: [(x: Double, y: Double)], label: String? = "log Λ₁"
  ) throws -> PanelColors {
    func series(_ id: String, map: Bool) -> SeriesSpecification {
      SeriesSpecification(
        id: id, label: id, table: "t", curve: id,
        style: SeriesSpecification.StyleSpecification(
          color: 0, line: "solid", dots: map ? nil : true, map: map ? true : nil))
    }
    let axis = PanelSpecification.AxisSpecification(label: "")
    let panel = PanelSpecification(
      id: "p", title: "", x: axis, y: axis,
      color: label.map { PanelSpecification.AxisSpecification(label: $0, empty: "all silent") },
      series: [series("field", map: true), series("points", map: false)])
    let table = CurveTable(
      curves: ["field": tones.map { ($0, 0) }, "points": points],
      tones: tones.isEmpty ? [:] : ["field": tones])
    let data = try FigureData(panels: [panel], seeds: [], tables: ["t": table]) { _, _ in [] }
    return PanelColors(panel, curves: data.curves)
  }

  @Test func aFieldHasItsBar() throws {
    let colors = try Self.colors(tones: [1, 2], points: [(0, 0)])
    #expect(colors.isShown && colors.emptyNote == nil && colors.curves.count == 2)
  }

  @Test func withoutAFieldPointsStayAndTheBarGoes() throws {
    let colors = try Self.colors(tones: [], points: [(0, 0), (1, 2)])
    #expect(!colors.isShown && colors.emptyNote == "all silent")
    #expect(colors.curves.map(\.series.id) == ["points"])
  }

  @Test func theLogarithmOfNothingIsNoNumber() throws {
    let colors = try Self.colors(tones: [-.infinity, -.infinity], points: [(0, 0), (1, 2)])
    #expect(!colors.isShown && colors.curves.map(\.series.id) == ["points"])
    #expect(try Self.colors(tones: [-.infinity, 3], points: []).isShown)
  }

  @Test func pointsInOnePlaceAreNothingToShow() throws {
    #expect(try Self.colors(tones: [], points: [(0, 0), (0, 0)]).curves.isEmpty)
  }

  @Test func panelsWithoutColoursAreLeftAlone() throws {
    let colors = try Self.colors(tones: [], points: [(0, 0)], label: nil)
    #expect(!colors.isShown && colors.emptyNote == nil && colors.curves.count == 2)
  }
}
