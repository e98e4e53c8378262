import Glibc

extension RandomStream {
  /// Fills `out` with standard normal numbers by the method of Box and Muller (1958).
  ///
  /// The pair (2p, 2p+1) is made of words 2p and 2p+1, counted from the next whole block:
  /// `(r cos θ, r sin θ)` with r = √(−2 log u), u = (word 2p + 1) · 2⁻³² rounded to `Float`, and
  /// θ = π/2 · (q + f), where q is the upper two bits of word 2p+1 and f, in [−½, ½), its next 23 bits.
  /// Whole blocks are used up. Against the same formula in exact arithmetic the error is of the order 10⁻⁶.
  public mutating func fillNormal(_ out: UnsafeMutableBufferPointer<Float>) {
    guard let base = out.baseAddress else { return }
    let start = takeBlocks((out.count + 3) / 4)
    var offset = 0
    while offset + 32 <= out.count {
      let numbers = Self.normals(key: key, index: index, position: start + UInt64(offset / 4))
      base.store(numbers.first, at: offset)
      base.store(numbers.second, at: offset + 16)
      offset += 32
    }
    guard offset < out.count else { return }
    let rest = Self.normals(key: key, index: index, position: start + UInt64(offset / 4))
    Self.store(rest.first, rest.second, to: base + offset, limit: out.count - offset)
  }

  /// The 32 numbers of eight blocks.
  @inline(__always)
  private static func normals(
    key: Key, index: UInt64, position: UInt64
  ) -> (first: SIMD16<Float>, second: SIMD16<Float>) {
    let (x, y, z, w) = lanes(key: key, index: index, position: position)
    let mask = SIMD8<UInt64>(repeating: 0xffff_ffff)
    let radius = radius(unsafeBitCast(x | (z &<< 32), to: SIMD16<UInt32>.self))
    let (cosine, sine) = cosineAndSine(unsafeBitCast(y | (w &<< 32), to: SIMD16<UInt32>.self))
    let even = unsafeBitCast(radius * cosine, to: SIMD8<UInt64>.self)
    let odd = unsafeBitCast(radius * sine, to: SIMD8<UInt64>.self)
    let words = interleaved((even & mask) | (odd &<< 32), (even &>> 32) | (odd & ~mask))
    return (
      unsafeBitCast(words.first, to: SIMD16<Float>.self), unsafeBitCast(words.second, to: SIMD16<Float>.self)
    )
  }

  /// The same numbers in double precision: the formula of the `Float` version, of unrounded u.
  public mutating func fillNormal(_ out: UnsafeMutableBufferPointer<Double>) {
    let start = takeBlocks((out.count + 3) / 4)
    for position in stride(from: 0, to: out.count, by: 2) {
      let block = Self.block(key: key, index: index, position: start + UInt64(position / 4))
      let radius = (-2 * log((Double(block[position % 4]) + 1) * 0x1p-32)).squareRoot()
      let word = block[position % 4 + 1]
      let angle = Double.pi / 2 * (Double(word >> 30) + Double((word << 2) >> 9) * 0x1p-23 - 0.5)
      out[position] = radius * cos(angle)
      if position + 1 < out.count { out[position + 1] = radius * sin(angle) }
    }
  }

  /// √(−2 log u) with u = (words + 1) · 2⁻³².
  @inline(__always)
  private static func radius(_ words: SIMD16<UInt32>) -> SIMD16<Float> {
    let bits = unsafeBitCast(float(words) * 0x1p-32 + 0x1p-32, to: SIMD16<Int32>.self)
    // u = m · 2ᵉ with m in [√½, √2); 0x3f3504f3 is √½.
    let exponent = (bits &- 0x3f35_04f3) &>> 23
    let m = unsafeBitCast(bits &- (exponent &<< 23), to: SIMD16<Float>.self)
    let e = unsafeBitCast(exponent &+ 0x4b40_0000, to: SIMD16<Float>.self) - 0x1.8p23
    // log m = 2 artanh s = 2 (s + s³/3 + s⁵/5 + …), |s| < 0.172: six terms leave 10⁻¹⁰.
    let s = (m - 1) / (m + 1)
    let square = s * s
    var series = SIMD16<Float>(repeating: 2.0 / 9)
    series = SIMD16(repeating: 2.0 / 7).addingProduct(square, series)
    series = SIMD16(repeating: 2.0 / 5).addingProduct(square, series)
    series = SIMD16(repeating: 2.0 / 3).addingProduct(square, series)
    series = SIMD16(repeating: 2).addingProduct(square, series)
    let logarithm = (e * 0.693_147_18).addingProduct(s, series)
    return (-2 * logarithm).squareRoot()
  }

  /// Cosine and sine of π/2 · (q + f), see ``fillNormal(_:)``.
  @inline(__always)
  private static func cosineAndSine(_ words: SIMD16<UInt32>) -> (SIMD16<Float>, SIMD16<Float>) {
    let fraction = unsafeBitCast(((words &<< 2) &>> 9) | 0x3f80_0000, to: SIMD16<Float>.self) - 1.5
    let x = fraction * (Float.pi / 2)
    let square = x * x
    // Taylor's series on [−π/4, π/4]: the terms left out are below 3 · 10⁻⁸.
    var sine = SIMD16<Float>(repeating: 1.0 / 362_880)
    sine = SIMD16(repeating: -1.0 / 5_040).addingProduct(square, sine)
    sine = SIMD16(repeating: 1.0 / 120).addingProduct(square, sine)
    sine = SIMD16(repeating: -1.0 / 6).addingProduct(square, sine)
    sine = x.addingProduct(x * square, sine)
    var cosine = SIMD16<Float>(repeating: 1.0 / 40_320)
    cosine = SIMD16(repeating: -1.0 / 720).addingProduct(square, cosine)
    cosine = SIMD16(repeating: 1.0 / 24).addingProduct(square, cosine)
    cosine = SIMD16(repeating: -0.5).addingProduct(square, cosine)
    cosine = SIMD16(repeating: 1).addingProduct(square, cosine)
    // A quarter turn maps (cos, sin) to (−sin, cos); q of them are a swap and two signs.
    let quadrant = words &>> 30
    let swap = 0 &- (quadrant & 1)
    let cosineBits = unsafeBitCast(cosine, to: SIMD16<UInt32>.self)
    let sineBits = unsafeBitCast(sine, to: SIMD16<UInt32>.self)
    let difference = (cosineBits ^ sineBits) & swap
    let cosineSign = ((quadrant &+ 1) & 2) &<< 30
    let sineSign = (quadrant & 2) &<< 30
    return (
      unsafeBitCast((cosineBits ^ difference) ^ cosineSign, to: SIMD16<Float>.self),
      unsafeBitCast((sineBits ^ difference) ^ sineSign, to: SIMD16<Float>.self)
    )
  }
}
