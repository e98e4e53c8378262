/// A counter-based random stream: Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3",
/// SC 2011).
///
/// A stream is named by seed, purpose and index (an epoch, a step, a layer…), so any part of a run can be
/// drawn again without drawing what came before it: a resumed run needs no generator state.
public struct RandomStream: RandomNumberGenerator, Sendable {
  /// The part of a stream's name that is fixed over a run, hashed once so that a step need not touch strings.
  public struct Key: Hashable, Sendable {
    package let low: UInt32
    package let high: UInt32

    /// A key given word by word, for known-answer tests.
    package init(low: UInt32, high: UInt32) {
      self.low = low
      self.high = high
    }

    /// The key of all streams for `purpose` in the run with `seed`.
    public init(seed: UInt64, purpose: String) {
      var hash: UInt64 = 0xcbf2_9ce4_8422_2325  // FNV-1a
      for byte in purpose.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
      // The finaliser of SplitMix64 separates neighbouring seeds.
      var mixed = hash &+ seed &* 0x9e37_79b9_7f4a_7c15
      mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
      mixed ^= mixed >> 31
      low = UInt32(truncatingIfNeeded: mixed)
      high = UInt32(truncatingIfNeeded: mixed >> 32)
    }
  }

  let key: Key
  let index: UInt64
  /// The next block to be drawn.
  var position: UInt64 = 0
  private var block = SIMD4<UInt32>()
  /// How many words of the current block are drawn already; four: none is left.
  var used = 4

  public init(_ key: Key, index: UInt64 = 0) {
    self.key = key
    self.index = index
  }

  public init(seed: UInt64, purpose: String, index: UInt64 = 0) {
    self.init(Key(seed: seed, purpose: purpose), index: index)
  }

  /// The `position`-th block of four words of the stream (key, index).
  package static func block(key: Key, index: UInt64, position: UInt64) -> SIMD4<UInt32> {
    var counter = SIMD4<UInt32>(
      UInt32(truncatingIfNeeded: position), UInt32(truncatingIfNeeded: position >> 32),
      UInt32(truncatingIfNeeded: index), UInt32(truncatingIfNeeded: index >> 32))
    var low = key.low
    var high = key.high
    for _ in 0..<10 {
      let first = UInt64(0xd251_1f53) &* UInt64(counter.x)
      let second = UInt64(0xcd9e_8d57) &* UInt64(counter.z)
      counter = SIMD4(
        UInt32(truncatingIfNeeded: second >> 32) ^ counter.y ^ low, UInt32(truncatingIfNeeded: second),
        UInt32(truncatingIfNeeded: first >> 32) ^ counter.w ^ high, UInt32(truncatingIfNeeded: first))
      low &+= 0x9e37_79b9
      high &+= 0xbb67_ae85
    }
    return counter
  }

  /// The next 32 random bits.
  public mutating func nextWord() -> UInt32 {
    if used == 4 {
      block = Self.block(key: key, index: index, position: position)
      position += 1
      used = 0
    }
    defer { used += 1 }
    return block[used]
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    let low = UInt64(nextWord())
    return low | UInt64(nextWord()) << 32
  }

  /// Uniform in [0, 1), 53 bits.
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Uniform in 0 ..< `bound`, by multiplication with rejection (Lemire 2019). Precondition: `bound > 0`.
  public mutating func integer(below bound: UInt32) -> UInt32 {
    precondition(bound > 0)
    let threshold = (0 &- bound) % bound
    while true {
      let product = UInt64(nextWord()) &* UInt64(bound)
      if UInt32(truncatingIfNeeded: product) >= threshold { return UInt32(product >> 32) }
    }
  }

  /// The numbers 0 ..< `count` in random order (Fisher and Yates).
  public mutating func permutation(count: Int) -> [Int32] {
    var order = (0..<Int32(count)).map { $0 }
    for last in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(last, Int(integer(below: UInt32(last + 1))))
    }
    return order
  }
}
