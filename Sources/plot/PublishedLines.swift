import Charting
import Figures

/// The paper's curves in a panel: thin and pale, beneath ours, out of the legend. Bars have them as marks instead.
struct PublishedLines {
  /// Those that are drawn.
  let series: [Series]
  /// How many there are, drawn or not.
  let count: Int

  /// How much longer than for ours alone an axis may become: ours keep two fifths of it.
  private static let greatestGrowth = 2.5

  /// - Parameters:
  ///   - range: the part of x that is drawn. Nil for all of it, and then in whatever range of y.
  ///   - ours: the panel with our curves.
  init(
    _ published: [PublishedCurve], of curves: [FigureData.Curve], in panel: PanelSpecification,
    within range: ClosedRange<Double>?, beside ours: Panel
  ) {
    let pairs = curves.filter { $0.series.style.bars != true }.compactMap { curve in
      published.first { $0.name == curve.name }.map { (curve.series, $0) }
    }
    count = pairs.count
    let lines = pairs.compactMap { series, theirs -> Series? in
      let points = range.map { theirs.points(in: $0) } ?? theirs.points
      guard !points.isEmpty else { return nil }
      let y = panel.axis(of: series)
      var style = Style(series.style)
      style.shade = .light
      return Series(
        label: nil, style: style,
        kind: .line(points: points.map { Point(panel.x.drawn($0.x), y.drawn($0.y)) }, band: nil),
        side: series.onRight == true ? .right : .left, weight: .thin)
    }
    series = range == nil ? lines : ours.fitting(lines, growingTo: Self.greatestGrowth)
  }
}
