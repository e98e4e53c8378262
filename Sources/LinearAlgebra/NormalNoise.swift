/// Standard normal numbers in great numbers, for what is done to all parameters at every step: Philox4x32 with seven
/// rounds (the fewest that pass BigCrush; Salmon et al., SC 2011), and one word for two numbers.
///
/// Numbers come in groups of 32, group g from the blocks 4g … 4g + 3 of the stream (key, index). Word w of block
/// 4g + l gives two numbers: with t = 16 · (w / 2) + 2l + w % 2, the numbers 32g + t and 32g + t + 8 are
/// ±√(−2 log u) · cos φ and ±√(−2 log u) · sin φ (Box and Muller 1958), where u = (upper 20 bits + 1) · 2⁻²⁰,
/// φ = π/2 · (lower 10 bits + ½) · 2⁻¹⁰, and bits 11 and 10 are the signs, 1 for minus. No number exceeds 5.27. Against
/// the same formula in exact arithmetic the error is below 10⁻⁴, or, of the few with u > 1 − 10⁻⁴, below 5 · 10⁻³.
public struct NormalNoise: Sendable {
  private typealias Lanes = SIMD4<UInt64>
  private typealias Words = SIMD8<UInt32>
  private typealias Numbers = SIMD8<Float>

  /// The numbers of a group; what is added somewhere starts at a multiple.
  public static var group: Int { 32 }

  private let key: RandomStream.Key
  private let index: UInt64

  public init(_ key: RandomStream.Key, index: UInt64) {
    self.key = key
    self.index = index
  }

