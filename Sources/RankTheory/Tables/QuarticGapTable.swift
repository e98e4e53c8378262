import Activations

extension TheoryTable {
  /// Curves `NAME` (the gap) and `NAME-bound` over ρ; and, over the activations' places in the list,
  /// `margin` (the least gap − bound), `interior-margin` (the same for 0.05 ≤ |ρ| ≤ 0.95, of activations that are
  /// neither linear nor without any linear part), `strength` (δ), `linear-gap` (the largest |gap| of linear ones) and
  /// `square-margin` (the largest |gap − bound| of those without a linear part).
  static func addQuarticGap(
    of activation: ScalarActivation, at index: Int, _ specification: TheorySpecification,
    to rows: inout CurveRows
  ) throws {
    let standardized = try StandardizedActivation(activation)
    let kernel = CorrelationKernel(standardized)
    let strength = standardized.decorrelationStrength
    let curve = QuarticGap.curve(
      decorrelationStrength: strength, on: QuarticGap.grid(count: specification.pointCount)
    ) { kernel.closedForm(at: $0) ?? kernel.quadrature(at: $0) }
    var margin = Double.infinity
    var interior = Double.infinity
    var farthest = 0.0
    for point in curve {
      rows.add(activation.name, point.correlation, point.gap)
      rows.add(activation.name + "-bound", point.correlation, point.bound)
      margin = min(margin, point.gap - point.bound)
      farthest = max(farthest, abs(point.gap - point.bound))
      if (0.05...0.95).contains(abs(point.correlation)) {
        interior = min(interior, point.gap - point.bound)
      }
    }
    rows.add("margin", Double(index), margin)
    rows.add("strength", Double(index), strength)
    if strength < 1e-9 {
      rows.add("linear-gap", Double(index), curve.map { abs($0.gap) }.max() ?? 0)
    } else if strength > 1 - 1e-9 {
      rows.add("square-margin", Double(index), farthest)
    } else {
      rows.add("interior-margin", Double(index), interior)
    }
  }
}
