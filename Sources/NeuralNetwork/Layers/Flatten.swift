import LinearAlgebra

/// The identity between features that have an inner structure and a layer that takes them as one vector: rows
/// of samples are flat already.
public final class Flatten<Scalar: Real>: Layer {
  public let name: String
  public let size: Int
  public var inputSize: Int { size }

  public init(name: String, size: Int) {
    self.name = name
    self.size = size
  }

  public func reserve(from memory: LayerMemory<Scalar>) {}

  public func forward(_ input: Matrix<Scalar>, in context: StepContext) -> Matrix<Scalar> { input }

  public func backward(_ outputGradient: Matrix<Scalar>, inputGradient needed: Bool) -> Matrix<Scalar>? {
    needed ? outputGradient : nil
  }
}
