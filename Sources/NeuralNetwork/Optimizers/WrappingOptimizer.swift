import LinearAlgebra

/// A rule around the steps of another optimiser: before them, on the gradients, or after them, on the parameters.
public protocol WrappingOptimizer<Scalar>: Optimizer {
  /// Makes the steps, of the same network.
  var inner: any Optimizer<Scalar> { get }
}

/// What it does not do itself, the wrapped optimiser does.
extension WrappingOptimizer {
  public var learningRate: Scalar {
    get { inner.learningRate }
    set { inner.learningRate = newValue }
  }
  public var stepsTaken: UInt64 {
    get { inner.stepsTaken }
    set { inner.stepsTaken = newValue }
  }
  public var network: Network<Scalar> { inner.network }
  public func begin() { inner.begin() }
  public func update(_ span: ParameterSpan, along gradients: UnsafeMutablePointer<Scalar>) {
    inner.update(span, along: gradients)
  }
  public func finish() { inner.finish() }
  public var state: [(name: String, tensor: Matrix<Scalar>)] { inner.state }
  public func restart() { inner.restart() }

  public func forget(from offset: Int, count: Int, stride: Int) {
    inner.forget(from: offset, count: count, stride: stride)
  }
}
