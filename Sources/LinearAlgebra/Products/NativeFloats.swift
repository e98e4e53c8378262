import COpenBLAS

/// As many single-precision numbers as one register of the processor that is built for holds.
///
/// Products keep a dozen of them in registers: a wider type than the processor's would have to live in memory, a
/// narrower one would leave half of it idle. See ``Float/isWide``.
protocol NativeFloats: SIMD where Scalar == Float {
  /// Sums of lanes that are four apart.
  var folded: SIMD4<Float> { get }
}

extension SIMD8<Float>: NativeFloats {
  var folded: SIMD4<Float> {
    @inline(__always) get { lowHalf + highHalf }
  }
}

extension SIMD16<Float>: NativeFloats {
  var folded: SIMD4<Float> {
    @inline(__always) get { (lowHalf + highHalf).folded }
  }
}

extension NativeFloats {
  static var width: Int {
    @inline(__always) get { scalarCount }
  }

  @inline(__always)
  static func load(_ place: UnsafePointer<Float>) -> Self {
    UnsafeRawPointer(place).loadUnaligned(as: Self.self)
  }

  @inline(__always)
  func store(to place: UnsafeMutablePointer<Float>) {
    UnsafeMutableRawPointer(place).storeBytes(of: self, as: Self.self)
  }

  /// The sum of all lanes, in the order of ``sums(_:_:_:_:)``.
  var sumOfLanes: Float {
    @inline(__always) get {
      let four = folded
      return (four[0] + four[2]) + (four[1] + four[3])
    }
  }

  /// The sums of all lanes of four vectors.
  @inline(__always)
  static func sums(_ a: Self, _ b: Self, _ c: Self, _ d: Self) -> SIMD4<Float> {
    let (a, b, c, d) = (a.folded, b.folded, c.folded, d.folded)
    let ab = SIMD4(a[0], a[1], b[0], b[1]) + SIMD4(a[2], a[3], b[2], b[3])
    let cd = SIMD4(c[0], c[1], d[0], d[1]) + SIMD4(c[2], c[3], d[2], d[3])
    return SIMD4(ab[0], ab[2], cd[0], cd[2]) + SIMD4(ab[1], ab[3], cd[1], cd[3])
  }
}

extension Float {
  /// Whether registers hold sixteen of them (AVX-512) on the processor that is built for, else eight or fewer. The
  /// order in which products add up depends on it, so it goes by the build, never by the machine at hand.
  static var isWide: Bool {
    @inline(__always) get { BARRIERS_REGISTER_BYTES >= 64 }
  }
}
