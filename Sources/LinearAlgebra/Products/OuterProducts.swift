/// Products whose second factor is read row by row: c (m × n) is built up from k outer products.
///
/// A tile of c stays in registers over all of k. Every element is the same sum in the same order, wherever in c it
/// lies: equal columns of b and equal rows of op(a) give equal bits, as copies in a network need.
struct OuterProducts<Vector: NativeFloats> {
  let a: UnsafePointer<Float>
  /// From one row of op(a) to the next, and from one column to the next.
  let rowStride: Int
  let columnStride: Int
  let b: UnsafePointer<Float>
  /// From one row of b to the next.
  let strideB: Int
  let c: UnsafeMutablePointer<Float>
  let strideC: Int
  /// The terms of each sum in a segment.
  let k: Int
  /// Sums may go over several pieces of equal length of a's rows and as many pieces of b, each so far from the last.
  var segments = 1
  var segmentStrideA = 0
  var segmentStrideB = 0
  let alpha: Float
  /// Whether the product is added to what c is.
  let accumulates: Bool

  /// Computes all of c.
  @inline(__always)
  func run(m: Int, n: Int) {
    // op(a): m × k, b: k × n, c: m × n, and as many of a and b as there are segments.
    // c = alpha · Σ op(a) · b (+ c)
    var column = 0
    while column + TripleStrip<Vector>.width <= n {
      strip(TripleStrip<Vector>.self, column, rows: m)
      column += TripleStrip<Vector>.width
    }
    if column + DoubleStrip<Vector>.width <= n {
      strip(DoubleStrip<Vector>.self, column, rows: m)
      column += DoubleStrip<Vector>.width
    } else if column + Vector.width <= n {
      strip(SingleStrip<Vector>.self, column, rows: m)
      column += Vector.width
    }
    guard column < n else { return }
    if n >= Vector.width, !accumulates {
      // Some columns are computed twice, to the same bits.
      strip(SingleStrip<Vector>.self, n - Vector.width, rows: m)
    } else {
      // Where rows of op(a) lie beside one another, a register holds a column of some of them.
      let row = rowStride == 1 ? upright(column..<n, rows: m) : 0
      for column in column..<n { single(column, rows: row..<m) }
    }
  }

  /// Computes columns that fill no register, as many rows at a time as fill some, by the same operations as ``single``:
  /// the gradient of a layer with two inputs is nothing else.
  ///
  /// - Returns: the first row that is left.
  @inline(__always)
  private func upright(_ columns: Range<Int>, rows: Int) -> Int {
    var row = 0
    while row + TripleStrip<Vector>.width <= rows {
      for column in columns {
        let sum = sums(TripleStrip<Vector>.self, row, column)
        stand(sum.first, row, column)
        stand(sum.rest.first, row + Vector.width, column)
        stand(sum.rest.second, row + 2 * Vector.width, column)
      }
      row += TripleStrip<Vector>.width
    }
    while row + Vector.width <= rows {
      for column in columns { stand(sums(SingleStrip<Vector>.self, row, column), row, column) }
      row += Vector.width
    }
    return row
  }

  /// The sums of a column, those of some rows beside one another.
  @inline(__always)
  private func sums<Strip: ProductStrip>(_ type: Strip.Type, _ row: Int, _ column: Int) -> Strip {
    var sums = Strip.zero
    for segment in 0..<segments {
      var left = a + row + segment * segmentStrideA
      var right = b + column + segment * segmentStrideB
      for _ in 0..<k {
        sums.add(right[0], Strip.load(left))
        left += columnStride
        right += strideB
      }
    }
    return sums
  }

  /// Stores sums of a column below one another.
  @inline(__always)
  private func stand(_ sums: SingleStrip<Vector>, _ row: Int, _ column: Int) {
    let values = sums.first * alpha
    var place = c + row * strideC + column
    for lane in 0..<Vector.width {
      place[0] = accumulates ? values[lane] + place[0] : values[lane]
      place += strideC
    }
  }

  @inline(__always)
  private func strip<Strip: ProductStrip>(_ type: Strip.Type, _ column: Int, rows: Int) {
    var row = 0
    // Few registers a row want more rows at a time, or additions would wait for each other.
    if Strip.width == Vector.width {
      while row + 8 <= rows {
        eight(type, row, column)
        row += 8
      }
    }
    while row + 4 <= rows {
      four(type, row, column)
      row += 4
    }
    // Together, as each alone would wait for its own additions.
    switch rows - row {
    case 3: three(type, row, column)
    case 2: two(type, row, column)
    case 1: one(type, row, column)
    default: break
    }
  }

