import Activations
import LinearAlgebra

/// P(|φ′_{a,b}(x)| < ε), x ~ N(0, 1), of the modulated activation φ_{a,b}(x) = φ(ax + b): how often a unit
/// hands back (nearly) no gradient (section A.2). All are between 0 and 1.
public enum FrozenProbability {
  /// The threshold of the paper's code.
  public static let defaultThreshold = 1e-4

  /// The exact probability; its error is below 10⁻⁸ (rounding, and |x| > 12, which is left out).
  ///
  /// φ′ is followed over 128 cells, cut at its kinks and its local extrema so that it is monotone in each;
  /// a cell's crossings of ε and of −ε are halved down to the last digit.
  public static func exact(
    _ activation: ScalarActivation, scale: Double = 1, bias: Double = 0, threshold: Double = defaultThreshold
  ) -> Double {
    precondition(threshold > 0, "a positive threshold")
    guard scale != 0 else { return 1 }
    let slope = { (y: Double) in scale * activation.derivative(y) }
    let reach = abs(scale) * GaussianQuadrature.reach
    let window = (bias - reach)...(bias + reach)
    var total = 0.0
    for piece in pieces(of: activation, in: window) {
      for cell in monotoneCells(piece, of: slope) {
        var cuts = [cell.lowerBound, cell.upperBound]
        for level in [-threshold, threshold] {
          if let cut = crossing(of: level, by: slope, in: cell) { cuts.append(cut) }
        }
        cuts.sort()
        for (low, high) in zip(cuts, cuts.dropFirst()) where abs(slope(0.5 * (low + high))) < threshold {
          let ends = [(low - bias) / scale, (high - bias) / scale].sorted()
          total += Normal.probability(from: ends[0], to: ends[1])
        }
      }
    }
    return min(total, 1)
  }

  /// The share of `count` random inputs with |φ′_{a,b}(x)| < ε; its standard error is √(p(1−p) / count).
  /// Precondition: `count >= 1`.
  public static func sampled(
    _ activation: ScalarActivation, scale: Double = 1, bias: Double = 0, threshold: Double = defaultThreshold,
    count: Int, stream: inout RandomStream
  ) -> Double {
    precondition(count >= 1, "an input")
    var inputs = [Double](repeating: 0, count: count)
    inputs.withUnsafeMutableBufferPointer { stream.fillNormal($0) }
    var frozen = 0
    for x in inputs where abs(scale * activation.derivative(scale * x + bias)) < threshold { frozen += 1 }
    return Double(frozen) / Double(count)
  }

  /// The window cut at the kinks and into cells fine enough to see each swing of φ′.
  private static func pieces(
    of activation: ScalarActivation, in window: ClosedRange<Double>
  ) -> [[Double]] {
    var points: [Double] = []
    switch activation.structure {
    case .within(let range):
      let inside = range.clamped(to: window)
      points = (0...128).map {
        inside.lowerBound + (inside.upperBound - inside.lowerBound) * Double($0) / 128
      }
    case .periodic(let period):
      let count = max(128, Int(((window.upperBound - window.lowerBound) / period * 32).rounded(.up)))
      points = (0...count).map {
        window.lowerBound + (window.upperBound - window.lowerBound) * Double($0) / Double(count)
      }
    }
    let ends = [window.lowerBound, window.upperBound]
    let kinks = activation.kinks.filter { window.contains($0) }
    var pieces: [[Double]] = [[]]
    for point in Set(points + ends + kinks).sorted() {
      if kinks.contains(point) {
        // At a kink φ′ is one of its two limits: look beside it.
        pieces[pieces.count - 1].append(point.nextDown)
        pieces.append([point.nextUp])
      } else {
        pieces[pieces.count - 1].append(point)
      }
    }
    return pieces
  }

  /// The cells between the points, cut once more where the function has a local extremum.
  private static func monotoneCells(
    _ points: [Double], of function: (Double) -> Double
  ) -> [ClosedRange<Double>] {
    guard points.count > 1 else { return [] }
    let values = points.map(function)
    var ends = points
    for index in points.indices.dropFirst().dropLast() {
      let before = values[index] - values[index - 1]
      let after = values[index + 1] - values[index]
      // Two points at equal height beside a peak count as well, a plateau does not.
      guard before * after <= 0, before != after else { continue }
      let sign: Double = before > after ? 1 : -1
      ends.append(peak(of: { sign * function($0) }, in: points[index - 1]...points[index + 1]))
    }
    ends.sort()
    return zip(ends, ends.dropFirst()).compactMap { $0 < $1 ? $0...$1 : nil }
  }

  /// The maximum of a function with one peak in the range, by golden section.
  private static func peak(of function: (Double) -> Double, in range: ClosedRange<Double>) -> Double {
    let ratio = 0.618_033_988_749_894_9
    var low = range.lowerBound
    var high = range.upperBound
    for _ in 0..<48 {
      let left = high - ratio * (high - low)
      let right = low + ratio * (high - low)
      if function(left) < function(right) { low = left } else { high = right }
    }
    return 0.5 * (low + high)
  }

  /// Where a monotone function crosses a level between the ends of the range, if it does.
  private static func crossing(
    of level: Double, by function: (Double) -> Double, in range: ClosedRange<Double>
  ) -> Double? {
    var low = range.lowerBound
    var high = range.upperBound
    let startsBelow = function(low) < level
    guard startsBelow != (function(high) < level) else { return nil }
    while true {
      let middle = 0.5 * (low + high)
      guard middle > low, middle < high else { return middle }
      if (function(middle) < level) == startsBelow { low = middle } else { high = middle }
    }
  }
}
