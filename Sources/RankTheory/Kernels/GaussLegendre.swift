import Glibc

/// The Gauss–Legendre rule of 16 nodes, and integration over panels that are halved until it is accurate.
enum GaussLegendre {
  static let count = 16

  /// Nodes in (−1, 1) and their weights, by Newton's method from Tricomi's asymptotic nodes.
  static let rule: (nodes: [Double], weights: [Double]) = {
    var nodes: [Double] = []
    var weights: [Double] = []
    for index in 0..<count {
      var x = -cos(.pi * (Double(index) + 0.75) / (Double(count) + 0.5))
      var slope = 0.0
      // Newton's method doubles its digits: from three good ones, four steps give sixteen.
      for _ in 0..<6 {
        var previous = 0.0
        var current = 1.0
        for k in 0..<count {
          let next = (Double(2 * k + 1) * x * current - Double(k) * previous) / Double(k + 1)
          previous = current
          current = next
        }
        slope = Double(count) * (x * current - previous) / (x * x - 1)
        x -= current / slope
      }
      nodes.append(x)
      weights.append(2 / ((1 - x) * (1 + x) * slope * slope))
    }
    return (nodes, weights)
  }()

  /// ∫ f over one panel.
  @inline(__always)
  static func integral(
    from low: Double, to high: Double, of function: (Double) -> SIMD4<Double>
  ) -> SIMD4<Double> {
    let middle = 0.5 * (low + high)
    let half = 0.5 * (high - low)
    let (nodes, weights) = rule
    var sum = SIMD4<Double>()
    for index in 0..<count { sum += weights[index] * function(middle + half * nodes[index]) }
    return half * sum
  }

  /// The panels between `edges` (ascending), halved until the integral of every component over a panel agrees
  /// with that over its halves to `tolerance`, and the integral over all of their halves.
  ///
  /// A panel is not halved more than `depth` times: beyond that its share is below any precision.
  static func resolve(
    edges: [Double], tolerance: SIMD4<Double>, depth: Int = 40, of function: (Double) -> SIMD4<Double>
  ) -> (panels: [Double], integral: SIMD4<Double>) {
    guard var last = edges.first else { return ([], SIMD4()) }
    var panels = [last]
    var total = SIMD4<Double>()
    for edge in edges.dropFirst() where edge > last {
      var open = [(low: last, high: edge, whole: integral(from: last, to: edge, of: function), depth: 0)]
      while let panel = open.popLast() {
        let middle = 0.5 * (panel.low + panel.high)
        let left = integral(from: panel.low, to: middle, of: function)
        let right = integral(from: middle, to: panel.high, of: function)
        let sum = left + right
        let error = sum - panel.whole
        // Written so that a NaN counts as resolved: it is reported by whoever uses the integral.
        let isRough = any((error .> tolerance) .| (error .< -tolerance))
        if isRough, panel.depth < depth {
          open.append((middle, panel.high, right, panel.depth + 1))
          open.append((panel.low, middle, left, panel.depth + 1))
        } else {
          total += sum
          panels.append(panel.high)
        }
      }
      last = edge
    }
    return (panels, total)
  }
}
