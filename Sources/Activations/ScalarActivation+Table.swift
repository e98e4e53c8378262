import Glibc

extension ScalarActivation {
  /// All of them, in the order of the paper's legends: a new one is its definition here and a line.
  public static let all: [ScalarActivation] = [
    linear, reLU, leakyReLU, tanh, sigmoid, gELU, eLU, sELU, siLU, sine, sign, erf, square,
  ]

  /// x.
  public static let linear = ScalarActivation(
    name: "linear", label: "linear", structure: .within(-1...1), closedFormKernel: { $0 },
    value: { $0 }, derivative: { _ in 1 })

  /// max(0, x).
  public static let reLU = leaky(slope: 0, name: "relu", label: "ReLU")

  /// x above zero, x / 10 below.
  public static let leakyReLU = leaky(
    slope: leakySlope, name: "leakyReLU", label: "leaky ReLU")

  /// The slope of the leaky ReLU below zero.
  @inlinable public static var leakySlope: Double { 0.1 }

  public static let tanh = ScalarActivation(
    name: "tanh", label: "tanh", value: { Glibc.tanh($0) },
    derivative: {
      // 1 − tanh² cancels in the tails.
      let decay = exp(-2 * abs($0))
      return 4 * decay / ((1 + decay) * (1 + decay))
    })

  /// 1 / (1 + e⁻ˣ).
  public static let sigmoid = ScalarActivation(
    name: "sigmoid", label: "sigmoid", value: { 1 / (1 + exp(-$0)) }, derivative: { logisticSlope($0) })

  /// x Φ(x), exactly (Hendrycks and Gimpel 2016, arXiv 1606.08415).
  public static let gELU = ScalarActivation(
    name: "gelu", label: "GELU", value: { $0 * Normal.distribution($0) },
    derivative: { Normal.distribution($0) + $0 * Normal.density($0) })

  /// x above zero, eˣ − 1 below (Clevert et al. 2015, arXiv 1511.07289).
  public static let eLU = ScalarActivation(
    name: "elu", label: "ELU", kinks: [0], value: { $0 > 0 ? $0 : expm1($0) },
    derivative: { $0 > 0 ? 1 : exp($0) })

  /// λx above zero, λα(eˣ − 1) below (Klambauer et al. 2017, arXiv 1706.02515).
  public static let sELU = ScalarActivation(
    name: "selu", label: "SELU", kinks: [0],
    value: { seluLambda * ($0 > 0 ? $0 : seluAlpha * expm1($0)) },
    derivative: { seluLambda * ($0 > 0 ? 1 : seluAlpha * exp($0)) })

  /// α of SELU.
  @inlinable public static var seluAlpha: Double { 1.673_263_242_354_377_2 }
  /// λ of SELU.
  @inlinable public static var seluLambda: Double { 1.050_700_987_355_480_5 }

  /// x / (1 + e⁻ˣ) (Ramachandran et al. 2017, arXiv 1710.05941).
  public static let siLU = ScalarActivation(
    name: "silu", label: "SiLU", value: { $0 / (1 + exp(-$0)) },
    derivative: { 1 / (1 + exp(-$0)) + $0 * logisticSlope($0) })

  /// sin x; K(ρ) = sinh ρ / sinh 1.
  public static let sine = ScalarActivation(
    name: "sine", label: "sine", structure: .periodic(2 * .pi), closedFormKernel: { sinh($0) / sinh(1) },
    value: { sin($0) }, derivative: { cos($0) })

  /// −1, 0 or 1: the step, centred; K(ρ) = (2/π) asin ρ.
  public static let sign = ScalarActivation(
    name: "sign", label: "sign", kinks: [0], isDiscontinuous: true, structure: .within(-1...1),
    closedFormKernel: { 2 / .pi * asin($0) }, value: { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 },
    derivative: { _ in 0 })

  /// erf x; K(ρ) = asin(2ρ/3) / asin(2/3) (Williams 1996, "Computing with infinite networks").
  public static let erf = ScalarActivation(
    name: "erf", label: "erf", closedFormKernel: { asin(2 * $0 / 3) / asin(2.0 / 3) },
    value: { Glibc.erf($0) }, derivative: { 2 / Double.pi.squareRoot() * exp(-$0 * $0) })

  /// x²: nothing but the second Hermite polynomial, so that K(ρ) = ρ².
  public static let square = ScalarActivation(
    name: "square", label: "square", structure: .within(-1...1), closedFormKernel: { $0 * $0 },
    value: { $0 * $0 }, derivative: { 2 * $0 })

  /// The ReLU with another slope s below zero: ½(1 + s) x + ½(1 − s) |x|, a linear and an even part, whose
  /// kernels add up; E|x||y| = (2/π)(√(1−ρ²) + ρ asin ρ) is the arc-cosine kernel of degree one
  /// (Cho and Saul 2009).
  private static func leaky(slope: Double, name: String, label: String) -> ScalarActivation {
    let odd = (1 + slope) * (1 + slope) / 4
    let even = (1 - slope) * (1 - slope) / 4
    return ScalarActivation(
      name: name, label: label, kinks: [0], structure: .within(-1...1),
      closedFormKernel: { correlation in
        let absolute = ((1 - correlation) * (1 + correlation)).squareRoot() + correlation * asin(correlation)
        return (odd * correlation + even * 2 / .pi * (absolute - 1)) / (odd + even * (1 - 2 / .pi))
      },
      value: { $0 > 0 ? $0 : slope * $0 }, derivative: { $0 > 0 ? 1 : slope })
  }

  /// The derivative of the logistic function, without cancellation in the tails.
  private static func logisticSlope(_ x: Double) -> Double {
    let decay = exp(-abs(x))
    return decay / ((1 + decay) * (1 + decay))
  }
}
