import LinearAlgebra

/// A rule that moves a network's parameters after each backward pass. It is made for one network and works on
/// the network's parameter memory in place.
public protocol Optimizer<Scalar>: AnyObject {
  associatedtype Scalar: Real

  /// The learning rate of the next step.
  var learningRate: Scalar { get set }
  /// The steps taken since the optimiser was made; a resumed run sets it.
  var stepsTaken: UInt64 { get set }
  /// What is remembered between steps besides ``stepsTaken``, to be read into a checkpoint and overwritten from
  /// one: vectors laid out as ``Network/values``, unless the optimiser says otherwise.
  var state: [(name: String, tensor: Matrix<Scalar>)] { get }

  /// One step along the network's current gradients.
  func step()

  /// Sets what is remembered about some parameters to zero: they begin anew.
  ///
  /// - Parameters:
  ///   - offset: the first one's place in ``Network/values``.
  ///   - count: how many.
  ///   - stride: the distance from one to the next.
  func forget(from offset: Int, count: Int, stride: Int)
}

extension Optimizer {
  /// For optimisers whose whole ``state`` is laid out as ``Network/values``.
  public func forget(from offset: Int, count: Int, stride: Int) {
    for (_, tensor) in state {
      OptimizerKernels.clear(tensor.elements + offset, count: count, stride: stride)
    }
  }
}
