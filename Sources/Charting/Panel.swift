/// One pair of axes with what they show.
public struct Panel: Hashable, Sendable {
  /// Pango markup above the axes.
  public var title: String?
  public var xAxis: Axis
  public var yAxis: Axis
  /// A second vertical axis, for the series on the right side.
  public var rightAxis: Axis?
  /// The numbers that the colours of heat maps and of dots with a tone stand for, shown by a bar at the right; instead of a
  /// right axis.
  public var colorAxis: Axis?
  public var series: [Series]
  public var markers: [Marker]
  /// Pango markup in small type within the axes, in the corner with the least data.
  public var note: String?
  /// Pango markup in the middle of a panel that has nothing to show.
  public var emptyNote = "no data"
  /// Texts at places of the data.
  public var labels: [PanelLabel]
  /// Draws the data alone, as a schematic: no frame, grid, ticks, numbers or axis labels.
  public var isBare: Bool

  public init(
    title: String? = nil, xAxis: Axis, yAxis: Axis, rightAxis: Axis? = nil, colorAxis: Axis? = nil,
    series: [Series], markers: [Marker] = [], note: String? = nil, labels: [PanelLabel] = [],
    isBare: Bool = false
  ) {
    self.title = title
    self.xAxis = xAxis
    self.yAxis = yAxis
    self.rightAxis = rightAxis
    self.colorAxis = colorAxis
    self.series = series
    self.markers = markers
    self.note = note
    self.labels = labels
    self.isBare = isBare
  }
}
