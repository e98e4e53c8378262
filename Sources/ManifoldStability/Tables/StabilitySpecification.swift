import NeuralNetwork
import Specifications
import Training

/// What `examine` does with the snapshots of a base network: it clones each and looks at the loss around the
/// cloning manifold.
public struct StabilitySpecification: Codable, Hashable, Sendable {
  /// The run's seed, which also names the random start of Lanczos and the push.
  public var seed: UInt64
  public var data: TrainingSpecification.DataSpecification
  /// The base network of the snapshots.
  public var model: AnyModel
  public var options: StabilityOptions

  public init(
    seed: UInt64, data: TrainingSpecification.DataSpecification, model: AnyModel,
    options: StabilityOptions
  ) {
    self.seed = seed
    self.data = data
    self.model = model
    self.options = options
  }

  /// Rejects values that no examination can have, naming the key.
  public func validate() throws(SpecificationProblem) {
    try model.validate()
    guard model.architecture == "mlp" else {
      throw SpecificationProblem(
        "model.architecture", "is '\(model.architecture)'; curvature is taken of 'mlp' alone")
    }
    try data.validate()
    do { try options.validate() } catch { throw error.below("examine") }
  }
}

/// The `examine` object of a chapter's block.
public struct StabilityOptions: Codable, Hashable, Sendable {
  /// How many copies of each unit the clones get.
  public var factor: Int
  /// Images of the batch on which the Hessian is taken: the first training images, not augmented.
  public var images: Int
  /// The push off the manifold, ‖δ‖ / ‖θ‖.
  public var push: Double
  /// Plain stochastic gradient descent after the push, on so many batches of ``images`` in turn.
  public var learningRate: Double
  public var batches: Int
  public var steps: Int

  /// Rejects values that no examination can have, naming the key.
  public func validate() throws(SpecificationProblem) {
    try require(factor, in: 2...8, "factor")
    try require(images, in: 2...10_000, "images")
    guard push > 0, push < 1 else {
      throw SpecificationProblem("push", "is \(push); it must lie between 0 and 1")
    }
    try requirePositive(learningRate, upTo: 1e6, "learningRate")
    try require(batches, in: 1...1_000, "batches")
    try require(steps, in: 1...100_000, "steps")
  }
}
