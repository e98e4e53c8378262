/// Loads and stores of sixteen scalars at a time, at any alignment.
extension UnsafeMutablePointer where Pointee: Real {
  /// The sixteen scalars from `offset` on.
  @inlinable @inline(__always)
  public func vector(at offset: Int) -> SIMD16<Pointee> {
    UnsafeRawPointer(self + offset).loadUnaligned(as: SIMD16<Pointee>.self)
  }

  /// Overwrites the sixteen scalars from `offset` on.
  @inlinable @inline(__always)
  public func store(_ vector: SIMD16<Pointee>, at offset: Int) {
    UnsafeMutableRawPointer(self + offset).storeBytes(of: vector, as: SIMD16<Pointee>.self)
  }

  /// The `count` scalars from `offset` on, `padding` in the other lanes. Precondition: `count < 16`.
  @inlinable @inline(__always)
  public func vector(at offset: Int, count: Int, padding: Pointee) -> SIMD16<Pointee> {
    var result = SIMD16<Pointee>(repeating: padding)
    for lane in 0..<count { result[lane] = self[offset + lane] }
    return result
  }

  /// Overwrites the `count` scalars from `offset` on with the first lanes. Precondition: `count < 16`.
  @inlinable @inline(__always)
  public func store(_ vector: SIMD16<Pointee>, at offset: Int, count: Int) {
    for lane in 0..<count { self[offset + lane] = vector[lane] }
  }
}

/// Sums of neighbouring scalars.
extension UnsafeMutablePointer where Pointee: Real {
  /// Adds `count` scalars of other memory to those here.
  @inlinable @inline(__always)
  public func accumulate(_ source: UnsafeMutablePointer, count: Int) {
    var index = 0
    while index + 16 <= count {
      store(vector(at: index) + source.vector(at: index), at: index)
      index += 16
    }
    while index < count {
      self[index] += source[index]
      index += 1
    }
  }
}

extension SIMD16 where Scalar: Real {
  /// The sum of all lanes, by halves.
  @inlinable @inline(__always)
  public var laneSum: Scalar {
    let eight = lowHalf + highHalf
    let four = eight.lowHalf + eight.highHalf
    let two = four.lowHalf + four.highHalf
    return two[0] + two[1]
  }

  /// The largest of all lanes.
  @inlinable @inline(__always)
  public var laneMaximum: Scalar {
    var largest = self[0]
    for lane in 1..<16 { largest = self[lane] > largest ? self[lane] : largest }
    return largest
  }
}