  @inline(__always)
  private func eight<Strip: ProductStrip>(_ type: Strip.Type, _ row: Int, _ column: Int) {
    var c0 = Strip.zero
    var c1 = Strip.zero
    var c2 = Strip.zero
    var c3 = Strip.zero
    var c4 = Strip.zero
    var c5 = Strip.zero
    var c6 = Strip.zero
    var c7 = Strip.zero
    for segment in 0..<segments {
      var left = a + row * rowStride + segment * segmentStrideA
      var below = left + 4 * rowStride
      var right = b + column + segment * segmentStrideB
      for _ in 0..<k {
        let strip = Strip.load(right)
        c0.add(left[0], strip)
        c1.add(left[rowStride], strip)
        c2.add(left[2 * rowStride], strip)
        c3.add(left[3 * rowStride], strip)
        c4.add(below[0], strip)
        c5.add(below[rowStride], strip)
        c6.add(below[2 * rowStride], strip)
        c7.add(below[3 * rowStride], strip)
        left += columnStride
        below += columnStride
        right += strideB
      }
    }
    let place = c + row * strideC + column
    store(c0, to: place)
    store(c1, to: place + strideC)
    store(c2, to: place + 2 * strideC)
    store(c3, to: place + 3 * strideC)
    store(c4, to: place + 4 * strideC)
    store(c5, to: place + 5 * strideC)
    store(c6, to: place + 6 * strideC)
    store(c7, to: place + 7 * strideC)
  }

  @inline(__always)
  private func four<Strip: ProductStrip>(_ type: Strip.Type, _ row: Int, _ column: Int) {
    var c0 = Strip.zero
    var c1 = Strip.zero
    var c2 = Strip.zero
    var c3 = Strip.zero
    for segment in 0..<segments {
      var left = a + row * rowStride + segment * segmentStrideA
      var right = b + column + segment * segmentStrideB
      for _ in 0..<k {
        let strip = Strip.load(right)
        c0.add(left[0], strip)
        c1.add(left[rowStride], strip)
        c2.add(left[2 * rowStride], strip)
        c3.add(left[3 * rowStride], strip)
        left += columnStride
        right += strideB
      }
    }
    let place = c + row * strideC + column
    store(c0, to: place)
    store(c1, to: place + strideC)
    store(c2, to: place + 2 * strideC)
    store(c3, to: place + 3 * strideC)
  }

  @inline(__always)
  private func three<Strip: ProductStrip>(_ type: Strip.Type, _ row: Int, _ column: Int) {
    var c0 = Strip.zero
    var c1 = Strip.zero
    var c2 = Strip.zero
    for segment in 0..<segments {
      var left = a + row * rowStride + segment * segmentStrideA
      var right = b + column + segment * segmentStrideB
      for _ in 0..<k {
        let strip = Strip.load(right)
        c0.add(left[0], strip)
        c1.add(left[rowStride], strip)
        c2.add(left[2 * rowStride], strip)
        left += columnStride
        right += strideB
      }
    }
    let place = c + row * strideC + column
    store(c0, to: place)
    store(c1, to: place + strideC)
    store(c2, to: place + 2 * strideC)
  }

  @inline(__always)
  private func two<Strip: ProductStrip>(_ type: Strip.Type, _ row: Int, _ column: Int) {
    var c0 = Strip.zero
    var c1 = Strip.zero
    for segment in 0..<segments {
      var left = a + row * rowStride + segment * segmentStrideA
      var right = b + column + segment * segmentStrideB
      for _ in 0..<k {
        let strip = Strip.load(right)
        c0.add(left[0], strip)
        c1.add(left[rowStride], strip)
        left += columnStride
        right += strideB
      }
    }
    let place = c + row * strideC + column
    store(c0, to: place)
    store(c1, to: place + strideC)
  }

  @inline(__always)
  private func one<Strip: ProductStrip>(_ type: Strip.Type, _ row: Int, _ column: Int) {
    var c0 = Strip.zero
    for segment in 0..<segments {
      var left = a + row * rowStride + segment * segmentStrideA
      var right = b + column + segment * segmentStrideB
      for _ in 0..<k {
        c0.add(left[0], Strip.load(right))
        left += columnStride
        right += strideB
      }
    }
    store(c0, to: c + row * strideC + column)
  }

  @inline(__always)
  private func store<Strip: ProductStrip>(_ strip: Strip, to place: UnsafeMutablePointer<Float>) {
    strip.store(to: place, alpha: alpha, accumulates: accumulates)
  }

  /// A column that is left over, by the same operations as a lane of a vector.
  @inline(__always)
  private func single(_ column: Int, rows: Range<Int>) {
    for row in rows {
      var sum: Float = 0
      for segment in 0..<segments {
        var left = a + row * rowStride + segment * segmentStrideA
        var right = b + column + segment * segmentStrideB
        for _ in 0..<k {
          sum = sum.addingProduct(left[0], right[0])
          left += columnStride
          right += strideB
        }
      }
      let place = c + row * strideC + column
      place[0] = accumulates ? sum * alpha + place[0] : sum * alpha
    }
  }
}
