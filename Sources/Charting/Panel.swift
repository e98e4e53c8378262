/// One pair of axes with what they show.
public struct Panel: Hashable, Sendable {
  /// Pango markup above the axes.
  public var title: String?
  public var xAxis: Axis
  public var yAxis: Axis
  /// A second vertical axis, for the series on the right side.
  public var rightAxis: Axis?
  public var series: [Series]
  public var markers: [Marker]
  /// Pango markup in small type within the axes, in the corner with the least data.
  public var note: String?

  public init(
    title: String? = nil, xAxis: Axis, yAxis: Axis, rightAxis: Axis? = nil, series: [Series],
    markers: [Marker] = [], note: String? = nil
  ) {
    self.title = title
    self.xAxis = xAxis
    self.yAxis = yAxis
    self.rightAxis = rightAxis
    self.series = series
    self.markers = markers
    self.note = note
  }
}
