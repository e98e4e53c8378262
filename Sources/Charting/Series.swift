/// One thing that a panel shows: a curve with its spread, a cloud of points, the bars of one method.
public struct Series: Hashable, Sendable {
  /// The axis that the values belong to.
  public enum Side: Hashable, Sendable { case left, right }

  public enum Weight: Hashable, Sendable { case normal, thin }

  /// A point of a scatter plot.
  public struct Dot: Hashable, Sendable {
    public var x: Double
    public var y: Double
    /// Area between the smallest dot (0) and the largest (1).
    public var size: Double
    /// Depth of colour from pale (0) to full (1).
    public var depth: Double
    /// A number on the panel's axis of colours, which then gives the dot its colour instead of the series' style.
    public var tone: Double?

    public init(_ x: Double, _ y: Double, size: Double = 0.3, depth: Double = 1, tone: Double? = nil) {
      self.x = x
      self.y = y
      self.size = size
      self.depth = depth
      self.tone = tone
    }
  }

  /// A bar in one of the places of a categorical axis.
  public struct Bar: Hashable, Sendable {
    /// Index of the category, from 0.
    public var group: Int
    public var value: Double
    /// Drawn as an error bar.
    public var error: Interval?
    /// A value to compare with, drawn as a dark stroke across the bar's place.
    public var mark: Double?

    public init(group: Int, value: Double, error: Interval? = nil, mark: Double? = nil) {
      self.group = group
      self.value = value
      self.error = error
      self.mark = mark
    }
  }

  /// What is drawn. A point with a coordinate that is not finite breaks a line and is left out elsewhere.
  public enum Kind: Hashable, Sendable {
    /// Points joined in their order; `band`, one interval a point, is shaded.
    case line(points: [Point], band: [Interval]? = nil)
    /// Like `line`, but each value holds until the next point.
    case step(points: [Point], band: [Interval]? = nil)
    case scatter([Dot])
    /// Bars stand side by side with those of the panel's other bar series.
    case bars([Bar])
    /// Cells in the colours of the panel's axis of colours.
    case heatMap(HeatMap)
    /// Points joined by a line, with one interval a point drawn as an error bar.
    case errorBars(points: [Point], intervals: [Interval])
  }

  /// Pango markup for the legend; `nil` keeps the series out of it.
  public var label: String?
  public var style: Style
  public var kind: Kind
  public var side: Side
  public var weight: Weight
  /// The radius of all dots in points, whatever their sizes: for nodes and ends rather than data.
  public var dotRadius: Double?

  public init(
    label: String?, style: Style, kind: Kind, side: Side = .left, weight: Weight = .normal,
    dotRadius: Double? = nil
  ) {
    self.label = label
    self.style = style
    self.kind = kind
    self.side = side
    self.weight = weight
    self.dotRadius = dotRadius
  }
}
