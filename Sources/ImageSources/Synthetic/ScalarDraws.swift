import LinearAlgebra
import PreparedImages

extension RandomStream {
  /// Uniform in `low ..< high`.
  mutating func uniform(_ low: Float, _ high: Float) -> Float {
    low + (high - low) * Float(nextWord() >> 8) * 0x1p-24
  }

  /// Nearly normal with mean 0 and variance 1, the sum of four uniform numbers: made by additions and one
  /// product, so that it is the same number on every machine.
  mutating func bell() -> Float {
    var sum: Float = 0
    for _ in 0..<4 { sum += uniform(0, 1) }
    return (sum - 2) * 1.732_050_8
  }
}

/// A direction in the plane, made without the C library's sine.
struct Direction {
  let cosine: Float
  let sine: Float

  /// The direction at an angle in turns (1 is a full circle), off by less than a thousandth of a turn.
  init(turns: Float) {
    let sine = wave(turns)
    let cosine = wave(turns + 0.25)
    let length = (sine * sine + cosine * cosine).squareRoot()
    self.cosine = cosine / length
    self.sine = sine / length
  }
}

/// Nearly sin(2π · `turns`): two parabolas, corrected; error below 0.0011.
@inline(__always)
func wave(_ turns: Float) -> Float {
  let phase = turns - turns.rounded(.toNearestOrEven)
  let parabola = 8 * phase * (1 - 2 * abs(phase))
  return parabola * (0.775 + 0.225 * abs(parabola))
}
