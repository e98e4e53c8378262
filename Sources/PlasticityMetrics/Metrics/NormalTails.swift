/// The tails of the standard normal distribution beyond eight points at a time, with their logarithms: what the
/// measures of Gaussian shape ask for at every point of every unit.
struct NormalTails {
  typealias Vector = SIMD8<Double>

  /// 1 − Φ(z), with a relative error below 10⁻¹² wherever it is a normal number; 0 beyond.
  let tail: Vector
  /// log(1 − Φ(z)), also where ``tail`` is 0.
  let logTail: Vector
  /// log Φ(z).
  let logRest: Vector

  /// Of points `z` ≥ 0.
  ///
  /// erfc(x) = t · exp(−x² + P(t)) for t = 2 / (2 + x), the form of Numerical Recipes (6.2.2); P is fitted here over
  /// 0 < t ≤ 1, its largest error 5 · 10⁻¹⁶.
  @inline(__always)
  init(beyond z: Vector) {
    let x = z * 0.5.squareRoot()
    let logarithm = Self.log(x + 2)
    logTail = Self.polynomial(4 / (x + 2) - 1) - x * x - logarithm
    tail = Self.exp(logTail)
    logRest = Self.log(1 - tail)
  }

  /// P(t) of s = 2t − 1.
  @inline(__always)
  private static func polynomial(_ s: Vector) -> Vector {
    // Four series in s⁴ side by side: one alone would wait for its own latency.
    let square = s * s
    let fourth = square * square
    var series0 = fourth * -1.2776086554968677e-08 - 4.146853754663641e-08
    series0 = series0 * fourth + 8.662535397475538e-06
    series0 = series0 * fourth + 7.141810433422301e-05
    series0 = series0 * fourth - 0.00014624628742128406
    series0 = series0 * fourth - 0.009872689364099222
    series0 = series0 * fourth - 0.6717940840566922
    var series1 = fourth * -2.895626567435524e-07 - 2.963484230959699e-06
    series1 = series1 * fourth + 3.174693542327236e-05
    series1 = series1 * fourth + 0.0006736791352568864
    series1 = series1 * fourth + 0.008824938561312326
    series1 = series1 * fourth + 0.6726432239776583
    var series2 = fourth * 7.745572408758512e-08 - 1.409445991433531e-06
    series2 = series2 * fourth - 3.023784054007137e-05
    series2 = series2 * fourth - 9.373894767667295e-05
    series2 = series2 * fourth + 0.0017589335074028032
    series2 = series2 * fourth + 0.047343306841863525
    var series3 = fourth * 2.980513364515168e-08 + 1.283394915356199e-06
    series3 = series3 * fourth + 1.3989370477611051e-07
    series3 = series3 * fourth - 0.00017430412986925938
    series3 = series3 * fourth - 0.002345812552995894
    series3 = series3 * fourth - 0.04689561023132892
    return (series0 + series1 * s) + (series2 + series3 * s) * square
  }

  /// Of positive normal numbers, with an error of an ulp or two: x = 2ᵏ m with ½√2 ≤ m < √2, and log m by Sun's
  /// polynomial in (m − 1) / (m + 1) (fdlibm, 1993).
  @inline(__always)
  static func log(_ x: Vector) -> Vector {
    let bits = unsafeBitCast(x, to: SIMD8<UInt64>.self)
    // ½√2 becomes 1/2 in its exponent, so that m lies about 1.
    let shifted = bits &+ (0x3ff0_0000_0000_0000 &- 0x3fe6_a09e_0000_0000)
    // An integer below 2⁵² in the last bits of 2⁵² is that number more.
    let exponent = (shifted &>> 52) | 0x4330_0000_0000_0000
    let k = unsafeBitCast(exponent, to: Vector.self) - (0x1p52 + 1023)
    let mantissa = (shifted & 0x000f_ffff_ffff_ffff) &+ 0x3fe6_a09e_0000_0000
    let f = unsafeBitCast(mantissa, to: Vector.self) - 1
    let s = f / (f + 2)
    let z = s * s
    let w = z * z
    var even = w * 1.531383769920937332e-1 + 2.222219843214978396e-1
    even = even * w + 3.999999999940941908e-1
    var odd = w * 1.479819860511658591e-1 + 1.818357216161805012e-1
    odd = odd * w + 2.857142874366239149e-1
    odd = odd * w + 6.666666666666735130e-1
    let series = even * w + odd * z
    let half = f * f * 0.5
    // log 2 in two parts, the first with few enough bits that its product with k is exact.
    let small = s * (half + series) + k * 1.90821492927058770002e-10
    return k * 6.93147180369123816490e-1 - ((half - small) - f)
  }

  /// Of numbers that are not positive, with a relative error of an ulp or two, 0 below −708: x = n log 2 + r with
  /// |r| ≤ ½ log 2; 2ⁿ is made of n's bits, eʳ is Taylor's series.
  @inline(__always)
  static func exp(_ x: Vector) -> Vector {
    let shifted = x * 1.4426950408889634 + 0x1.8p52
    let n = shifted - 0x1.8p52
    let r = (x - n * 6.93147180369123816490e-1) - n * 1.90821492927058770002e-10
    let square = r * r
    var odd = square * (1.0 / 6_227_020_800) + 1.0 / 39_916_800
    odd = odd * square + 1.0 / 362_880
    odd = odd * square + 1.0 / 5_040
    odd = odd * square + 1.0 / 120
    odd = odd * square + 1.0 / 6
    odd = odd * square + 1
    var even = square * (1.0 / 479_001_600) + 1.0 / 3_628_800
    even = even * square + 1.0 / 40_320
    even = even * square + 1.0 / 720
    even = even * square + 1.0 / 24
    even = even * square + 0.5
    even = even * square + 1
    let series = odd * r + even
    let power = (unsafeBitCast(shifted, to: SIMD8<UInt64>.self) &+ 1023) &<< 52
    let result = series * unsafeBitCast(power, to: Vector.self)
    return result.replacing(with: 0, where: x .< -708)
  }
}
