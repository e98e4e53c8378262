import RankTheory

extension TheoryTable {
  /// Curves `NAME-strength` (δ), `NAME-frozen` (P(frozen)) and `NAME-excess` (α) over the modulation's parameter;
  /// `NAME-strength-steps` and `NAME-frozen-steps`, their changes from point to point, tell whether they are
  /// monotone.
  static func addModulation(
    of activation: Activation, _ specification: TheorySpecification, to rows: inout CurveRows
  ) throws {
    guard let from = specification.from, let to = specification.to else { return }
    var last: (strength: Double, frozen: Double)?
    for step in 0..<specification.pointCount {
      let share = Double(step) / Double(specification.pointCount - 1)
      let isScale = specification.parameter == "scale"
      // Scales are even in the logarithm.
      let value = isScale ? from * exponential(share * logarithm(to / from)) : from + share * (to - from)
      let point = try ModulationPoint(
        activation, scale: isScale ? value : 1, bias: isScale ? 0 : value)
      guard let strength = point.decorrelationStrength else { continue }
      rows.add(activation.name + "-strength", value, strength)
      rows.add(activation.name + "-frozen", value, point.frozenProbability)
      if let excess = point.slopeExcess { rows.add(activation.name + "-excess", value, excess) }
      if let last {
        rows.add(activation.name + "-strength-steps", value, strength - last.strength)
        rows.add(activation.name + "-frozen-steps", value, point.frozenProbability - last.frozen)
      }
      last = (strength, point.frozenProbability)
    }
  }
}
