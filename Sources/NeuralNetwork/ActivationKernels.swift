import LinearAlgebra

/// The formulas of activations and their loops, sixteen scalars at a time.
enum ActivationKernels {
  private static var slope: Double { 0.1 }
  /// α and λ of SELU.
  private static var alpha: Double { 1.673_263_242_354_377_2 }
  private static var lambda: Double { 1.050_700_987_355_480_5 }

  @inline(__always)
  private static func value<Scalar: Real>(_ kind: ActivationKind, _ x: SIMD16<Scalar>) -> SIMD16<Scalar> {
    switch kind {
    case .relu: return Scalar.keeping(x, wherePositive: x)
    case .leakyReLU: return Scalar.choosing(x, over: x * Scalar(slope), where: x, exceeds: .zero)
    case .tanh:
      // Right in both limits; near zero, where it would cancel, single precision takes Taylor's series.
      let far = 1 - 2 / (Scalar.exp(x + x) + 1)
      guard Scalar.self == Float.self else { return far }
      let square = x * x
      var series = SIMD16(repeating: Scalar(62.0 / 2_835))
      series = SIMD16(repeating: Scalar(-17.0 / 315)).addingProduct(square, series)
      series = SIMD16(repeating: Scalar(2.0 / 15)).addingProduct(square, series)
      series = SIMD16(repeating: Scalar(-1.0 / 3)).addingProduct(square, series)
      let near = x.addingProduct(x * square, series)
      return Scalar.choosing(far, over: near, where: square, exceeds: SIMD16(repeating: Scalar(0.04)))
    case .sigmoid: return 1 / (Scalar.exp(-x) + 1)
    case .elu: return Scalar.choosing(x, over: Scalar.exp(x) - 1, where: x, exceeds: .zero)
    case .selu:
      let below = (Scalar.exp(x) - 1) * Scalar(lambda * alpha)
      return Scalar.choosing(x * Scalar(lambda), over: below, where: x, exceeds: .zero)
    case .silu: return x / (Scalar.exp(-x) + 1)
    case .gelu: return x * Scalar.normalDistribution(x).cumulative
    case .identity: return x
    }
  }

  /// The derivative at `x`, where the activation is `y`.
  @inline(__always)
  private static func derivative<Scalar: Real>(
    _ kind: ActivationKind, _ x: SIMD16<Scalar>, _ y: SIMD16<Scalar>
  ) -> SIMD16<Scalar> {
    let one = SIMD16<Scalar>(repeating: 1)
    switch kind {
    case .relu: return Scalar.keeping(one, wherePositive: y)
    case .leakyReLU:
      return Scalar.choosing(one, over: SIMD16(repeating: Scalar(slope)), where: x, exceeds: .zero)
    case .tanh: return 1 - y * y
    case .sigmoid: return y * (1 - y)
    case .elu: return Scalar.choosing(one, over: y + 1, where: x, exceeds: .zero)
    case .selu:
      let above = SIMD16(repeating: Scalar(lambda))
      return Scalar.choosing(above, over: y + Scalar(lambda * alpha), where: x, exceeds: .zero)
    case .silu:
      let logistic = 1 / (Scalar.exp(-x) + 1)
      return logistic * (1 + x * (1 - logistic))
    case .gelu:
      // Φ once more from x: keeping it would cost as much time in memory.
      let normal = Scalar.normalDistribution(x)
      return normal.cumulative.addingProduct(x, normal.density)
    case .identity: return one
    }
  }

  /// `out ← activation(input)`.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func apply<Scalar: Real>(
    _ kind: ActivationKind, to input: UnsafeMutablePointer<Scalar>, into out: UnsafeMutablePointer<Scalar>,
    count: Int
  ) {
    // A loop for each kind: the choice inside one loop would be taken for every vector.
    switch kind {
    case .relu: apply(always: .relu, to: input, into: out, count: count)
    case .leakyReLU: apply(always: .leakyReLU, to: input, into: out, count: count)
    case .tanh: apply(always: .tanh, to: input, into: out, count: count)
    case .sigmoid: apply(always: .sigmoid, to: input, into: out, count: count)
    case .elu: apply(always: .elu, to: input, into: out, count: count)
    case .selu: apply(always: .selu, to: input, into: out, count: count)
    case .silu: apply(always: .silu, to: input, into: out, count: count)
    case .gelu: apply(always: .gelu, to: input, into: out, count: count)
    case .identity: apply(always: .identity, to: input, into: out, count: count)
    }
  }

  @inline(__always)
  private static func apply<Scalar: Real>(
    always kind: ActivationKind, to input: UnsafeMutablePointer<Scalar>,
    into out: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    var index = 0
    while index + 16 <= count {
      out.store(value(kind, input.vector(at: index)), at: index)
      index += 16
    }
    guard index < count else { return }
    let rest = count - index
    out.store(value(kind, input.vector(at: index, count: rest, padding: 0)), at: index, count: rest)
  }

  /// `inputGradient ← outputGradient · activation′(input)`.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func differentiate<Scalar: Real>(
    _ kind: ActivationKind, input: UnsafeMutablePointer<Scalar>, output: UnsafeMutablePointer<Scalar>,
    outputGradient: UnsafeMutablePointer<Scalar>, into inputGradient: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    switch kind {
    case .relu: differentiate(always: .relu, input, output, outputGradient, inputGradient, count)
    case .leakyReLU: differentiate(always: .leakyReLU, input, output, outputGradient, inputGradient, count)
    case .tanh: differentiate(always: .tanh, input, output, outputGradient, inputGradient, count)
    case .sigmoid: differentiate(always: .sigmoid, input, output, outputGradient, inputGradient, count)
    case .elu: differentiate(always: .elu, input, output, outputGradient, inputGradient, count)
    case .selu: differentiate(always: .selu, input, output, outputGradient, inputGradient, count)
    case .silu: differentiate(always: .silu, input, output, outputGradient, inputGradient, count)
    case .gelu: differentiate(always: .gelu, input, output, outputGradient, inputGradient, count)
    case .identity: differentiate(always: .identity, input, output, outputGradient, inputGradient, count)
    }
  }

  @inline(__always)
  private static func differentiate<Scalar: Real>(
    always kind: ActivationKind, _ x: UnsafeMutablePointer<Scalar>, _ y: UnsafeMutablePointer<Scalar>,
    _ dy: UnsafeMutablePointer<Scalar>, _ dx: UnsafeMutablePointer<Scalar>, _ count: Int
  ) {
    var index = 0
    while index + 16 <= count {
      let slope = derivative(kind, x.vector(at: index), y.vector(at: index))
      dx.store(dy.vector(at: index) * slope, at: index)
      index += 16
    }
    guard index < count else { return }
    let rest = count - index
    let slope = derivative(
      kind, x.vector(at: index, count: rest, padding: 0), y.vector(at: index, count: rest, padding: 0))
    dx.store(dy.vector(at: index, count: rest, padding: 0) * slope, at: index, count: rest)
  }
}
