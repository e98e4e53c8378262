import Charting
import Console
import Figures
import Foundation

/// An artifact's panels as a chart.
struct FigureDrawing {
  private let drawing: DrawingSpecification
  private let data: FigureData
  /// Run → the step at which it ended.
  private let runEnds: [String: Int]
  /// How far along x the paper's curves are drawn.
  private let extent: Extent

  enum Extent {
    /// As far as ours go.
    case ours
    /// To their ends, ours with them.
    case original
  }

  /// - Parameter runEnd: the step at which a run ended, asked of the runs that a mark names.
  init(
    _ drawing: DrawingSpecification, data: FigureData, extent: Extent = .ours,
    runEnd: (String) throws -> Int?
  ) rethrows {
    self.drawing = drawing
    self.data = data
    self.extent = extent
    var ends: [String: Int] = [:]
    for run in drawing.panels.flatMap({ ($0.marks ?? []).compactMap(\.endOf) }) where ends[run] == nil {
      ends[run] = try runEnd(run)
    }
    runEnds = ends
  }

  /// Whether the paper's curves go on where ours end, so that a second picture has more to show.
  static func isShorter(_ data: FigureData, than published: [PublishedCurve]) -> Bool {
    published.contains { curve in
      guard let end = curve.x.last, let ours = data.range(ofPanel: curve.panel)?.upperBound else {
        return false
      }
      return end > 1.05 * ours
    }
  }

  /// Writes `path`.pdf, .svg and .png.
  ///
  /// - Throws: `FigureError`.
  func write(to path: String) throws {
    let notes = FigureNotes(drawing, data: data)
    // A kept figure may lack a panel that the chapter has had since.
    let panels = drawing.panels.filter { panel in data.curves.contains { $0.panel == panel.id } }
    let figure = Figure(
      panels: panels.map(panel), columns: drawing.columns, footer: escape(notes.footer),
      cornerNote: notes.corner,
      axisLabelling: panels.count > drawing.columns ? .outerPanels : .everyPanel,
      panelAspect: drawing.aspect ?? (drawing.columns < 3 ? 0.6 : 0.9),
      metadata: Metadata(
        title: "\(drawing.artifact): \(drawing.title)", subject: notes.footer,
        keywords: ["arXiv:2510.00304", drawing.artifact]))
    try figure.write(to: path, formats: [.pdf, .svg, .png])
  }

  private func panel(_ specification: PanelSpecification) -> Panel {
    let curves = data.curves.filter { $0.panel == specification.id }
    let colors = PanelColors(specification, curves: curves)
    let sides = Dictionary(grouping: specification.series) { $0.onRight == true }
    var panel = Panel(
      title: escape(specification.title), xAxis: axis(specification.x, isAlong: true),
      yAxis: axis(specification.y, of: sides[false] ?? []),
      rightAxis: specification.right.map { axis($0, of: sides[true] ?? []) },
      colorAxis: colors.isShown ? specification.color.map { axis($0) } : nil,
      series: original(in: specification)
        + colors.curves.map { drawing(of: $0, in: specification).series },
      markers: (specification.marks ?? []).compactMap { marker($0, along: specification.x) },
      labels: (specification.labels ?? []).map {
        PanelLabel(escape($0.text), x: specification.x.drawn($0.x), y: specification.y.drawn($0.y))
      },
      isBare: specification.bare ?? false)
    if let note = colors.emptyNote.map(escape) {
      if colors.curves.isEmpty { panel.emptyNote = note } else { panel.note = note }
    }
    return panel
  }

  /// The paper's curves: thin and pale, beneath ours, out of the legend. Bars have them as marks instead.
  private func original(in panel: PanelSpecification) -> [Series] {
    data.curves.filter { $0.panel == panel.id && $0.series.style.bars != true }.compactMap { curve in
      guard let published = drawing.published.first(where: { $0.name == curve.name }) else { return nil }
      let range = extent == .original ? nil : data.range(ofPanel: panel.id)
      let points = range.map { published.points(in: $0) } ?? published.points
      guard !points.isEmpty else { return nil }
      let y = panel.axis(of: curve.series)
      var style = Style(curve.series.style)
      style.shade = .light
      return Series(
        label: nil, style: style,
        kind: .line(points: points.map { Point(panel.x.drawn($0.x), y.drawn($0.y)) }, band: nil),
        side: curve.series.onRight == true ? .right : .left, weight: .thin)
    }
  }

  private func drawing(of curve: FigureData.Curve, in panel: PanelSpecification) -> CurveDrawing {
    CurveDrawing(
      curve: curve, panel: panel, published: drawing.published.first { $0.name == curve.name },
      dotSize: drawing.columns > 3 ? 0 : 0.08)
  }

  /// - Parameter series: those whose values stand along it.
  private func axis(
    _ specification: PanelSpecification.AxisSpecification, isAlong: Bool = false,
    of series: [SeriesSpecification] = []
  ) -> Axis {
    let scale: Axis.Scale =
      if let categories = specification.categories {
        .categories(categories.map(escape))
      } else {
        specification.scale == "logarithmic" ? .logarithmic : .linear
      }
    // Limits along x are meant for what is ours.
    let limits = isAlong && extent == .original ? nil : specification.limits
    var axis = Axis(
      label: escape(specification.label), scale: scale,
      limits: limits.map { specification.drawn($0[0])...specification.drawn($0[1]) })
    axis.floor = PossibleRange.floor(of: series).map { specification.drawn($0) }
    return axis
  }

  /// A line where a run ends or at a value.
  private func marker(
    _ mark: PanelSpecification.MarkSpecification, along axis: PanelSpecification.AxisSpecification
  ) -> Marker? {
    (mark.at ?? mark.endOf.flatMap { runEnds[$0] }.map(Double.init)).map {
      Marker(.vertical, at: axis.drawn($0), label: escape(mark.label))
    }
  }

  /// Chapters hold plain text; the chart reads markup.
  private func escape(_ text: String) -> String { PangoMarkup.escape(text) }
}
