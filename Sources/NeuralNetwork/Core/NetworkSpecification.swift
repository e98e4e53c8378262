import LinearAlgebra

/// The shape of a network, from which networks of either precision are made.
public protocol NetworkSpecification: Hashable, Sendable {
  /// The layers of a network of this shape. They have no memory.
  func makeLayers<Scalar: Real>(of type: Scalar.Type) -> [any Layer<Scalar>]
  /// The same shape with `factor` times as many units everywhere between input and output.
  func cloned(by factor: Int) -> Self
  /// Multiplications of a forward pass in training for each sample, convolutions as defined: those of the first
  /// layer with weights, and the rest. What is not computed because nobody reads it does not count.
  var multiplications: (first: Int, rest: Int) { get }
}

extension NetworkSpecification {
  /// A network of this shape, its parameters zero.
  public func makeNetwork<Scalar: Real>(of type: Scalar.Type) -> Network<Scalar> {
    Network(layers: makeLayers(of: type))
  }

  /// Floating-point operations of a training step for each sample: two for a multiplication, forward, for the
  /// gradients of weights and, but for the first layer, for those of inputs.
  public var trainingOperations: Double {
    Double(2 * (2 * multiplications.first + 3 * multiplications.rest))
  }
}
