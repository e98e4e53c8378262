import LinearAlgebra

/// The loops of activations, sixteen scalars at a time.
enum ActivationKernels {
  /// `out ← activation(input)`.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func apply<Scalar: Real>(
    _ kind: ActivationKind, to input: UnsafeMutablePointer<Scalar>, into out: UnsafeMutablePointer<Scalar>,
    count: Int
  ) {
    // input, out: count scalars.
    // out[i] = activation(input[i])
    switch kind {
    case .relu: apply(Rectifier.self, to: input, into: out, count: count)
    case .leakyReLU: apply(LeakyRectifier.self, to: input, into: out, count: count)
    case .tanh: apply(HyperbolicTangent.self, to: input, into: out, count: count)
    case .sigmoid: apply(Logistic.self, to: input, into: out, count: count)
    case .elu: apply(ExponentialLinear.self, to: input, into: out, count: count)
    case .selu: apply(ScaledExponentialLinear.self, to: input, into: out, count: count)
    case .silu: apply(LogisticLinear.self, to: input, into: out, count: count)
    case .gelu: apply(GaussianLinear.self, to: input, into: out, count: count)
    case .identity: apply(Identity.self, to: input, into: out, count: count)
    }
  }

  private static func apply<Scalar: Real, Formula: ActivationFormula>(
    _ formula: Formula.Type, to input: UnsafeMutablePointer<Scalar>, into out: UnsafeMutablePointer<Scalar>,
    count: Int
  ) {
    var index = 0
    while index + 16 <= count {
      out.store(Formula.value(input.vector(at: index)), at: index)
      index += 16
    }
    guard index < count else { return }
    let rest = count - index
    out.store(Formula.value(input.vector(at: index, count: rest, padding: 0)), at: index, count: rest)
  }

  /// `inputGradient ← outputGradient · activation′(input)`.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func differentiate<Scalar: Real>(
    _ kind: ActivationKind, input: UnsafeMutablePointer<Scalar>, output: UnsafeMutablePointer<Scalar>,
    outputGradient: UnsafeMutablePointer<Scalar>, into inputGradient: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    // input x, output y = activation(x), outputGradient dy, inputGradient dx: count scalars.
    // dx[i] = dy[i] · activation′(x[i])
    let (x, y, dy, dx) = (input, output, outputGradient, inputGradient)
    switch kind {
    case .relu: differentiate(Rectifier.self, x, y, dy, dx, count)
    case .leakyReLU: differentiate(LeakyRectifier.self, x, y, dy, dx, count)
    case .tanh: differentiate(HyperbolicTangent.self, x, y, dy, dx, count)
    case .sigmoid: differentiate(Logistic.self, x, y, dy, dx, count)
    case .elu: differentiate(ExponentialLinear.self, x, y, dy, dx, count)
    case .selu: differentiate(ScaledExponentialLinear.self, x, y, dy, dx, count)
    case .silu: differentiate(LogisticLinear.self, x, y, dy, dx, count)
    case .gelu: differentiate(GaussianLinear.self, x, y, dy, dx, count)
    case .identity: differentiate(Identity.self, x, y, dy, dx, count)
    }
  }

  private static func differentiate<Scalar: Real, Formula: ActivationFormula>(
    _ formula: Formula.Type, _ x: UnsafeMutablePointer<Scalar>, _ y: UnsafeMutablePointer<Scalar>,
    _ dy: UnsafeMutablePointer<Scalar>, _ dx: UnsafeMutablePointer<Scalar>, _ count: Int
  ) {
    var index = 0
    while index + 16 <= count {
      let slope = Formula.derivative(x.vector(at: index), y.vector(at: index))
      dx.store(dy.vector(at: index) * slope, at: index)
      index += 16
    }
    guard index < count else { return }
    let rest = count - index
    let slope = Formula.derivative(
      x.vector(at: index, count: rest, padding: 0), y.vector(at: index, count: rest, padding: 0))
    dx.store(dy.vector(at: index, count: rest, padding: 0) * slope, at: index, count: rest)
  }
}