  /// values ← scale · values + factor · ε.
  ///
  /// - Parameters:
  ///   - values: `count` scalars.
  ///   - first: which number of the stream goes to the first of them, a multiple of ``group``.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func mix<Scalar: Real>(
    into values: UnsafeMutablePointer<Scalar>, count: Int, first: Int, scale: Scalar, factor: Scalar
  ) {
    // values: count scalars, changed in place.
    // values[i] = scale · values[i] + factor · ε[first + i]
    enforce(first >= 0 && first % Self.group == 0, "noise from the beginning of a group")
    // One thing after the other: short loops leave the processor more to do at once than a long one.
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: Self.mostWords) { words in
      withUnsafeTemporaryAllocation(of: Float.self, capacity: Self.mostWords) { radii in
        guard let words = words.baseAddress, let radii = radii.baseAddress else { return }
        var offset = 0
        while offset < count {
          let part = min(count - offset, 2 * Self.mostWords)
          let groups = (part + Self.group - 1) / Self.group
          fill(words, groups: groups, from: (first + offset) / Self.group)
          for place in stride(from: 0, to: 16 * groups, by: 8) {
            Self.store(Self.radius(Self.load(words, place) &>> 12), radii, place)
          }
          Self.mix(words, radii, into: values + offset, count: part, scale: scale, factor: factor)
          offset += part
        }
      }
    }
  }

  /// A kilobyte: more is not had from the stack.
  private static var mostWords: Int { 256 }

  /// The words of some groups, 16 each.
  @inline(__always)
  private func fill(_ words: UnsafeMutablePointer<UInt32>, groups: Int, from group: Int) {
    let mask = Lanes(repeating: 0xffff_ffff)
    for number in 0..<groups {
      let (x, y, z, w) = lanes(position: 4 * UInt64(group + number))
      let place = UnsafeMutableRawPointer(words + 16 * number)
      place.storeBytes(of: (x & mask) | (y &<< 32), as: Lanes.self)
      place.storeBytes(of: (z & mask) | (w &<< 32), toByteOffset: 32, as: Lanes.self)
    }
  }

  /// Four consecutive blocks at once; the upper halves of the lanes mean nothing.
  @inline(__always)
  private func lanes(position: UInt64) -> (Lanes, Lanes, Lanes, Lanes) {
    let mask = Lanes(repeating: 0xffff_ffff)
    let positions = Lanes(repeating: position) &+ Lanes(0, 1, 2, 3)
    var (x, y) = (positions, positions &>> 32)
    var (z, w) = (Lanes(repeating: index), Lanes(repeating: index >> 32))
    @inline(__always)
    func round(_ number: UInt32) {
      let first = (x & mask) &* 0xd251_1f53
      let second = (z & mask) &* 0xcd9e_8d57
      x = (second &>> 32) ^ (y ^ Lanes(repeating: UInt64(key.low &+ number &* 0x9e37_79b9)))
      y = second
      z = (first &>> 32) ^ (w ^ Lanes(repeating: UInt64(key.high &+ number &* 0xbb67_ae85)))
      w = first
    }
    // A loop is not unrolled.
    round(0)
    round(1)
    round(2)
    round(3)
    round(4)
    round(5)
    round(6)
    return (x, y, z, w)
  }

  @inline(__always)
  private static func load(_ words: UnsafeMutablePointer<UInt32>, _ place: Int) -> Words {
    UnsafeRawPointer(words + place).loadUnaligned(as: Words.self)
  }

  @inline(__always)
  private static func store(_ numbers: Numbers, _ place: UnsafeMutablePointer<Float>, _ offset: Int) {
    UnsafeMutableRawPointer(place + offset).storeBytes(of: numbers, as: Numbers.self)
  }

  @inline(__always)
  private static func mix<Scalar: Real>(
    _ words: UnsafeMutablePointer<UInt32>, _ radii: UnsafeMutablePointer<Float>,
    into values: UnsafeMutablePointer<Scalar>, count: Int,
    scale: Scalar, factor: Scalar
  ) {
    var offset = 0
    while offset + 16 <= count {
      let noise = numbers(of: load(words, offset / 2), radii + offset / 2)
      let place = values + offset
      let mixed = (place.vector(at: 0) * scale)
        .addingProduct(Scalar.converting(noise), SIMD16(repeating: factor))
      place.store(mixed, at: 0)
      offset += 16
    }
    guard offset < count else { return }
    let noise = numbers(of: load(words, offset / 2), radii + offset / 2)
    for lane in 0..<count - offset {
      values[offset + lane] = (scale * values[offset + lane]).addingProduct(Scalar(noise[lane]), factor)
    }
  }

  /// Two numbers of each of eight words, whose radii are at hand.
  @inline(__always)
  private static func numbers(of words: Words, _ radii: UnsafeMutablePointer<Float>) -> SIMD16<Float> {
    let radius = UnsafeRawPointer(radii).loadUnaligned(as: Numbers.self)
    let (sine, cosine) = sineAndCosine(words)
    // φ = π/4 + x, of which cosine and sine are (cos x ∓ sin x) / √2; the root is in the radius.
    let horizontal = unsafeBitCast(radius * (cosine - sine), to: Words.self)
    let vertical = unsafeBitCast(radius * (cosine + sine), to: Words.self)
    let (left, down) = ((words &<< 20) & 0x8000_0000, (words &<< 21) & 0x8000_0000)
    return SIMD16(
      lowHalf: unsafeBitCast(horizontal ^ left, to: Numbers.self),
      highHalf: unsafeBitCast(vertical ^ down, to: Numbers.self))
  }

  /// √(−log u) with u = (bits + 1) · 2⁻²⁰.
  @inline(__always)
  private static func radius(_ bits: Words) -> Numbers {
    // As the mantissa of a number of known exponent: 2²³ + bits.
    let count = unsafeBitCast(bits | 0x4b00_0000, to: Numbers.self) - (0x1p23 - 1)
    let pattern = unsafeBitCast(count, to: SIMD8<Int32>.self)
    // count = m · 2ᵉ with m in [√½, √2); 0x3f3504f3 is √½.
    let exponent = (pattern &- 0x3f35_04f3) &>> 23
    let m = unsafeBitCast(pattern &- (exponent &<< 23), to: Numbers.self)
    let e = unsafeBitCast(exponent &+ 0x4b40_0000, to: Numbers.self) - (0x1.8p23 + 20)
    // −log m = t · p(t) with t = m − 1; p, fitted at the nodes of Chebyshev, leaves 3 · 10⁻⁶. The last coefficient is −1,
    // so that u = 1 gives 0.
    let t = m - 1
    var series = Numbers(repeating: 0.143_383_13)
    series = Numbers(repeating: -0.220_703).addingProduct(t, series)
    series = Numbers(repeating: 0.253_978_3).addingProduct(t, series)
    series = Numbers(repeating: -0.332_567_78).addingProduct(t, series)
    series = Numbers(repeating: 0.499_903_62).addingProduct(t, series)
    series = Numbers(repeating: -1).addingProduct(t, series)
    return (e * -0.693_147_18).addingProduct(t, series).squareRoot()
  }

  /// Sine and cosine of π/2 · x with x = (lower 10 bits + ½) · 2⁻¹⁰ − ½.
  @inline(__always)
  private static func sineAndCosine(_ words: Words) -> (Numbers, Numbers) {
    let x = unsafeBitCast(((words &<< 13) & 0x7f_e000) | 0x3f80_0000, to: Numbers.self) - (1.5 - 0x1p-11)
    let square = x * x
    // Fitted at the nodes of Chebyshev: what is left is below 2 · 10⁻⁶ and 10⁻⁵.
    var sine = Numbers(repeating: 0.077_954_41)
    sine = Numbers(repeating: -0.645_801_7).addingProduct(square, sine)
    sine = Numbers(repeating: 1.570_794_1).addingProduct(square, sine)
    var cosine = Numbers(repeating: 0.245_945_51)
    cosine = Numbers(repeating: -1.232_979_5).addingProduct(square, cosine)
    cosine = Numbers(repeating: 0.999_99).addingProduct(square, cosine)
    return (x * sine, cosine)
  }
}
