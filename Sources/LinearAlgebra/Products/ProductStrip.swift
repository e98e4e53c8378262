/// A part of a row of a product, in registers while terms are added to it.
protocol ProductStrip {
  associatedtype Vector: NativeFloats
  /// Columns.
  static var width: Int { get }
  static var zero: Self { get }
  static func load(_ place: UnsafePointer<Float>) -> Self
  /// self ← self + factor · row.
  mutating func add(_ factor: Float, _ row: Self)
  /// c ← alpha · self, plus c if `accumulates`.
  func store(to c: UnsafeMutablePointer<Float>, alpha: Float, accumulates: Bool)
}

/// One register wide.
struct SingleStrip<Vector: NativeFloats>: ProductStrip {
  var first: Vector

  static var width: Int { @inline(__always) get { Vector.width } }
  static var zero: Self { @inline(__always) get { Self(first: Vector(repeating: 0)) } }

  @inline(__always)
  static func load(_ place: UnsafePointer<Float>) -> Self { Self(first: .load(place)) }

  @inline(__always)
  mutating func add(_ factor: Float, _ row: Self) {
    first = first.addingProduct(Vector(repeating: factor), row.first)
  }

  @inline(__always)
  func store(to c: UnsafeMutablePointer<Float>, alpha: Float, accumulates: Bool) {
    let value = first * alpha
    (accumulates ? value + Vector.load(c) : value).store(to: c)
  }
}

/// Two registers wide.
struct DoubleStrip<Vector: NativeFloats>: ProductStrip {
  var first: SingleStrip<Vector>
  var second: SingleStrip<Vector>

  static var width: Int { @inline(__always) get { 2 * Vector.width } }
  static var zero: Self { @inline(__always) get { Self(first: .zero, second: .zero) } }

  @inline(__always)
  static func load(_ place: UnsafePointer<Float>) -> Self {
    Self(first: .load(place), second: .load(place + Vector.width))
  }

  @inline(__always)
  mutating func add(_ factor: Float, _ row: Self) {
    first.add(factor, row.first)
    second.add(factor, row.second)
  }

  @inline(__always)
  func store(to c: UnsafeMutablePointer<Float>, alpha: Float, accumulates: Bool) {
    first.store(to: c, alpha: alpha, accumulates: accumulates)
    second.store(to: c + Vector.width, alpha: alpha, accumulates: accumulates)
  }
}

/// Three registers wide.
struct TripleStrip<Vector: NativeFloats>: ProductStrip {
  var first: SingleStrip<Vector>
  var rest: DoubleStrip<Vector>

  static var width: Int { @inline(__always) get { 3 * Vector.width } }
  static var zero: Self { @inline(__always) get { Self(first: .zero, rest: .zero) } }

  @inline(__always)
  static func load(_ place: UnsafePointer<Float>) -> Self {
    Self(first: .load(place), rest: .load(place + Vector.width))
  }

  @inline(__always)
  mutating func add(_ factor: Float, _ row: Self) {
    first.add(factor, row.first)
    rest.add(factor, row.rest)
  }

  @inline(__always)
  func store(to c: UnsafeMutablePointer<Float>, alpha: Float, accumulates: Bool) {
    first.store(to: c, alpha: alpha, accumulates: accumulates)
    rest.store(to: c + Vector.width, alpha: alpha, accumulates: accumulates)
  }
}
