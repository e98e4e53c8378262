import LinearAlgebra

/// The transforms of Winograd's minimal filtering F(4, 3) in one dimension: four outputs of a filter of three taps
/// from six inputs by six products (Winograd, 1980; Lavin and Gray, 2016),
/// y = Aᵀ((G g) ⊙ (Bᵀ x)).
///
/// Polynomials are evaluated at 0, ±a, ±b and ∞. With a = 5/8 and b = 3/2 the rounding error is a fraction of that
/// with the usual 1 and 2. The gradients are the transposed maps, so that the backward pass needs no other filters.
struct WinogradPoints<Scalar: Real> {
  typealias Lanes = SIMD16<Scalar>
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

  /// G, the value of the filter xᵗ at a point: row `point`, column `tap`.
  @inline(__always)
  func filterValue(point: Int, tap: Int) -> Scalar {
    switch (point, tap) {
    case (0, _): tap == 0 ? 1 / product : 0
    case (5, _): tap == 2 ? 1 : 0
    case (1, 1): a * aFactor
    case (2, 1): -a * aFactor
    case (3, 1): b * bFactor
    case (4, 1): -b * bFactor
    case (1...2, _): (tap == 0 ? 1 : a2) * aFactor
    default: (tap == 0 ? 1 : b2) * bFactor
    }
  }

  /// What the filter's values at ±a are divided by, inverted.
  private var aFactor: Scalar { 1 / (2 * a2 * (a2 - b2)) }
  /// What the filter's values at ±b are divided by, inverted.
  private var bFactor: Scalar { 1 / (2 * b2 * (b2 - a2)) }
}
