/// Products of rows with rows: c (m × n) = a · bᵀ, of which a and b are read along their rows.
///
/// Every element is summed in lanes and then over them in the same order, wherever in c it lies: equal rows give equal
/// bits, as copies in a network need.
struct InnerProducts<Vector: NativeFloats> {
  var a: UnsafePointer<Float>
  let strideA: Int
  var b: UnsafePointer<Float>
  let strideB: Int
  let c: UnsafeMutablePointer<Float>
  let strideC: Int
  /// The terms of each sum.
  var k: Int
  let alpha: Float
  /// Whether the product is added to what c is.
  var accumulates: Bool

  /// So many terms of four rows of b fill a quarter of the nearest cache.
  private static var mostTerms: Int { 512 }

  /// Computes all of c.
  @inline(__always)
  func run(m: Int, n: Int) {
    // a: m × k, b: n × k, c: m × n.
    // c = alpha · a · bᵀ (+ c)
    var part = self
    var first = 0
    repeat {
      part.k = min(k - first, Self.mostTerms)
      part.runPart(m: m, n: n)
      part.a += Self.mostTerms
      part.b += Self.mostTerms
      part.accumulates = true
      first += Self.mostTerms
    } while first < k
  }

  private func runPart(m: Int, n: Int) {
    var column = 0
    while column + 4 <= n {
      var row = 0
      while row + 3 <= m {
        three(row, column)
        row += 3
      }
      while row < m {
        one(row, column)
        row += 1
      }
      column += 4
    }
    while column < n {
      for row in 0..<m { single(row, column) }
      column += 1
    }
  }

  @inline(__always)
  private func three(_ row: Int, _ column: Int) {
    let (x0, y0) = (a + row * strideA, b + column * strideB)
    let (x1, x2) = (x0 + strideA, x0 + 2 * strideA)
    let (y1, y2, y3) = (y0 + strideB, y0 + 2 * strideB, y0 + 3 * strideB)
    let zero = Vector(repeating: 0)
    var c00 = zero
    var c01 = zero
    var c02 = zero
    var c03 = zero
    var c10 = zero
    var c11 = zero
    var c12 = zero
    var c13 = zero
    var c20 = zero
    var c21 = zero
    var c22 = zero
    var c23 = zero
    var index = 0
    while index + Vector.width <= k {
      let (p, q, r) = (Vector.load(x0 + index), Vector.load(x1 + index), Vector.load(x2 + index))
      let s = Vector.load(y0 + index)
      c00 = c00.addingProduct(p, s)
      c10 = c10.addingProduct(q, s)
      c20 = c20.addingProduct(r, s)
      let t = Vector.load(y1 + index)
      c01 = c01.addingProduct(p, t)
      c11 = c11.addingProduct(q, t)
      c21 = c21.addingProduct(r, t)
      let u = Vector.load(y2 + index)
      c02 = c02.addingProduct(p, u)
      c12 = c12.addingProduct(q, u)
      c22 = c22.addingProduct(r, u)
      let v = Vector.load(y3 + index)
      c03 = c03.addingProduct(p, v)
      c13 = c13.addingProduct(q, v)
      c23 = c23.addingProduct(r, v)
      index += Vector.width
    }
    finish(Vector.sums(c00, c01, c02, c03), row, column, from: index)
    finish(Vector.sums(c10, c11, c12, c13), row + 1, column, from: index)
    finish(Vector.sums(c20, c21, c22, c23), row + 2, column, from: index)
  }

  @inline(__always)
  private func one(_ row: Int, _ column: Int) {
    let (x0, y0) = (a + row * strideA, b + column * strideB)
    let (y1, y2, y3) = (y0 + strideB, y0 + 2 * strideB, y0 + 3 * strideB)
    let zero = Vector(repeating: 0)
    var c00 = zero
    var c01 = zero
    var c02 = zero
    var c03 = zero
    var index = 0
    while index + Vector.width <= k {
      let p = Vector.load(x0 + index)
      c00 = c00.addingProduct(p, .load(y0 + index))
      c01 = c01.addingProduct(p, .load(y1 + index))
      c02 = c02.addingProduct(p, .load(y2 + index))
      c03 = c03.addingProduct(p, .load(y3 + index))
      index += Vector.width
    }
    finish(Vector.sums(c00, c01, c02, c03), row, column, from: index)
  }

  /// Adds the terms from `index` on to four sums, and stores them.
  @inline(__always)
  private func finish(_ sums: SIMD4<Float>, _ row: Int, _ column: Int, from index: Int) {
    var sums = sums
    let (x, y) = (a + row * strideA, b + column * strideB)
    for index in index..<k {
      let terms = SIMD4(y[index], y[strideB + index], y[2 * strideB + index], y[3 * strideB + index])
      sums = sums.addingProduct(SIMD4(repeating: x[index]), terms)
    }
    let place = UnsafeMutableRawPointer(c + row * strideC + column)
    var value = sums * alpha
    if accumulates { value += UnsafeRawPointer(place).loadUnaligned(as: SIMD4<Float>.self) }
    place.storeBytes(of: value, as: SIMD4<Float>.self)
  }

  @inline(__always)
  private func single(_ row: Int, _ column: Int) {
    let (x, y) = (a + row * strideA, b + column * strideB)
    var lanes = Vector(repeating: 0)
    var index = 0
    while index + Vector.width <= k {
      lanes = lanes.addingProduct(.load(x + index), .load(y + index))
      index += Vector.width
    }
    var sum = lanes.sumOfLanes
    for index in index..<k { sum = sum.addingProduct(x[index], y[index]) }
    let place = c + row * strideC + column
    place[0] = accumulates ? sum * alpha + place[0] : sum * alpha
  }
}
