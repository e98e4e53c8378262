import Testing

@testable import Figures
@testable import Manuscript

/// The words around a figure.
@Suite struct FigureNotesTests {
  private func notes(
    profile: Profile = .quick, seeds: [UInt64] = [40, 41], sets: [DrawingSpecification.DataSet] = [],
    styles: [SeriesSpecification.StyleSpecification], published: [PublishedCurve] = [],
    lines: FigureNotes.PublishedLines = FigureNotes.PublishedLines(shown: 0, count: 0)
  ) throws -> FigureNotes {
    let axis = PanelSpecification.AxisSpecification(label: "")
    let panel = PanelSpecification(
      id: "p", title: "", x: axis, y: axis,
      series: styles.enumerated().map {
        SeriesSpecification(id: "\($0.offset)", label: "", table: "t", curve: "c", style: $0.element)
      })
    let tables = Dictionary(
      uniqueKeysWithValues: seeds.map { ("t/\($0)", CurveTable(curves: ["c": [(0, Double($0))]])) })
    let data = try FigureData(
      panels: [panel], seeds: seeds,
      tables: seeds.isEmpty ? ["t": CurveTable(curves: ["c": [(0, 1)]])] : tables
    ) { _, _ in [] }
    let drawing = DrawingSpecification(
      artifact: "fig-t.1", title: "t", profile: profile, seeds: seeds, dataSets: sets, columns: 1,
      aspect: nil,
      panels: [panel], published: published)
    return FigureNotes(drawing, data: data, lines: lines)
  }

  private static let band = SeriesSpecification.StyleSpecification(color: 0, line: "solid")
  private static let dots = SeriesSpecification.StyleSpecification(color: 0, line: "solid", dots: true)
  private static let bars = SeriesSpecification.StyleSpecification(color: 0, line: "solid", bars: true)
  private static let errors = SeriesSpecification.StyleSpecification(color: 0, line: "solid", errorBars: true)

  @Test func theFooterSaysWhatIsDrawnForTheSpread() throws {
    func spread(_ styles: [SeriesSpecification.StyleSpecification]) throws -> String {
      let footer = try notes(styles: styles).footer
      let beginning = "fig-t.1 · quick profile · generated stream · 2 seeds (40–41)"
      try #require(footer.hasPrefix(beginning), "\(footer)")
      return String(footer.dropFirst(beginning.count))
    }
    #expect(try spread([Self.band]) == ", bands: both values")
    #expect(try spread([Self.bars]) == ", error bars: both values")
    #expect(try spread([Self.errors]) == ", error bars: both values")
    #expect(try spread([Self.band, Self.errors]) == ", intervals: both values")
    #expect(try spread([Self.dots]).isEmpty)
    #expect(
      try notes(seeds: [40, 41, 42], styles: [Self.band]).footer
        .hasSuffix("3 seeds (40–42), bands: 95 % confidence of the mean"))
    #expect(try notes(seeds: [40], styles: [Self.bars]).footer.hasSuffix("generated stream · seed 40"))
  }

  @Test func dataSetsAreNamed() throws {
    func record(synthetic: Bool) -> DrawingSpecification.DataSet {
      DrawingSpecification.DataSet(title: synthetic ? "Synthetic" : "CIFAR-10", synthetic: synthetic)
    }
    let footer = try notes(sets: [record(synthetic: true), record(synthetic: false)], styles: []).footer
    #expect(footer == "fig-t.1 · quick profile · Synthetic, CIFAR-10 (real images) · 2 seeds (40–41)")
  }

  @Test func theCornerSpeaksOfSmallerProfiles() throws {
    #expect(try notes(styles: [Self.band]).corner == "quick profile")
    #expect(try notes(profile: .paper, styles: [Self.band]).corner == nil)
    let computed = try notes(seeds: [], styles: [Self.band])
    #expect(computed.corner == nil)
    #expect(computed.footer == "fig-t.1 · computed without training: the same in every profile")
  }

  @Test func theFooterSaysHowManyOfThePapersCurvesAreSeen() throws {
    let published = ["0", "1"].map { PublishedCurve(panel: "p", series: $0, x: [0], y: [1]) }
    func original(
      _ styles: [SeriesSpecification.StyleSpecification], shown: Int, count: Int
    ) throws -> String {
      let footer = try notes(
        seeds: [40], styles: styles, published: published,
        lines: FigureNotes.PublishedLines(shown: shown, count: count)
      ).footer
      return String(footer.dropFirst("fig-t.1 · quick profile · generated stream · seed 40 · ".count))
    }
    let lines = [Self.band, Self.band]
    #expect(try original(lines, shown: 2, count: 2) == "pale lines: the paper's own")
    #expect(
      try original(lines, shown: 1, count: 2)
        == "pale lines: the paper's own, 1 of its 2 curves in range, all in fig-t.1.original")
    #expect(
      try original(lines, shown: 0, count: 2)
        == "the paper: 0 of its 2 curves in range, all in fig-t.1.original")
    #expect(
      try original([Self.bars, Self.bars], shown: 0, count: 0) == "strokes across bars: the paper's own")
    #expect(
      try original([Self.bars, Self.band], shown: 1, count: 1)
        == "pale lines and strokes across bars: the paper's own")
  }
}
