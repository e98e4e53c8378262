/// A reference line across a panel: the moment of cloning, a bound from theory.
public struct Marker: Hashable, Sendable {
  public enum Orientation: Hashable, Sendable {
    /// Across at a value of the left axis.
    case horizontal
    /// Upright at a value of the x axis.
    case vertical
  }

  public var orientation: Orientation
  /// In data units of the axis that the line crosses; automatic limits take it in.
  public var value: Double
  /// Pango markup, written beside the line where it is free of data.
  public var label: String?
  public var dash: Style.Dash

  public init(_ orientation: Orientation, at value: Double, label: String? = nil, dash: Style.Dash = .dashed)
  {
    self.orientation = orientation
    self.value = value
    self.label = label
    self.dash = dash
  }
}
