/// Where the legend that all panels share goes.
public enum LegendPlacement: Hashable, Sendable {
  /// Below all panels; below each row of them if otherwise two entries of one look would mean different things.
  case below
  case above
  /// Within the panel and corner that leave it most room; below when it would cover data everywhere.
  case inside
  case none
}

/// Which panels of a grid carry axis labels.
public enum AxisLabelling: Hashable, Sendable {
  case everyPanel
  /// An x label and its numbers are left out above a panel with the same x axis, a y label right of a panel with
  /// the same y label.
  case outerPanels
}

/// What a document says of itself, outside the picture.
public struct Metadata: Hashable, Sendable {
  public var title: String?
  public var author: String?
  public var subject: String?
  public var keywords: [String]

  public init(title: String? = nil, author: String? = nil, subject: String? = nil, keywords: [String] = []) {
    self.title = title
    self.author = author
    self.subject = subject
    self.keywords = keywords
  }
}

/// A figure: the one description from which its PDF, SVG and PNG are drawn.
public struct Figure: Hashable, Sendable {
  public enum Format: String, Hashable, Sendable, CaseIterable { case pdf, svg, png }

  /// Pango markup above everything.
  public var title: String?
  /// In inches; the height follows.
  public var width: Double
  /// In reading order.
  public var panels: [Panel]
  /// Panels in a row.
  public var columns: Int
  /// Pango markup in small type at the foot, wrapped: profile, data set, seeds.
  public var footer: String?
  /// Pango markup in small type in the top right corner: "quick profile".
  public var cornerNote: String?
  public var legend: LegendPlacement
  public var axisLabelling: AxisLabelling
  /// Height of the axes over their width.
  public var panelAspect: Double
  public var metadata: Metadata
  public var theme: Theme

  public init(
    title: String? = nil, width: Double = 5.5, panels: [Panel], columns: Int, footer: String? = nil,
    cornerNote: String? = nil, legend: LegendPlacement = .below, axisLabelling: AxisLabelling = .everyPanel,
    panelAspect: Double = 0.9, metadata: Metadata = Metadata(), theme: Theme = .publication
  ) {
    self.title = title
    self.width = width
    self.panels = panels
    self.columns = columns
    self.footer = footer
    self.cornerNote = cornerNote
    self.legend = legend
    self.axisLabelling = axisLabelling
    self.panelAspect = panelAspect
    self.metadata = metadata
    self.theme = theme
  }
}
