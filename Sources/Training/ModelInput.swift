import LinearAlgebra
import NeuralNetwork
import PreparedImages
import Specifications

extension InputShape {
  /// Inputs that are images of a shape.
  public init(_ shape: ImageShape) {
    self.init(channels: shape.channels, height: shape.height, width: shape.width)
  }
}

extension AnyModel {
  /// Rejects what is too small for images of `shape`, or does not divide them.
  public func validate(for shape: ImageShape) throws(SpecificationProblem) {
    try validate(for: InputShape(shape))
  }

  /// Rejects that, and networks that no machine holds, see `NeuralNetwork`.
  @discardableResult
  public func validate<Scalar: Real>(
    for shape: ImageShape, classes: Int, batchSize: Int, of type: Scalar.Type = Float.self
  ) throws(SpecificationProblem) -> NetworkExtent {
    try validate(for: InputShape(shape), classes: classes, batchSize: batchSize, of: type)
  }

  /// The description of this model's networks for images of a shape and so many classes.
  public func network(for shape: ImageShape, classes: Int) -> any NetworkSpecification {
    network(for: InputShape(shape), classes: classes)
  }

  /// A new network, its parameters zero, for images of a shape and `classes` classes.
  public func makeNetwork<Scalar: Real>(
    of type: Scalar.Type, shape: ImageShape, classes: Int
  ) -> Network<Scalar> {
    network(for: shape, classes: classes).makeNetwork(of: type)
  }
}
