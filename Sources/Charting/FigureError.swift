/// Why a figure could not be drawn or written. Panels are counted from 1.
public enum FigureError: Error, Hashable, CustomStringConvertible {
  case noPanels
  case invalidSize(field: String, value: Double)
  case invalidColumns(Int)
  case invalidLimits(panel: Int, axis: String, lower: Double?, upper: Double?, reason: String)
  case invalidMarkup(text: String, reason: String)
  case countMismatch(panel: Int, series: Int, points: Int, intervals: Int)
  case missingRightAxis(panel: Int, series: Int)
  case missingColorAxis(panel: Int, series: Int)
  case twoRightAxes(panel: Int)
  case invalidGroup(panel: Int, series: Int, group: Int, categories: Int)
  case emptyCategories(panel: Int)
  /// A failure within Cairo, in its own words.
  case drawing(reason: String)
  /// A failure of the file system, in its own words.
  case unwritable(path: String, reason: String)

  public var description: String {
    switch self {
    case .noPanels: "a figure without panels: give it at least one"
    case .invalidSize(let field, let value):
      "figure \(field) is \(value): give a finite value above zero that leaves room for the axes"
    case .invalidColumns(let columns): "a figure with \(columns) columns: give at least one"
    case .invalidLimits(let panel, let axis, let lower, let upper, let reason):
      "panel \(panel), \(axis) axis: limits \(Self.name(lower)) to \(Self.name(upper)) \(reason)"
    case .invalidMarkup(let text, let reason):
      "text “\(text)” is not Pango markup (\(reason)): write & as &amp; and < as &lt;"
    case .countMismatch(let panel, let series, let points, let intervals):
      "panel \(panel), series \(series): \(points) points with \(intervals) intervals; give one for each"
    case .missingRightAxis(let panel, let series):
      "panel \(panel), series \(series) is on the right side: give the panel a right axis"
    case .missingColorAxis(let panel, let series):
      "panel \(panel), series \(series) has colours for numbers: give the panel an axis of colours"
    case .twoRightAxes(let panel):
      "panel \(panel) has a right axis and one of colours: there is room for one of them"
    case .invalidGroup(let panel, let series, let group, let categories):
      "panel \(panel), series \(series): bar in group \(group), but the x axis has \(categories) categories"
    case .emptyCategories(let panel):
      "panel \(panel), x axis: no categories; bars need a categorical x axis with at least one"
    case .drawing(let reason): "drawing failed: \(reason)"
    case .unwritable(let path, let reason): "cannot write \(path): \(reason)"
    }
  }

  private static func name(_ limit: Double?) -> String {
    limit.map { "\($0)" } ?? "automatic"
  }
}
