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
}
