/// Leaves out points that no print resolves.
enum LineSimplifier {
  /// Width of a bin in points: a 300th of an inch.
  static let bin = 0.24

  /// Keeps the first, lowest, highest and last point of every bin of x, which leaves a drawn line as it is
  /// (Jugel et al., "M4: a visualization-oriented time series data aggregation", 2014). A line that turns back in
  /// x is kept whole.
  static func simplify(_ points: [Point]) -> [Point] {
    guard points.count > 8, zip(points, points.dropFirst()).allSatisfy({ $0.x <= $1.x }) else {
      return points
    }
    var result: [Point] = []
    var start = 0
    while start < points.count {
      let place = (points[start].x / bin).rounded(.down)
      var end = start + 1
      while end < points.count, (points[end].x / bin).rounded(.down) == place { end += 1 }
      if end - start <= 4 {
        result += points[start..<end]
      } else {
        let low = points[start..<end].indices.min { points[$0].y < points[$1].y } ?? start
        let high = points[start..<end].indices.max { points[$0].y < points[$1].y } ?? start
        result += Set([start, low, high, end - 1]).sorted().map { points[$0] }
      }
      start = end
    }
    return result
  }
}
