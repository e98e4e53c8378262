import LinearAlgebra

/// A model for inputs of a shape and so many classes: all that a network's shape depends on.
@dynamicMemberLookup
public struct ShapedModel<M: Model>: NetworkSpecification {
  public var model: M
  public var input: InputShape
  public var classes: Int

  public init(_ model: M, input: InputShape, classes: Int) {
    self.model = model
    self.input = input
    self.classes = classes
  }

  /// What the model says.
  public subscript<Value>(dynamicMember member: WritableKeyPath<M, Value>) -> Value {
    get { model[keyPath: member] }
    set { model[keyPath: member] = newValue }
  }

  /// Values of an input sample.
  public var inputSize: Int { input.count }

  public func makeLayers<Scalar: Real>(of type: Scalar.Type) -> [any Layer<Scalar>] {
    model.makeLayers(of: type, for: input, classes: classes)
  }

  public func cloned(by factor: Int) -> ShapedModel {
    ShapedModel(model.widened(by: factor), input: input, classes: classes)
  }

  public var multiplications: (first: Int, rest: Int) {
    model.multiplications(for: input, classes: classes)
  }
}
