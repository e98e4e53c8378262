/// The random bits of an example as numbers, in fields rather than an array, so that each stays in a register while
/// the units go by.
struct PatternBits<Scalar: LaneScalar> {
  private let zeroth, first, second, third, fourth, fifth, sixth, seventh: Scalar

  /// Bit r of `pattern` is that of the r-th random bit.
  init(_ pattern: Int) {
    func bit(_ index: Int) -> Scalar { Scalar(pattern >> index & 1) }
    (zeroth, first, second, third) = (bit(0), bit(1), bit(2), bit(3))
    (fourth, fifth, sixth, seventh) = (bit(4), bit(5), bit(6), bit(7))
  }

  @inline(__always)
  subscript(bit: Int) -> Scalar {
    switch bit {
    case 0: zeroth
    case 1: first
    case 2: second
    case 3: third
    case 4: fourth
    case 5: fifth
    case 6: sixth
    default: seventh
    }
  }
}
