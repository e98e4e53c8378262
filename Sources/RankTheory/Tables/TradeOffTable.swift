import Activations
import Glibc

/// eˣ and ln x by the C library, under names that say so.
func exponential(_ x: Double) -> Double { exp(x) }
func logarithm(_ x: Double) -> Double { log(x) }

extension TheoryTable {
  /// Curve `NAME`: for every scale and bias of the grid, P(frozen) (x) against δ (y). And, over the activations'
  /// places in the list, `frozen-at-half` and `frozen-at-nine-tenths`: the least P(frozen) among modulations
  /// with δ of at least 0.5 and 0.9, for those activations that reach it.
  static func addTradeOff(
    of activation: ScalarActivation, at index: Int, _ specification: TheorySpecification,
    to rows: inout CurveRows
  ) throws {
    guard let scales = specification.scales, let biases = specification.biases else { return }
    let count = specification.pointCount
    let shares = (0..<count).map { Double($0) / Double(count - 1) }
    let points = try ModulationPoint.grid(
      activation, scales: shares.map { scales[0] * exponential($0 * logarithm(scales[1] / scales[0])) },
      biases: shares.map { biases[0] + $0 * (biases[1] - biases[0]) })
    var least: [Double: Double] = [:]
    for point in points {
      guard let strength = point.decorrelationStrength else { continue }
      rows.add(activation.name, point.frozenProbability, strength)
      for level in [0.5, 0.9] where strength >= level {
        least[level] = min(least[level] ?? 1, point.frozenProbability)
      }
    }
    if let frozen = least[0.5] { rows.add("frozen-at-half", Double(index), frozen) }
    if let frozen = least[0.9] { rows.add("frozen-at-nine-tenths", Double(index), frozen) }
  }
}
