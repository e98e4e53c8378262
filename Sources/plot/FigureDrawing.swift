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
  /// How much of the paper's curves is drawn.
  private let extent: Extent

  enum Extent {
    /// As far as ours go, and where they are of one scale with ours.
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

  /// Whether a second picture has more of the paper's curves to show: they go on where ours end, or lie where ours are not.
  var leavesOut: Bool {
    shownPanels.contains { published(in: $0).series.count < published(in: $0).count }
      || drawing.published.contains { curve in
        guard let end = curve.x.last, let ours = data.range(ofPanel: curve.panel)?.upperBound else {
          return false
        }
        return end > 1.05 * ours
      }
  }

  /// A kept figure may lack a panel that the chapter has had since.
  private var shownPanels: [PanelSpecification] {
    drawing.panels.filter { panel in data.curves.contains { $0.panel == panel.id } }
  }

  /// Writes `path`.pdf, .svg and .png.
  ///
  /// - Throws: `FigureError`.
  func write(to path: String) throws {
    let specifications = shownPanels
    let published = specifications.map(published(in:))
    let notes = FigureNotes(
      drawing, data: data,
      lines: FigureNotes.PublishedLines(
        shown: published.map(\.series.count).reduce(0, +), count: published.map(\.count).reduce(0, +)))
    let panels = zip(specifications, published).map { specification, lines in
      var panel = panel(specification)
      panel.series = lines.series + panel.series
      return panel
    }
    let figure = Figure(
      panels: panels, columns: drawing.columns, footer: escape(notes.footer),
      cornerNote: notes.corner,
      axisLabelling: panels.count > drawing.columns ? .outerPanels : .everyPanel,
      panelAspect: drawing.aspect ?? (drawing.columns < 3 ? 0.6 : 0.9),
      metadata: Metadata(
        title: "\(drawing.artifact): \(drawing.title)", subject: notes.footer,
        keywords: [drawing.paper, drawing.artifact].compactMap(\.self)))
    try figure.write(to: path, formats: [.pdf, .svg, .png])
  }

  private func published(in panel: PanelSpecification) -> PublishedLines {
    PublishedLines(
      drawing.published, of: data.curves.filter { $0.panel == panel.id }, in: panel,
      within: extent == .original ? nil : data.range(ofPanel: panel.id), beside: self.panel(panel))
  }

  /// Our curves.
  private func panel(_ specification: PanelSpecification) -> Panel {
    let curves = data.curves.filter { $0.panel == specification.id }
    let colors = PanelColors(specification, curves: curves)
    let sides = Dictionary(grouping: specification.series) { $0.onRight == true }
    var panel = Panel(
      title: escape(specification.title), xAxis: axis(specification.x, isAlong: true),
      yAxis: axis(specification.y, of: sides[false] ?? []),
      rightAxis: specification.right.map { axis($0, of: sides[true] ?? []) },
      colorAxis: colors.isShown ? specification.color.map { axis($0) } : nil,
      series: colors.curves.map { drawing(of: $0, in: specification).series },
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
