/// How many random bits a stream has, as a type: where the number is known, the compiler unrolls the loops over
/// them.
protocol RandomBitCount {
  static var known: Int? { get }
}

/// The paper's five.
enum FiveRandomBits: RandomBitCount {
  @inline(__always)
  static var known: Int? { 5 }
}

enum AnyRandomBits: RandomBitCount {
  @inline(__always)
  static var known: Int? { nil }
}
