import LinearAlgebra

/// A rule that moves a network's parameters after each backward pass. It is made for one network and works on
/// the network's parameter memory in place.
public protocol Optimizer<Scalar>: AnyObject {
  associatedtype Scalar: Real

  /// The learning rate of the next step.
  var learningRate: Scalar { get set }
  /// The steps taken since the optimiser was made; a resumed run sets it.
  var stepsTaken: UInt64 { get set }
  /// What is remembered between steps besides ``stepsTaken``: vectors laid out as ``Network/values``, to be
  /// read into a checkpoint and overwritten from one.
  var state: [(name: String, tensor: Matrix<Scalar>)] { get }

  /// One step along the network's current gradients.
  func step()
}
