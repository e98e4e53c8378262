import Training

/// What `examine` does with the snapshots of a base network: it clones each and looks at the loss around the
/// cloning manifold.
public struct StabilitySpecification: Codable, Hashable, Sendable {
  /// The run's seed, which also names the random start of Lanczos and the push.
  public var seed: UInt64
  public var data: TrainingSpecification.DataSpecification
  /// The base network of the snapshots.
  public var model: ModelSpecification
  public var options: StabilityOptions

  public init(
    seed: UInt64, data: TrainingSpecification.DataSpecification, model: ModelSpecification,
    options: StabilityOptions
  ) {
    self.seed = seed
    self.data = data
    self.model = model
    self.options = options
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

  /// The key of the first value that no examination can have, with what is wrong.
  public var problem: (key: String, message: String)? {
    if !(2...8).contains(factor) { return ("factor", "is \(factor); it must lie in 2…8") }
    if !(2...10_000).contains(images) { return ("images", "is \(images); it must lie in 2…10000") }
    if !(push > 0 && push < 1) { return ("push", "is \(push); it must lie between 0 and 1") }
    if !(learningRate > 0) { return ("learningRate", "is \(learningRate); it must be positive") }
    if !(1...1_000).contains(batches) { return ("batches", "is \(batches); it must lie in 1…1000") }
    if !(1...100_000).contains(steps) { return ("steps", "is \(steps); it must lie in 1…100000") }
    return nil
  }
}
