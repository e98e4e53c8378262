import Specifications

/// The `tasks` object of a chapter's block: continual learning, one task after the other, in each of which the
/// network learns to tell a few classes apart that it has not met before.
public struct TaskSpecification: Codable, Hashable, Sendable {
  /// What happens to the network when a task begins.
  public enum Start: String, Codable, CaseIterable, Sendable {
    /// The output layer's weights and biases become zero; everything else goes on, the optimiser's state included.
    case outputReset
    /// A new network and a new optimiser: what a network without a past would make of the task.
    case reinitialized
    /// Nothing.
    case unchanged
  }

  /// How many tasks, 1 or more.
  public var count: Int
  /// Classes of a task, 2 or more; no class belongs to two tasks.
  public var classes: Int
  /// Epochs of a task.
  public var epochs: Int
  /// The first so many training images of each class; all if absent.
  public var imagesPerClass: Int?
  /// ``Start/outputReset`` if absent, as in the paper.
  public var start: Start?

  public init(count: Int, classes: Int, epochs: Int, imagesPerClass: Int? = nil, start: Start? = nil) {
    self.count = count
    self.classes = classes
    self.epochs = epochs
    self.imagesPerClass = imagesPerClass
    self.start = start
  }

  /// Epochs of all tasks.
  public var totalEpochs: Int { count * epochs }

  /// The task that epoch number `epoch`, counted from 0, belongs to.
  public func task(ofEpoch epoch: Int) -> Int { epoch / epochs }

  /// The task that was trained last after so many epochs; at its end, still that task.
  public func task(after epochs: Int) -> Int { epochs == 0 ? 0 : (epochs - 1) / self.epochs }

  /// Rejects what no run can have, naming the key.
  func validate() throws(SpecificationProblem) {
    try require(count, in: 1...10_000, "tasks.count")
    try require(classes, in: 2...65_536, "tasks.classes")
    try require(epochs, in: 1...1_000_000, "tasks.epochs")
    if let imagesPerClass { try require(imagesPerClass, in: 1..., "tasks.imagesPerClass") }
  }
}
