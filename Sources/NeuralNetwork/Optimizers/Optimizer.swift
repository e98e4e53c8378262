import LinearAlgebra

/// Some neighbouring parameters of one tensor.
public struct ParameterSpan: Sendable {
  /// The tensor's place in ``Network/parameters``.
  public let tensor: Int
  /// The first parameter's place in the tensor, a multiple of ``mostParameters``.
  public let start: Int
  /// The first parameter's place in ``Network/values`` and ``Network/gradients``.
  public let offset: Int
  /// How many; ``mostParameters`` at most.
  public let count: Int

  /// With gradients and two moments, so many stay in a near cache while all is done that a step does.
  public static var mostParameters: Int { 4096 }
}

/// A rule that moves a network's parameters after each backward pass. It is made for one network and works on
/// the network's parameter memory in place.
///
/// A step goes over the parameters once, span by span: rules around rules (``WrappingOptimizer``) do their part on a
/// span while it is in the cache.
public protocol Optimizer<Scalar>: AnyObject {
  associatedtype Scalar: Real

  /// The learning rate of the next step.
  var learningRate: Scalar { get set }
  /// The steps taken since the optimiser was made; a resumed run sets it.
  var stepsTaken: UInt64 { get set }
  /// What is remembered between steps besides ``stepsTaken``, to be read into a checkpoint and overwritten from
  /// one: vectors laid out as ``Network/values``, unless the optimiser says otherwise.
  var state: [(name: String, tensor: Matrix<Scalar>)] { get }

  /// The network whose parameters it moves.
  var network: Network<Scalar> { get }

  /// Begins a step: the time for what depends on all of a tensor.
  func begin()
  /// Moves the parameters of a span, whose gradients are given and may be changed. Called for every parameter once, for
  /// several spans at the same time on several threads: nothing may depend on another span.
  func update(_ span: ParameterSpan, along gradients: UnsafeMutablePointer<Scalar>)
  /// Ends the step.
  func finish()

  /// Sets what is remembered about some parameters to zero: they begin anew.
  ///
  /// - Parameters:
  ///   - offset: the first one's place in ``Network/values``.
  ///   - count: how many.
  ///   - stride: the distance from one to the next.
  func forget(from offset: Int, count: Int, stride: Int)
  /// Goes on as if it had just been made for the network as it is now.
  func restart()
}

extension Optimizer {
  public func begin() {}
  public func finish() {}

  /// For optimisers that remember nothing besides ``state`` and ``stepsTaken``.
  public func restart() {
    forget(from: 0, count: network.values.count, stride: 1)
    stepsTaken = 0
  }

  /// One step along the network's current gradients.
  public func step() {
    let most = ParameterSpan.mostParameters
    begin()
    for tensor in network.parameters.indices {
      let values = network.parameters[tensor].parameter.value
      let offset = values.elements - network.values.elements
      let pieces = Pieces(of: values.count, smallest: 8 * most, unit: most)
      ThreadTeam.share(pieces.count) { piece, _ in
        let range = pieces[piece]
        for start in stride(from: range.lowerBound, to: range.upperBound, by: most) {
          update(
            ParameterSpan(
              tensor: tensor, start: start, offset: offset + start, count: min(most, range.upperBound - start)
            ),
            along: network.gradients.elements + offset + start)
        }
      }
    }
    finish()
  }

  /// For optimisers whose whole ``state`` is laid out as ``Network/values``.
  public func forget(from offset: Int, count: Int, stride: Int) {
    for (_, tensor) in state {
      OptimizerKernels.clear(tensor.elements + offset, count: count, stride: stride)
    }
  }
}
