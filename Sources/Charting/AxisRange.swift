import Glibc

/// The part of an axis that is shown, and the way from values to places along it.
struct AxisRange: Hashable, Sendable {
  enum Spacing: Hashable, Sendable { case linear, logarithmic }

  /// Values beyond this are treated as not finite, so that no difference overflows.
  static let largest = 1e300
  /// Least width of a range in parts of its larger end: closer values are one value with rounding noise.
  static let leastRelativeWidth = 1e-7

  let lower: Double
  let upper: Double
  let spacing: Spacing

  /// The share of the axis, 0 at its beginning, at which `value` lies; `nil` when it has no place.
  func position(of value: Double) -> Double? {
    guard Self.isUsable(value, spacing) else { return nil }
    switch spacing {
    case .linear: return (value - lower) / (upper - lower)
    case .logarithmic: return (log10(value) - log10(lower)) / (log10(upper) - log10(lower))
    }
  }

  /// How long it is: a difference, or a number of decades.
  var length: Double {
    spacing == .linear ? upper - lower : log10(upper) - log10(lower)
  }

  static func isUsable(_ value: Double, _ spacing: Spacing) -> Bool {
    abs(value) <= largest && (spacing == .linear || value >= 1e-300)
  }

  /// The range of an axis whose data span from the least to the greatest of `values`.
  ///
  /// - Parameters:
  ///   - padding: room beyond the data on each side, in parts of their span.
  ///   - isAnchoredAtZero: whether values rise from zero, as bars do.
  ///   - isOfDots: whether dots show them, which need room around them at zero too.
  init(for axis: Axis, values: [Double], padding: Double, isAnchoredAtZero: Bool, isOfDots: Bool = false) {
    if case .categories(let names) = axis.scale {
      self.init(lower: -0.5, upper: Double(names.count) - 0.5, spacing: .linear)
      return
    }
    let spacing: Spacing = axis.scale == .logarithmic ? .logarithmic : .linear
    let usable = (values + axis.including).filter { Self.isUsable($0, spacing) }
    let automatic =
      spacing == .linear
      ? Self.linear(
        usable, padding: padding, isAnchoredAtZero: isAnchoredAtZero, floor: axis.floor, isOfDots: isOfDots)
      : Self.logarithmic(usable, padding: padding)
    var lower = axis.lower ?? automatic.low
    var upper = axis.upper ?? automatic.high
    // One fixed end beyond all data: the other steps aside.
    if lower >= upper {
      let width = spacing == .linear ? max(abs(lower), abs(upper), 1e-3) : 0
      if axis.upper == nil {
        upper = spacing == .linear ? lower + width : lower * 10
      } else {
        lower = spacing == .linear ? upper - width : upper / 10
      }
    }
    self.init(lower: lower, upper: upper, spacing: spacing)
  }

  init(lower: Double, upper: Double, spacing: Spacing) {
    self.lower = lower
    self.upper = upper
    self.spacing = spacing
  }

  /// How far data may stay above the axis' floor, in parts of where they end, for the axis to begin there.
  private static let nearFloor = 0.5

  private static func linear(
    _ values: [Double], padding: Double, isAnchoredAtZero: Bool, floor: Double?, isOfDots: Bool
  ) -> Interval {
    let anchored = isAnchoredAtZero ? values + [0] : values
    guard let least = anchored.min(), let greatest = anchored.max() else { return Interval(0, 1) }
    let size = max(abs(least), abs(greatest))
    // Nothing but zeros must not hide in the axis.
    guard size > 1e-290 else { return Interval(isAnchoredAtZero ? 0 : -padding, 1) }
    var (low, high) = (least, greatest)
    if greatest - least <= size * leastRelativeWidth {
      low -= size * 0.1
      high += size * 0.1
    } else {
      low -= (greatest - least) * padding
      high += (greatest - least) * padding
    }
    guard !isOfDots else { return Interval(low, high) }
    // Padding must not suggest negative losses or fractions; bars stand on the axis.
    if least >= 0 { low = max(low, 0) }
    if greatest <= 0 { high = min(high, 0) }
    if let floor, least >= floor {
      low = least - floor <= Self.nearFloor * (greatest - floor) ? floor : max(low, floor)
    }
    return Interval(low, high)
  }

  private static func logarithmic(_ values: [Double], padding: Double) -> Interval {
    guard let least = values.min(), let greatest = values.max() else { return Interval(0.1, 10) }
    let (low, high) = (log10(least), log10(greatest))
    let room = high - low < leastRelativeWidth ? 0.5 : (high - low) * padding
    return Interval(pow(10, max(low - room, -300)), pow(10, min(high + room, 300)))
  }
}
