import Glibc
import LinearAlgebra

/// What a step of a ``RowLearner`` does to a parameter, its constants worked out.
struct UpdateRule<Scalar: LaneScalar> {
  private let usesAdam: Bool
  private let learningRate: Scalar
  private let weightDecay: Scalar
  private let shrink: Scalar
  private let deviation: Scalar
  /// η / (1 − β₁ᵗ) and 1 / √(1 − β₂ᵗ) of Adam.
  private let rate: Scalar
  private let scale: Scalar
  let perturbs: Bool

  /// - Parameter step: t, from 1.
  @inline(__always)
  init(_ method: LearningMethod, step: Int) {
    usesAdam = method.optimizer == .adam
    learningRate = Scalar(method.learningRate)
    weightDecay = Scalar(method.weightDecay ?? 0)
    perturbs = method.perturbation != nil
    shrink = Scalar(method.perturbation?.shrink ?? 1)
    deviation = Scalar((method.perturbation?.variance ?? 0).squareRoot())
    if usesAdam {
      rate = Scalar(method.learningRate / (1 - pow(0.9, Double(step))))
      scale = Scalar(1 / (1 - pow(0.999, Double(step))).squareRoot())
    } else {
      rate = learningRate
      scale = 1
    }
  }

  @inline(__always)
  func updated(
    _ value: Lanes<Scalar>, moments: UnsafeMutablePointer<Lanes<Scalar>>, gradient: Lanes<Scalar>
  ) -> Lanes<Scalar> {
    let gradient = gradient.addingProduct(value, weightDecay)
    guard usesAdam else { return value.addingProduct(gradient, -learningRate) }
    let mean = gradient.addingProduct(moments[0] - gradient, 0.9)
    let square = (gradient * gradient).addingProduct(moments[1] - gradient * gradient, 0.999)
    // The mean shrinks geometrically where no gradient comes in: subnormal numbers are slow.
    moments[0] = Scalar.lanes(mean, wherePositive: Scalar.magnitudes(mean) - 1e-30)
    moments[1] = Scalar.lanes(square, wherePositive: square - 1e-30)
    return value - mean * rate / (moments[1].squareRoot() * scale + 1e-8)
  }

  @inline(__always)
  func perturbed(_ value: Lanes<Scalar>, _ noise: Lanes<Scalar>) -> Lanes<Scalar> {
    (value * shrink).addingProduct(noise, deviation)
  }

  /// The same for a single parameter with its two moments.
  @inline(__always)
  func updated(
    _ parameter: (value: Scalar, mean: Scalar, square: Scalar), gradient: Scalar, noise: Scalar
  ) -> (value: Scalar, mean: Scalar, square: Scalar) {
    var moments = (Lanes<Scalar>(repeating: parameter.mean), Lanes<Scalar>(repeating: parameter.square))
    let value = withUnsafeMutablePointer(to: &moments) { pointer in
      pointer.withMemoryRebound(to: Lanes<Scalar>.self, capacity: 2) {
        updated(
          Lanes(repeating: parameter.value), moments: $0, gradient: Lanes(repeating: gradient))
      }
    }
    let result = perturbs ? perturbed(value, Lanes(repeating: noise)) : value
    return (result[0], moments.0[0], moments.1[0])
  }
}
