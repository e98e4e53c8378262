/// Values between the points of a curve.
public enum Interpolation {
  /// The value at x, on a straight line between the points beside it; nil outside, and where points are not in the order
  /// of x.
  public static func value(at place: Double, on points: [(x: Double, y: Double)]) -> Double? {
    guard let next = points.firstIndex(where: { $0.x >= place }) else { return nil }
    guard points[next].x > place else { return points[next].y }
    guard next > 0, points[next - 1].x < place else { return nil }
    let (left, right) = (points[next - 1], points[next])
    return left.y + (place - left.x) / (right.x - left.x) * (right.y - left.y)
  }
}
