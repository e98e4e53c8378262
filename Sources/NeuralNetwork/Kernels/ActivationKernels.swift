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
    ThreadTeam.shareScalars(count) { start, count in
      if Scalar.self == Float.self {
        kind.formula.apply(to: single(input) + start, into: single(out) + start, count: count)
      } else {
        kind.formula.apply(to: double(input) + start, into: double(out) + start, count: count)
      }
    }
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
    ThreadTeam.shareScalars(count) { start, count in
      let (x, y) = (input + start, output + start)
      let (dy, dx) = (outputGradient + start, inputGradient + start)
      if Scalar.self == Float.self {
        kind.formula.differentiate(single(x), single(y), single(dy), into: single(dx), count: count)
      } else {
        kind.formula.differentiate(double(x), double(y), double(dy), into: double(dx), count: count)
      }
    }
  }

  private static func single(_ pointer: UnsafeMutablePointer<some Real>) -> UnsafeMutablePointer<Float> {
    UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: Float.self)
  }

  private static func double(_ pointer: UnsafeMutablePointer<some Real>) -> UnsafeMutablePointer<Double> {
    UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: Double.self)
  }
}

/// The loops of one formula. They are no methods of a generic scalar, so that the compiler makes code for each formula
/// and precision.
extension ActivationFormula {
  public static func apply(
    to input: UnsafeMutablePointer<Float>, into out: UnsafeMutablePointer<Float>, count: Int
  ) {
    applyLoop(self, to: input, into: out, count: count)
  }

  public static func apply(
    to input: UnsafeMutablePointer<Double>, into out: UnsafeMutablePointer<Double>, count: Int
  ) {
    applyLoop(self, to: input, into: out, count: count)
  }

  public static func differentiate(
    _ x: UnsafeMutablePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ dy: UnsafeMutablePointer<Float>,
    into dx: UnsafeMutablePointer<Float>, count: Int
  ) {
    differentiateLoop(self, x, y, dy, dx, count)
  }

  public static func differentiate(
    _ x: UnsafeMutablePointer<Double>, _ y: UnsafeMutablePointer<Double>, _ dy: UnsafeMutablePointer<Double>,
    into dx: UnsafeMutablePointer<Double>, count: Int
  ) {
    differentiateLoop(self, x, y, dy, dx, count)
  }
}

private func applyLoop<Scalar: Real, Formula: ActivationFormula>(
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

private func differentiateLoop<Scalar: Real, Formula: ActivationFormula>(
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
