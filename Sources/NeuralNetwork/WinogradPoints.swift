import LinearAlgebra

/// The transforms of Winograd's minimal filtering F(4, 3) in one dimension: four outputs of a filter of three taps
/// from six inputs by six products (Winograd, 1980; Lavin and Gray, 2016),
/// y = Aᵀ((G g) ⊙ (Bᵀ x)).
///
/// Polynomials are evaluated at 0, ±a, ±b and ∞. With a = 5/8 and b = 3/2 the rounding error is a fraction of that
/// with the usual 1 and 2. The gradients are the transposed maps, so that the backward pass needs no other filters.
struct WinogradPoints<Scalar: Real> {
  typealias Lanes = SIMD16<Scalar>
  typealias Three = (Lanes, Lanes, Lanes)
  typealias Four = (Lanes, Lanes, Lanes, Lanes)
  typealias Six = (Lanes, Lanes, Lanes, Lanes, Lanes, Lanes)

  let a: Scalar
  let b: Scalar
  let a2: Scalar
  let b2: Scalar
  let a3: Scalar
  let b3: Scalar
  /// a² + b².
  let sum: Scalar
  /// a² b².
  let product: Scalar
  /// The divisors of the filter's values at 0, ±a and ±b, inverted.
  let zeroFactor: Scalar
  let aFactor: Scalar
  let bFactor: Scalar

  @inline(__always)
  init() {
    a = 0.625
    b = 1.5
    a2 = a * a
    b2 = b * b
    a3 = a2 * a
    b3 = b2 * b
    sum = a2 + b2
    product = a2 * b2
    zeroFactor = 1 / product
    aFactor = 1 / (2 * a2 * (a2 - b2))
    bFactor = 1 / (2 * b2 * (b2 - a2))
  }

  /// Bᵀ x: six inputs to six points.
  @inline(__always)
  func evaluateInput(_ x: Six) -> Six {
    let oddA = x.3.addingProduct(x.1, -b2)
    let evenA = x.4.addingProduct(x.2, -b2)
    let oddB = x.3.addingProduct(x.1, -a2)
    let evenB = x.4.addingProduct(x.2, -a2)
    return (
      x.4.addingProduct(x.2, -sum).addingProduct(x.0, product),
      evenA.addingProduct(oddA, a), evenA.addingProduct(oddA, -a),
      evenB.addingProduct(oddB, b), evenB.addingProduct(oddB, -b),
      x.5.addingProduct(x.3, -sum).addingProduct(x.1, product)
    )
  }

  /// B v, the transpose of ``evaluateInput(_:)``.
  @inline(__always)
  func restoreInput(_ v: Six) -> Six {
    let (sumA, differenceA) = (v.1 + v.2, v.1 - v.2)
    let (sumB, differenceB) = (v.3 + v.4, v.3 - v.4)
    return (
      v.0 * product,
      (v.5 * product).addingProduct(differenceA, -(a * b2)).addingProduct(differenceB, -(b * a2)),
      (v.0 * -sum).addingProduct(sumA, -b2).addingProduct(sumB, -a2),
      (v.5 * -sum).addingProduct(differenceA, a).addingProduct(differenceB, b),
      v.0 + (sumA + sumB),
      v.5
    )
  }

  /// Aᵀ m: six points to four outputs.
  @inline(__always)
  func interpolate(_ m: Six) -> Four {
    let (sumA, differenceA) = (m.1 + m.2, m.1 - m.2)
    let (sumB, differenceB) = (m.3 + m.4, m.3 - m.4)
    return (
      m.0 + (sumA + sumB),
      (differenceA * a).addingProduct(differenceB, b),
      (sumA * a2).addingProduct(sumB, b2),
      m.5.addingProduct(differenceA, a3).addingProduct(differenceB, b3)
    )
  }

  /// A y, the transpose of ``interpolate(_:)``.
  @inline(__always)
  func evaluateOutput(_ y: Four) -> Six {
    let evenA = y.0.addingProduct(y.2, a2)
    let oddA = (y.1 * a).addingProduct(y.3, a3)
    let evenB = y.0.addingProduct(y.2, b2)
    let oddB = (y.1 * b).addingProduct(y.3, b3)
    return (y.0, evenA + oddA, evenA - oddA, evenB + oddB, evenB - oddB, y.3)
  }

  /// G g: three taps to six points.
  @inline(__always)
  func evaluateFilter(_ g: Three) -> Six {
    let evenA = g.0.addingProduct(g.2, a2) * aFactor
    let oddA = g.1 * (a * aFactor)
    let evenB = g.0.addingProduct(g.2, b2) * bFactor
    let oddB = g.1 * (b * bFactor)
    return (g.0 * zeroFactor, evenA + oddA, evenA - oddA, evenB + oddB, evenB - oddB, g.2)
  }

  /// Gᵀ u, the transpose of ``evaluateFilter(_:)``.
  @inline(__always)
  func restoreFilter(_ u: Six) -> Three {
    let (sumA, differenceA) = ((u.1 + u.2) * aFactor, (u.1 - u.2) * aFactor)
    let (sumB, differenceB) = ((u.3 + u.4) * bFactor, (u.3 - u.4) * bFactor)
    return (
      (u.0 * zeroFactor) + (sumA + sumB),
      (differenceA * a).addingProduct(differenceB, b),
      u.5.addingProduct(sumA, a2).addingProduct(sumB, b2)
    )
  }
}
