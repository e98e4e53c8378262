extension RandomStream {
  /// The 32 words of eight consecutive blocks from `position` on, in the order in which ``nextWord()`` gives them.
  @inline(__always)
  static func words(
    key: Key, index: UInt64, position: UInt64
  ) -> (first: SIMD16<UInt32>, second: SIMD16<UInt32>) {
    let (x, y, z, w) = lanes(key: key, index: index, position: position)
    return interleaved(x | (y &<< 32), z | (w &<< 32))
  }

  /// a₀ b₀ a₁ b₁ …, each of them two words.
  @inline(__always)
  static func interleaved(
    _ a: SIMD8<UInt64>, _ b: SIMD8<UInt64>
  ) -> (first: SIMD16<UInt32>, second: SIMD16<UInt32>) {
    var pairs = SIMD16<UInt64>()
    pairs.evenHalf = a
    pairs.oddHalf = b
    return (
      unsafeBitCast(pairs.lowHalf, to: SIMD16<UInt32>.self),
      unsafeBitCast(pairs.highHalf, to: SIMD16<UInt32>.self)
    )
  }

  /// Eight consecutive blocks of Philox at once: their first, second, third and fourth words.
  ///
  /// Every 32-bit word lives in a lane of 64 bits, where the product of two words needs no unpacking.
  @inline(__always)
  static func lanes(
    key: Key, index: UInt64, position: UInt64
  ) -> (SIMD8<UInt64>, SIMD8<UInt64>, SIMD8<UInt64>, SIMD8<UInt64>) {
    typealias Lanes = SIMD8<UInt64>
    let mask = Lanes(repeating: 0xffff_ffff)
    let firstFactor = Lanes(repeating: 0xd251_1f53)
    let secondFactor = Lanes(repeating: 0xcd9e_8d57)
    let positions = Lanes(repeating: position) &+ Lanes(0, 1, 2, 3, 4, 5, 6, 7)
    var x = positions & mask
    var y = positions &>> 32
    var z = Lanes(repeating: index & 0xffff_ffff)
    var w = Lanes(repeating: index >> 32)
    var low = key.low
    var high = key.high
    for _ in 0..<10 {
      let first = firstFactor &* x
      let second = secondFactor &* z
      x = (second &>> 32) ^ y ^ Lanes(repeating: UInt64(low))
      y = second & mask
      z = (first &>> 32) ^ w ^ Lanes(repeating: UInt64(high))
      w = first & mask
      low &+= 0x9e37_79b9
      high &+= 0xbb67_ae85
    }
    return (x, y, z, w)
  }

  /// Takes `blocks` whole blocks, skipping what is left of a block begun, and returns where they start.
  @inline(__always)
  mutating func takeBlocks(_ blocks: Int) -> UInt64 {
    used = 4
    defer { position += UInt64(blocks) }
    return position
  }
}
