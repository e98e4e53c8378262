/// A place: in data units within a series, in points (1/72 inch, y downwards) within a scene.
public struct Point: Hashable, Sendable {
  public var x: Double
  public var y: Double

  public init(_ x: Double, _ y: Double) {
    self.x = x
    self.y = y
  }
}

/// The spread around a value, in data units: standard deviation, minimum to maximum, a confidence interval.
public struct Interval: Hashable, Sendable {
  public var low: Double
  public var high: Double

  /// The order of the two ends does not matter; an end that is not finite is not drawn.
  public init(_ low: Double, _ high: Double) {
    self.low = low
    self.high = high
  }
}

/// An upright rectangle in points, y downwards.
public struct Box: Hashable, Sendable {
  public var x: Double
  public var y: Double
  public var width: Double
  public var height: Double

  public init(x: Double, y: Double, width: Double, height: Double) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  public var right: Double { x + width }
  public var bottom: Double { y + height }
  var center: Point { Point(x + width / 2, y + height / 2) }

  /// Whether the two share more than an edge.
  public func intersects(_ other: Box) -> Bool {
    x < other.right && other.x < right && y < other.bottom && other.y < bottom
  }

  /// Whether `other` lies inside, give or take `tolerance` points.
  public func contains(_ other: Box, tolerance: Double = 0) -> Bool {
    other.x >= x - tolerance && other.y >= y - tolerance
      && other.right <= right + tolerance && other.bottom <= bottom + tolerance
  }

  /// The box grown by `amount` points on every side.
  func grown(by amount: Double) -> Box {
    Box(x: x - amount, y: y - amount, width: width + 2 * amount, height: height + 2 * amount)
  }
}
