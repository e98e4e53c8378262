import LinearAlgebra

/// Standard normal numbers for each parameter of a network, from the stream named by seed and
/// `<purpose>/<tensor name>` at the index of the step.
struct ParameterNoise<Scalar: Real> {
  private let keys: [RandomStream.Key]

  init(_ network: Network<Scalar>, purpose: String, seed: UInt64) {
    keys = network.parameters.map { RandomStream.Key(seed: seed, purpose: "\(purpose)/\($0.name)") }
  }

  /// values ← scale · values + factor · ε for the numbers that belong to the parameters of a span.
  func mix(
    into values: UnsafeMutablePointer<Scalar>, _ span: ParameterSpan, step: UInt64, scale: Scalar,
    factor: Scalar
  ) {
    NormalNoise(keys[span.tensor], index: step)
      .mix(into: values, count: span.count, first: span.start, scale: scale, factor: factor)
  }
}
