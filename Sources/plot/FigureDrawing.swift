import Charting
import Console
import Foundation
import Manuscript

/// An artifact's panels as a chart.
struct FigureDrawing {
  private let drawing: DrawingSpecification
  private let data: FigureData
  private let record: FigureRecord

  init(_ drawing: DrawingSpecification, data: FigureData, record: FigureRecord) {
    self.drawing = drawing
    self.data = data
    self.record = record
  }

  /// Writes `path`.pdf, .svg and .png.
  ///
  /// - Throws: `FigureError`.
  func write(to path: String) throws {
    let figure = Figure(
      panels: try drawing.panels.map(panel), columns: drawing.columns, footer: footer,
      cornerNote: drawing.profile == .paper || record.dataSets.isEmpty
        ? nil : "\(drawing.profile.rawValue) profile",
      axisLabelling: drawing.panels.count > drawing.columns ? .outerPanels : .everyPanel,
      panelAspect: drawing.aspect ?? (drawing.columns < 3 ? 0.6 : 0.9),
      metadata: Metadata(
        title: "\(drawing.artifact): \(drawing.title)", subject: footer,
        keywords: ["arXiv:2510.00304", drawing.artifact]))
    try figure.write(to: path, formats: [.pdf, .svg, .png])
  }

  /// Profile, data and seeds: what a reader must know before comparing the figure with the paper's.
  private var footer: String {
    let sets = record.dataSets.map { set in
      // The synthetic set's title says that it is one.
      escape(set.synthetic ? set.title : "\(set.title) (real images)")
    }
    guard !drawing.seeds.isEmpty else {
      return "\(drawing.artifact) · computed without training: the same in every profile"
    }
    let count = drawing.seeds.count
    let seeds =
      count == 1
      ? "seed \(drawing.seeds[0])"
      : "\(count) seeds (\(drawing.seeds[0])–\(drawing.seeds[count - 1])), "
        + "bands: 95 % confidence of the mean"
    return "\(drawing.artifact) · \(drawing.profile.rawValue) profile · "
      + "\(sets.joined(separator: ", ")) · \(seeds)"
  }

  private func panel(_ specification: PanelSpecification) throws -> Panel {
    Panel(
      title: escape(specification.title), xAxis: axis(specification.x), yAxis: axis(specification.y),
      rightAxis: specification.right.map(axis),
      series: data.curves.filter { $0.panel == specification.id }.map(series),
      markers: (specification.marks ?? []).compactMap(marker),
      labels: (specification.labels ?? []).map { PanelLabel(escape($0.text), x: $0.x, y: $0.y) },
      isBare: specification.bare ?? false)
  }

  private func axis(_ specification: PanelSpecification.AxisSpecification) -> Axis {
    Axis(
      label: escape(specification.label),
      scale: specification.scale == "logarithmic" ? .logarithmic : .linear,
      limits: specification.limits.map { $0[0]...$0[1] })
  }

  private func series(_ curve: FigureData.Curve) -> Series {
    let style = curve.series.style
    let dash: Style.Dash =
      switch style.line {
      case "dashed": .dashed
      case "dotted": .dotted
      case "dashdotted": .dashDotted
      default: .solid
      }
    let look = Style(color: style.color, dash: dash, shade: style.pale == true ? .light : .full)
    let side: Series.Side = curve.series.onRight == true ? .right : .left
    if style.dots == true {
      return Series(
        label: escape(curve.series.label), style: look,
        kind: .scatter(curve.points.map { Series.Dot($0.x, $0.y, size: drawing.columns > 3 ? 0 : 0.08) }),
        side: side, dotRadius: style.radius)
    }
    let hasBand = curve.points.contains { $0.count > 1 }
    return Series(
      label: escape(curve.series.label), style: look,
      kind: .line(
        points: curve.points.map { Point($0.x, $0.y) },
        band: hasBand ? curve.points.map { Interval($0.low, $0.high) } : nil),
      side: side, weight: style.thin == true ? .thin : .normal)
  }

  /// A line where a run ends.
  private func marker(_ mark: PanelSpecification.MarkSpecification) -> Marker? {
    record.runEnds[mark.endOf].map {
      Marker(.vertical, at: Double($0), label: escape(mark.label))
    }
  }

  /// Chapters hold plain text; the chart reads Pango markup.
  private func escape(_ text: String) -> String {
    text.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
  }
}
