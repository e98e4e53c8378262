extension RandomStream {
  /// Fills `out` with numbers uniform in [low, high).
  ///
  /// Number i is made of word i, counted from the next whole block: its upper 24 bits in `Float`, all 32 in
  /// `Double`, so that the two precisions draw (nearly) the same numbers. Whole blocks are used up.
  public mutating func fillUniform(_ out: UnsafeMutableBufferPointer<Float>, from low: Float, to high: Float)
  {
    guard let base = out.baseAddress else { return }
    let start = takeBlocks((out.count + 3) / 4)
    let scale = (high - low) * 0x1p-24
    var offset = 0
    while offset < out.count {
      let words = Self.words(key: key, index: index, position: start + UInt64(offset / 4))
      let first = Self.float(words.first &>> 8) * scale + low
      let second = Self.float(words.second &>> 8) * scale + low
      Self.store(first, second, to: base + offset, limit: out.count - offset)
      offset += 32
    }
  }

  /// Fills `out` with numbers uniform in [low, high), number i made of the 32 bits of word i.
  public mutating func fillUniform(
    _ out: UnsafeMutableBufferPointer<Double>, from low: Double, to high: Double
  ) {
    let start = takeBlocks((out.count + 3) / 4)
    for position in out.indices {
      let block = Self.block(key: key, index: index, position: start + UInt64(position / 4))
      out[position] = Double(block[position % 4]) * 0x1p-32 * (high - low) + low
    }
  }

  /// Fills `out` with inverted-dropout factors: 0 with the given probability, else 1 / (1 − probability).
  ///
  /// Factor i is zero if word i, counted from the next whole block, is less than probability · 2³².
  /// Precondition: `0 <= probability < 1`.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public mutating func fillDropoutFactors<Scalar: Real>(
    _ out: UnsafeMutableBufferPointer<Scalar>, probability: Double
  ) {
    enforce(probability >= 0 && probability < 1, "a probability below one")
    guard let base = out.baseAddress else { return }
    let start = takeBlocks((out.count + 3) / 4)
    let stream = self
    // Pieces of whole blocks: what a factor is drawn from depends on its place alone.
    let pieces = Pieces(of: out.count, smallest: 32_768, unit: 32)
    ThreadTeam.share(pieces.count) { piece, _ in
      let range = pieces[piece]
      stream.storeFactors(
        from: start + UInt64(range.lowerBound / 4), to: base + range.lowerBound, count: range.count,
        probability: probability)
    }
  }

  /// Fills `out`, of rows of `columns` factors, with the first one of every `rows` rows that
  /// ``fillDropoutFactors(_:probability:)`` would draw. The blocks of all those rows are used up.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public mutating func fillDropoutFactors<Scalar: Real>(
    _ out: UnsafeMutableBufferPointer<Scalar>, probability: Double, columns: Int, firstOfEvery rows: Int
  ) {
    enforce(probability >= 0 && probability < 1, "a probability below one")
    guard let base = out.baseAddress else { return }
    let start = takeBlocks((out.count * rows + 3) / 4)
    for row in 0..<out.count / columns {
      let place = base + row * columns
      let (block, word) = (row * rows * columns).quotientAndRemainder(dividingBy: 4)
      // Up to the next whole block word by word.
      let begun = min((4 - word) % 4, columns)
      for offset in 0..<begun {
        let words = Self.block(key: key, index: index, position: start + UInt64(block))
        place[offset] =
          words[word + offset] >= UInt32(probability * 0x1p32) ? Scalar(1 / (1 - probability)) : 0
      }
      storeFactors(
        from: start + UInt64(begun > 0 ? block + 1 : block), to: place + begun, count: columns - begun,
        probability: probability)
    }
  }

  /// The factors of the words from block `start` on.
  @inline(__always)
  private func storeFactors<Scalar: Real>(
    from start: UInt64, to out: UnsafeMutablePointer<Scalar>, count: Int, probability: Double
  ) {
    let keep = Scalar(1 / (1 - probability))
    let limit = SIMD16<UInt32>(repeating: UInt32(probability * 0x1p32))
    var offset = 0
    while offset < count {
      let words = Self.words(key: key, index: index, position: start + UInt64(offset / 4))
      Self.storeFactors(words.first .>= limit, keep, to: out + offset, limit: count - offset)
      Self.storeFactors(words.second .>= limit, keep, to: out + offset + 16, limit: count - offset - 16)
      offset += 32
    }
  }

  @inline(__always)
  private static func storeFactors<Scalar: Real>(
    _ kept: SIMDMask<SIMD16<Int32>>, _ keep: Scalar, to out: UnsafeMutablePointer<Scalar>, limit: Int
  ) {
    if limit >= 16, Scalar.self == Float.self {
      let bits = unsafeBitCast(kept, to: SIMD16<UInt32>.self) & SIMD16(repeating: Float(keep).bitPattern)
      UnsafeMutableRawPointer(out).storeBytes(of: bits, as: SIMD16<UInt32>.self)
      return
    }
    for lane in 0..<min(max(limit, 0), 16) { out[lane] = kept[lane] ? keep : 0 }
  }

  /// Integers below 2³² as floats, rounded to nearest. (The conversion of the standard library is not inlined.)
  @inline(__always)
  static func float(_ words: SIMD16<UInt32>) -> SIMD16<Float> {
    // The halves become the mantissas of numbers of known exponent: 2³⁹ + 2¹⁶·high and 2²³ + low.
    let high = unsafeBitCast((words &>> 16) | 0x5300_0000, to: SIMD16<Float>.self)
    let low = unsafeBitCast((words & 0xffff) | 0x4b00_0000, to: SIMD16<Float>.self)
    return (high - (0x1p39 + 0x1p23)) + low
  }

  /// Stores the first `limit` of 32 numbers.
  @inline(__always)
  static func store(
    _ first: SIMD16<Float>, _ second: SIMD16<Float>, to out: UnsafeMutablePointer<Float>, limit: Int
  ) {
    if limit >= 32 {
      out.store(first, at: 0)
      out.store(second, at: 16)
    } else {
      for lane in 0..<min(limit, 16) { out[lane] = first[lane] }
      for lane in 16..<max(limit, 16) { out[lane] = second[lane - 16] }
    }
  }
}
