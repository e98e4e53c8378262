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
