import Activations
import LinearAlgebra

/// Value and derivative of one elementwise activation, for sixteen scalars: a definition in vectors. Each is a type of
/// its own so that each gets loops of its own, which come with the conformance.
public protocol ActivationFormula: Sendable {
  /// What it is, up to rounding, with its name.
  static var definition: ScalarActivation { get }

  static func value<Scalar: Real>(_ x: SIMD16<Scalar>) -> SIMD16<Scalar>
  /// The derivative at `x`, where the activation is `y`.
  static func derivative<Scalar: Real>(_ x: SIMD16<Scalar>, _ y: SIMD16<Scalar>) -> SIMD16<Scalar>

  /// `out ← activation(input)`.
  static func apply(
    to input: UnsafeMutablePointer<Float>, into out: UnsafeMutablePointer<Float>, count: Int)
  static func apply(
    to input: UnsafeMutablePointer<Double>, into out: UnsafeMutablePointer<Double>, count: Int)
  /// `dx ← dy · activation′(x)`, where the activation is `y`.
  static func differentiate(
    _ x: UnsafeMutablePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ dy: UnsafeMutablePointer<Float>,
    into dx: UnsafeMutablePointer<Float>, count: Int)
  static func differentiate(
    _ x: UnsafeMutablePointer<Double>, _ y: UnsafeMutablePointer<Double>, _ dy: UnsafeMutablePointer<Double>,
    into dx: UnsafeMutablePointer<Double>, count: Int)
}

enum Rectifier: ActivationFormula {
  static var definition: ScalarActivation { .reLU }

  @inline(__always)
  static func value<Scalar: Real>(_ x: SIMD16<Scalar>) -> SIMD16<Scalar> {
    Scalar.keeping(x, wherePositive: x)
  }

  @inline(__always)
  static func derivative<Scalar: Real>(_ x: SIMD16<Scalar>, _ y: SIMD16<Scalar>) -> SIMD16<Scalar> {
    Scalar.keeping(SIMD16(repeating: 1), wherePositive: y)
  }
}

enum LeakyRectifier: ActivationFormula {
  static var definition: ScalarActivation { .leakyReLU }

  @inline(__always)
  static func value<Scalar: Real>(_ x: SIMD16<Scalar>) -> SIMD16<Scalar> {
    Scalar.choosing(x, over: x * Scalar(ScalarActivation.leakySlope), where: x, exceeds: .zero)
  }

  @inline(__always)
  static func derivative<Scalar: Real>(_ x: SIMD16<Scalar>, _ y: SIMD16<Scalar>) -> SIMD16<Scalar> {
    Scalar.choosing(
      SIMD16(repeating: 1), over: SIMD16(repeating: Scalar(ScalarActivation.leakySlope)), where: x,
      exceeds: .zero)
  }
}

enum HyperbolicTangent: ActivationFormula {
  static var definition: ScalarActivation { .tanh }

  @inline(__always)
  static func value<Scalar: Real>(_ x: SIMD16<Scalar>) -> SIMD16<Scalar> {
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
  }

  @inline(__always)
  static func derivative<Scalar: Real>(_ x: SIMD16<Scalar>, _ y: SIMD16<Scalar>) -> SIMD16<Scalar> {
    1 - y * y
  }
}

enum Logistic: ActivationFormula {
  static var definition: ScalarActivation { .sigmoid }

  @inline(__always)
  static func value<Scalar: Real>(_ x: SIMD16<Scalar>) -> SIMD16<Scalar> {
    1 / (Scalar.exp(-x) + 1)
  }

  @inline(__always)
  static func derivative<Scalar: Real>(_ x: SIMD16<Scalar>, _ y: SIMD16<Scalar>) -> SIMD16<Scalar> {
    y * (1 - y)
  }
}

enum ExponentialLinear: ActivationFormula {
  static var definition: ScalarActivation { .eLU }

  @inline(__always)
  static func value<Scalar: Real>(_ x: SIMD16<Scalar>) -> SIMD16<Scalar> {
    Scalar.choosing(x, over: Scalar.exp(x) - 1, where: x, exceeds: .zero)
  }

  @inline(__always)
  static func derivative<Scalar: Real>(_ x: SIMD16<Scalar>, _ y: SIMD16<Scalar>) -> SIMD16<Scalar> {
    Scalar.choosing(SIMD16(repeating: 1), over: y + 1, where: x, exceeds: .zero)
  }
}

enum ScaledExponentialLinear: ActivationFormula {
  static var definition: ScalarActivation { .sELU }

  private static var alpha: Double { ScalarActivation.seluAlpha }
  private static var lambda: Double { ScalarActivation.seluLambda }

  @inline(__always)
  static func value<Scalar: Real>(_ x: SIMD16<Scalar>) -> SIMD16<Scalar> {
    let below = (Scalar.exp(x) - 1) * Scalar(lambda * alpha)
    return Scalar.choosing(x * Scalar(lambda), over: below, where: x, exceeds: .zero)
  }

  @inline(__always)
  static func derivative<Scalar: Real>(_ x: SIMD16<Scalar>, _ y: SIMD16<Scalar>) -> SIMD16<Scalar> {
    let above = SIMD16(repeating: Scalar(lambda))
    return Scalar.choosing(above, over: y + Scalar(lambda * alpha), where: x, exceeds: .zero)
  }
}

enum LogisticLinear: ActivationFormula {
  static var definition: ScalarActivation { .siLU }

  @inline(__always)
  static func value<Scalar: Real>(_ x: SIMD16<Scalar>) -> SIMD16<Scalar> {
    x / (Scalar.exp(-x) + 1)
  }

  @inline(__always)
  static func derivative<Scalar: Real>(_ x: SIMD16<Scalar>, _ y: SIMD16<Scalar>) -> SIMD16<Scalar> {
    let logistic = 1 / (Scalar.exp(-x) + 1)
    return logistic * (1 + x * (1 - logistic))
  }
}

enum GaussianLinear: ActivationFormula {
  static var definition: ScalarActivation { .gELU }

  @inline(__always)
  static func value<Scalar: Real>(_ x: SIMD16<Scalar>) -> SIMD16<Scalar> {
    x * Scalar.normalDistribution(x).cumulative
  }

  @inline(__always)
  static func derivative<Scalar: Real>(_ x: SIMD16<Scalar>, _ y: SIMD16<Scalar>) -> SIMD16<Scalar> {
    // Φ once more from x: keeping it would cost as much time in memory.
    let normal = Scalar.normalDistribution(x)
    return normal.cumulative.addingProduct(x, normal.density)
  }
}

enum Identity: ActivationFormula {
  static var definition: ScalarActivation { .linear }

  @inline(__always)
  static func value<Scalar: Real>(_ x: SIMD16<Scalar>) -> SIMD16<Scalar> {
    x
  }

  @inline(__always)
  static func derivative<Scalar: Real>(_ x: SIMD16<Scalar>, _ y: SIMD16<Scalar>) -> SIMD16<Scalar> {
    SIMD16(repeating: 1)
  }
}
