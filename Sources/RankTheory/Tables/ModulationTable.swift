import Activations
import LinearAlgebra

extension TheoryTable {
  private static let samples = 100_000

  /// δ = 1 − cov(x, φ(x))² / var(φ(x)) over normal x.
  private static func sampledStrength(
    of activation: ScalarActivation, stream: inout RandomStream
  ) -> Double {
    var inputs = [Double](repeating: 0, count: samples)
    inputs.withUnsafeMutableBufferPointer { stream.fillNormal($0) }
    let outputs = inputs.map(activation.value)
    let count = Double(samples)
    let mean = outputs.reduce(0, +) / count
    let variance = outputs.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    let covariance = zip(inputs, outputs).reduce(0) { $0 + $1.0 * ($1.1 - mean) } / count
    return variance > 0 ? 1 - covariance * covariance / variance : .nan
  }

  /// Curves `NAME-strength` (δ), `NAME-frozen` (P(frozen)) and `NAME-excess` (α) over the modulation's parameter;
  /// `NAME-strength-steps` and `NAME-frozen-steps`, their changes from point to point, tell whether they are
  /// monotone. At every tenth point the first two are found by sampling too (`-sampled`), and
  /// `NAME-sampling-error` tells by how many standard errors the frozen probability is missed.
  static func addModulation(
    of activation: ScalarActivation, _ specification: TheorySpecification, to rows: inout CurveRows
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
      if step % 10 == 0 {
        let scale = isScale ? value : 1
        let bias = isScale ? 0 : value
        var stream = RandomStream(seed: 40, purpose: "modulation/\(activation.name)", index: UInt64(step))
        let sampled = FrozenProbability.sampled(
          activation, scale: scale, bias: bias, count: Self.samples, stream: &stream)
        rows.add(activation.name + "-frozen-sampled", value, sampled)
        rows.add(
          activation.name + "-strength-sampled", value,
          sampledStrength(of: activation.modulated(scale: scale, bias: bias), stream: &stream))
        let exact = point.frozenProbability
        let error = max(exact * (1 - exact), 1 / Double(Self.samples)) / Double(Self.samples)
        rows.add(
          activation.name + "-sampling-error", value, abs(sampled - exact) / error.squareRoot())
      }
      if let last {
        rows.add(activation.name + "-strength-steps", value, strength - last.strength)
        rows.add(activation.name + "-frozen-steps", value, point.frozenProbability - last.frozen)
      }
      last = (strength, point.frozenProbability)
    }
  }
}
