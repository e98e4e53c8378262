import LinearAlgebra
import Specifications

/// A tool of continual learning that is put around an optimiser of any kind: what its key of a block's `optimizer`
/// object says of it, and how it is made.
///
/// A new one is a type that conforms and a line in ``RemedyRegistry``.
public protocol Remedy: Codable, Hashable, Sendable {
  /// Its key, `gradientNoise`.
  static var key: String { get }
  /// What tables call it, `gradient noise`.
  static var name: String { get }

  /// Rejects values out of range, naming the key.
  func validate() throws(SpecificationProblem)
  /// Rejects models that it cannot work on.
  func validate(for model: AnyModel) throws(SpecificationProblem)

  /// The optimiser that does this around the steps of another one.
  ///
  /// - Throws: ``ContinualBackpropagationError``.
  func makeOptimizer<Scalar: Real>(
    around inner: any Optimizer<Scalar>, for network: Network<Scalar>, in setting: OptimizerSetting
  ) throws -> any Optimizer<Scalar>
}

extension Remedy {
  public var key: String { Self.key }
  public func validate(for model: AnyModel) throws(SpecificationProblem) {}
}

/// The remedies that a block can ask for, in the order in which they are applied: each around those before it. A new
/// one is one file and one line here.
public enum RemedyRegistry {
  public static let standard = Registry<any Remedy.Type>(
    [
      GradientNoiseRemedy.self, L2ToInitialRemedy.self, ShrinkAndPerturbRemedy.self,
      ContinualBackpropagationRemedy.self,
    ], name: { $0.key })
}
