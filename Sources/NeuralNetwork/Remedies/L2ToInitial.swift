import LinearAlgebra
import Specifications

/// `l2ToInitial`: what a block says of ``L2ToInitial``. The initial parameters are those that the phase starts from.
public struct L2ToInitialRemedy: Remedy {
  public static let key = "l2ToInitial"
  public static let name = "L2 towards the start"

  /// The penalty's factor: ½ · strength · ‖w − w₀‖² is added to the loss. Positive.
  public var strength: Double

  public init(strength: Double) { self.strength = strength }

  public func validate() throws(SpecificationProblem) { try requirePositive(strength, "strength") }

  public func makeOptimizer<Scalar: Real>(
    around inner: any Optimizer<Scalar>, for network: Network<Scalar>, in setting: OptimizerSetting
  ) -> any Optimizer<Scalar> {
    L2ToInitial(network, before: inner, strength: Scalar(strength))
  }
}

/// Regularisation towards the initial parameters (Kumar, Marklund and Van Roy, 2023): before every step of another
/// optimiser, g ← g + strength · (w − w₀), the gradient of ½ · strength · ‖w − w₀‖². (PyTorch's weight decay is
/// the same towards zero.)
public final class L2ToInitial<Scalar: Real>: WrappingOptimizer {
  public let inner: any Optimizer<Scalar>
  public let strength: Scalar

  public var state: [(name: String, tensor: Matrix<Scalar>)] { inner.state + [("initial", initial)] }

  private let memory: Arena<Scalar>
  private let initial: Matrix<Scalar>

  /// The network's parameters as they are now are w₀.
  ///
  /// - Parameter inner: makes the steps, of `network` too.
  public init(_ network: Network<Scalar>, before inner: any Optimizer<Scalar>, strength: Scalar) {
    enforce(strength >= 0, "a strength that is not negative")
    self.inner = inner
    self.strength = strength
    let size = network.values.count
    memory = Arena(capacity: Arena<Scalar>.footprint(rows: 1, columns: size))
    initial = memory.take(rows: 1, columns: size)
    initial.copy(from: network.values)
  }

  public func restart() {
    inner.restart()
    initial.copy(from: network.values)
  }

  @_specialize(where Scalar == Float)
  public func update(_ span: ParameterSpan, along gradients: UnsafeMutablePointer<Scalar>) {
    OptimizerKernels.addDifference(
      to: gradients, of: network.values.elements + span.offset,
      initial.elements + span.offset, factor: strength, count: span.count)
    inner.update(span, along: gradients)
  }
}
