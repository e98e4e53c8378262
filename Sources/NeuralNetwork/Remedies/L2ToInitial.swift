import LinearAlgebra

/// Regularisation towards the initial parameters (Kumar, Marklund and Van Roy, 2023): before every step of another
/// optimiser, g ← g + strength · (w − w₀), the gradient of ½ · strength · ‖w − w₀‖². (PyTorch's weight decay is
/// the same towards zero.)
public final class L2ToInitial<Scalar: Real>: WrappingOptimizer {
  public let inner: any Optimizer<Scalar>
  public let strength: Scalar

  public var state: [(name: String, tensor: Matrix<Scalar>)] { inner.state + [("initial", initial)] }

  private let network: Network<Scalar>
  private let memory: Arena<Scalar>
  private let initial: Matrix<Scalar>

  /// The network's parameters as they are now are w₀.
  ///
  /// - Parameter inner: makes the steps, of `network` too.
  public init(_ network: Network<Scalar>, before inner: any Optimizer<Scalar>, strength: Scalar) {
    enforce(strength >= 0, "a strength that is not negative")
    self.network = network
    self.inner = inner
    self.strength = strength
    let size = network.values.count
    memory = Arena(capacity: Arena<Scalar>.footprint(rows: 1, columns: size))
    initial = memory.take(rows: 1, columns: size)
    initial.copy(from: network.values)
  }

  public func step() {
    OptimizerKernels.addDifference(
      to: network.gradients.elements, of: network.values.elements, initial.elements, factor: strength,
      count: initial.count)
    inner.step()
  }
}
