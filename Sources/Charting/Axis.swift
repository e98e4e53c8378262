/// One axis of a panel: what it shows, how values become positions, and from where to where it runs.
public struct Axis: Hashable, Sendable {
  /// How values become positions.
  public enum Scale: Hashable, Sendable {
    case linear
    /// Base-ten logarithm; values that are not positive are not drawn.
    case logarithmic
    /// Named places at 0, 1, 2…: the groups of a bar chart.
    case categories([String])
  }

  /// Pango markup (`R²`, `x<sub>1</sub>`, `<i>λ</i>`); empty for none.
  public var label: String
  public var scale: Scale
  /// Where the axis begins, in data units; `nil` to follow the data.
  public var lower: Double?
  /// Where the axis ends, in data units; `nil` to follow the data.
  public var upper: Double?
  /// Values that automatic limits take in although no datum lies there, such as 0 for bars.
  public var including: [Double]
  /// The value below which there can be none, where there is one: automatic limits do not go beyond it, and begin there if
  /// data come near.
  public var floor: Double?
  /// Written behind the label in parentheses.
  public var unit: String?

  public init(
    label: String, scale: Scale = .linear, limits: ClosedRange<Double>? = nil, including: [Double] = [],
    unit: String? = nil
  ) {
    self.init(
      label: label, scale: scale, lower: limits?.lowerBound, upper: limits?.upperBound, including: including,
      unit: unit)
  }

  /// An axis of which one end may be fixed while the other follows the data.
  public init(
    label: String, scale: Scale = .linear, lower: Double?, upper: Double?, including: [Double] = [],
    unit: String? = nil
  ) {
    self.label = label
    self.scale = scale
    self.lower = lower
    self.upper = upper
    self.including = including
    self.unit = unit
  }

  /// The label with its unit, as markup.
  var caption: String {
    guard let unit, !unit.isEmpty else { return label }
    return label.isEmpty ? unit : "\(label) (\(unit))"
  }

  var isCategorical: Bool {
    if case .categories = scale { return true }
    return false
  }
}
