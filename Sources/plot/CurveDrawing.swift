import Charting
import Figures

/// A curve of the figure's data as a series of its panel.
struct CurveDrawing {
  let curve: FigureData.Curve
  let panel: PanelSpecification
  /// The paper's, for its marks across bars.
  let published: PublishedCurve?
  /// The area of dots that stand for nothing else, in shares of the largest.
  let dotSize: Double

  private var style: SeriesSpecification.StyleSpecification { curve.series.style }
  private var isOnRight: Bool { curve.series.onRight == true }
  private var y: PanelSpecification.AxisSpecification { panel.axis(of: curve.series) }
  private var points: [Point] { curve.points.map { Point(panel.x.drawn($0.x), y.drawn($0.y)) } }
  private var intervals: [Interval] {
    let range = PossibleRange.of(curve.series)
    return curve.points.map { point in
      let interval = point.interval(within: range)
      return Interval(y.drawn(interval.low), y.drawn(interval.high))
    }
  }

  var series: Series {
    Series(
      label: PangoMarkup.escape(curve.series.label), style: look, kind: kind,
      side: isOnRight ? .right : .left, weight: style.thin == true || curve.isSparse ? .thin : .normal,
      dotRadius: style.radius)
  }

  /// Single points have symbols, which differ where lines would.
  private var look: Style {
    var look = Style(style)
    if curve.isSparse { look.symbol = Style.Symbol(look.dash) }
    return look
  }

  private var kind: Series.Kind {
    if style.map == true {
      return .heatMap(
        HeatMap(zip(points, curve.points).map { HeatMap.Cell($0.x, $0.y, value: tone($1) ?? .nan) }))
    }
    if style.dots == true { return .scatter(dots) }
    if style.bars == true { return .bars(bars) }
    if curve.isSparse { return .errorBars(points: points, intervals: intervals) }
    return switch curve.spread {
    case .errorBars: .errorBars(points: points, intervals: intervals)
    case .band: .line(points: points, band: intervals)
    case nil: .line(points: points, band: nil)
    }
  }

  private func tone(_ point: FigureData.Point) -> Double? {
    // The logarithm of a field that is zero is no number.
    guard let color = panel.color, let tone = point.tone, tone.isFinite else { return nil }
    return color.drawn(tone)
  }

  private var dots: [Series.Dot] {
    zip(points, curve.points).map { point, datum in
      guard let task = datum.task else {
        return Series.Dot(point.x, point.y, size: dotSize, tone: tone(datum))
      }
      return Series.Dot(point.x, point.y, size: task.size ?? 0.3, depth: task.progress)
    }
  }

  private var bars: [Series.Bar] {
    zip(points, zip(curve.points, intervals)).compactMap { point, spread in
      // On a categorical axis x counts the places; a gap has none.
      guard let group = Int(exactly: point.x.rounded(.towardZero)) else { return nil }
      return Series.Bar(
        group: group, value: point.y, error: spread.0.count > 1 ? spread.1 : nil,
        mark: published?.value(at: point.x).map { y.drawn($0) })
    }
  }
}

extension PanelSpecification {
  /// The vertical axis that a series belongs to.
  func axis(of series: SeriesSpecification) -> AxisSpecification {
    series.onRight == true ? right ?? y : y
  }
}

extension Style {
  init(_ style: SeriesSpecification.StyleSpecification) {
    let dash: Dash =
      switch style.line {
      case "dashed": .dashed
      case "dotted": .dotted
      case "dashdotted": .dashDotted
      default: .solid
      }
    self.init(color: style.color, dash: dash, shade: style.pale == true ? .light : .full)
  }
}

extension Style.Symbol {
  init(_ dash: Style.Dash) {
    self =
      switch dash {
      case .dashed: .square
      case .dotted: .triangle
      case .dashDotted: .diamond
      default: .circle
      }
  }
}
