import LinearAlgebra

/// What the loops of normalisation share: a matrix of one row for each quantity, one column for each feature.
///
/// y = (x − centre) · factor + shift, and dx = dy · factor − (x − centre) · slope − constant.
struct NormalizationTable<Scalar: Real> {
  static var rows: Int { 9 }

  let width: Int
  private let elements: UnsafeMutablePointer<Scalar>

  init(_ memory: Matrix<Scalar>) {
    width = memory.columns
    elements = memory.elements
  }

  var center: UnsafeMutablePointer<Scalar> { elements }
  var variance: UnsafeMutablePointer<Scalar> { elements + width }
  /// 1 / √(variance + ε), before the scale γ.
  var inverse: UnsafeMutablePointer<Scalar> { elements + 2 * width }
  var factor: UnsafeMutablePointer<Scalar> { elements + 3 * width }
  var shift: UnsafeMutablePointer<Scalar> { elements + 4 * width }
  var slope: UnsafeMutablePointer<Scalar> { elements + 5 * width }
  var constant: UnsafeMutablePointer<Scalar> { elements + 6 * width }
  /// Σ dy and Σ dy · (x − centre).
  var gradientSum: UnsafeMutablePointer<Scalar> { elements + 7 * width }
  var productSum: UnsafeMutablePointer<Scalar> { elements + 8 * width }
}
