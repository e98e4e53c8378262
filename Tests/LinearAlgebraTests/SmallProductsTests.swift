import Testing

@testable import LinearAlgebra

/// Products of our own kernels against the definition, and what copies in a network need of them.
@Suite struct SmallProductsTests {
  private struct Case: CustomTestStringConvertible {
    let transposeA: Bool
    let transposeB: Bool
    var testDescription: String { "\(transposeA ? "aᵀ" : "a")·\(transposeB ? "bᵀ" : "b")" }
  }

  private static let cases = [
    Case(transposeA: false, transposeB: false), Case(transposeA: true, transposeB: false),
    Case(transposeA: false, transposeB: true),
  ]
  private static let sizes = [1, 3, 4, 5, 8, 13, 17, 25, 33, 40]

  private static func numbers(_ count: Int, _ purpose: String) -> [Float] {
    var values = [Float](repeating: 0, count: count)
    var stream = RandomStream(seed: 5, purpose: purpose)
    values.withUnsafeMutableBufferPointer { stream.fillNormal($0) }
    return values
  }

  /// c of m × n with rows `n + 3` apart, what lies between them untouched.
  private static func product(
    _ kind: Case, m: Int, n: Int, k: Int, alpha: Float, accumulates: Bool, a: [Float], b: [Float], c: [Float],
    wide: Bool
  ) -> [Float] {
    var result = c
    let strideA = (kind.transposeA ? m : k) + 2
    let strideB = (kind.transposeB ? k : n) + 1
    result.withUnsafeMutableBufferPointer { c in
      a.withUnsafeBufferPointer { a in
        b.withUnsafeBufferPointer { b in
          guard let a = a.baseAddress, let b = b.baseAddress, let c = c.baseAddress else { return }
          SmallProducts.multiply(
            transposeA: kind.transposeA, transposeB: kind.transposeB, m: m, n: n, k: k, alpha: alpha, a: a,
            strideA: strideA, b: b, strideB: strideB, accumulates: accumulates, c: c, strideC: n + 3,
            isWide: wide)
        }
      }
    }
    return result
  }

  @Test(arguments: cases, [false, true])
  private func followTheDefinition(kind: Case, wide: Bool) {
    for m in Self.sizes {
      for n in Self.sizes {
        for k in [1, 8, 19] {
          let strideA = (kind.transposeA ? m : k) + 2
          let strideB = (kind.transposeB ? k : n) + 1
          let a = Self.numbers((kind.transposeA ? k : m) * strideA, "a")
          let b = Self.numbers((kind.transposeB ? n : k) * strideB, "b")
          let c = Self.numbers(m * (n + 3), "c")
          let accumulates = (m + n + k) % 2 == 0
          let alpha: Float = (m + n) % 3 == 0 ? 0.25 : 1
          let result = Self.product(
            kind, m: m, n: n, k: k, alpha: alpha, accumulates: accumulates, a: a, b: b, c: c, wide: wide)
          var worst: Float = 0
          for row in 0..<m {
            for column in 0..<n + 3 {
              let place = row * (n + 3) + column
              guard column < n else {
                worst = max(worst, result[place] == c[place] ? 0 : 1)
                continue
              }
              var sum = 0.0
              for index in 0..<k {
                let left = a[kind.transposeA ? index * strideA + row : row * strideA + index]
                let right = b[kind.transposeB ? column * strideB + index : index * strideB + column]
                sum += Double(left) * Double(right)
              }
              let expected = Double(alpha) * sum + (accumulates ? Double(c[place]) : 0)
              worst = max(worst, abs(Float(expected) - result[place]))
            }
          }
          #expect(worst < 2e-5, "\(m) × \(n) × \(k)")
        }
      }
    }
  }

  /// Sums of more terms than are taken together.
  @Test(arguments: [false, true])
  func longSumsAreAddedInParts(wide: Bool) {
    let (m, n, k) = (4, 5, 1_100)
    let (a, b) = (Self.numbers(m * (k + 2), "a"), Self.numbers(n * (k + 1), "b"))
    let c = Self.numbers(m * (n + 3), "c")
    let result = Self.product(
      Self.cases[2], m: m, n: n, k: k, alpha: 0.5, accumulates: true, a: a, b: b, c: c, wide: wide)
    for row in 0..<m {
      for column in 0..<n {
        var sum = 0.0
        for index in 0..<k { sum += Double(a[row * (k + 2) + index]) * Double(b[column * (k + 1) + index]) }
        let place = row * (n + 3) + column
        #expect(abs(0.5 * sum + Double(c[place]) - Double(result[place])) < 1e-4)
      }
    }
  }

  /// The transform of a convolution's filters: the copies of a filter lie as many rows apart as it has inputs, and are
  /// summed alike all the same, to the last row.
  @Test(arguments: [(16, 1024), (32, 2048), (24, 1200)])
  func distantCopiesOfAFilterAreEqual(distance: Int, m: Int) {
    let (n, k) = (9, 36)
    let row = Self.numbers(k * distance, "rows")
    let a = (0..<k * m).map { row[$0 / m * distance + $0 % m % distance] }
    let b = Self.numbers(k * n, "b")
    var c = [Float](repeating: 0, count: m * n)
    Float.gemm(
      transposeA: true, transposeB: false, m: m, n: n, k: k, alpha: 1, a: a, strideA: m, b: b, strideB: n,
      beta: 0,
      c: &c, strideC: n)
    for index in c.indices { #expect(c[index] == c[index % (distance * n)]) }
  }

  /// Copies of a unit are equal rows or columns of the factors: what comes out must be equal to the last bit, wherever
  /// it lies, or copies would part. For factors 2, 3 and 4 and odd numbers of units.
  @Test(arguments: cases, [2, 3, 4])
  private func copiesAreEqualToTheLastBit(kind: Case, factor: Int) {
    for units in [1, 3, 5, 7, 11, 13] {
      for wide in [false, true] {
        let (m, n, k) = (units * factor, (units + 2) * factor, 3 * units * factor)
        let strideA = (kind.transposeA ? m : k) + 2
        let strideB = (kind.transposeB ? k : n) + 1
        var a = Self.numbers((kind.transposeA ? k : m) * strideA, "a")
        var b = Self.numbers((kind.transposeB ? n : k) * strideB, "b")
        for row in 0..<m {
          for index in 0..<k {
            let (from, to) = (row / factor * factor, row)
            if kind.transposeA {
              a[index * strideA + to] = a[index * strideA + from]
            } else {
              a[to * strideA + index] = a[from * strideA + index]
            }
          }
        }
        for column in 0..<n {
          for index in 0..<k {
            let (from, to) = (column / factor * factor, column)
            if kind.transposeB {
              b[to * strideB + index] = b[from * strideB + index]
            } else {
              b[index * strideB + to] = b[index * strideB + from]
            }
          }
        }
        let c = [Float](repeating: 0, count: m * (n + 3))
        for accumulates in [false, true] {
          let result = Self.product(
            kind, m: m, n: n, k: k, alpha: 0.3, accumulates: accumulates, a: a, b: b, c: c, wide: wide)
          let differing = (0..<m * n).filter { place in
            let (row, column) = (place / n, place % n)
            let first = row / factor * factor * (n + 3) + column / factor * factor
            return result[row * (n + 3) + column].bitPattern != result[first].bitPattern
          }
          #expect(differing.isEmpty, "\(units) units, factor \(factor)")
        }
      }
    }
  }
}
