import ImageBatches
import NeuralNetwork
import PreparedImages
import Specifications

/// One phase of training, complete: what `train` does, and the whole of what its result's key depends on
/// besides the data set and the phase that it starts from.
public struct TrainingSpecification: Codable, Hashable, Sendable {
  /// Names all random streams of the run.
  public var seed: UInt64
  public var data: DataSpecification
  /// The network that this phase trains (after cloning, if it clones).
  public var model: AnyModel
  public var optimizer: OptimizerSpecification
  /// Cross-entropy if absent.
  public var loss: Loss?
  /// Mixes the samples of a batch; not if absent.
  public var mixup: MixupSpecification?
  /// Images a step.
  public var batchSize: Int
  /// The epoch at which the phase starts: 0, or where the phase that it continues ended. Data order and
  /// augmentation depend on seed and epoch alone, so that a base and its clone see the same batches.
  public var firstEpoch: Int
  /// How many epochs the phase lasts; with tasks, all of them together.
  public var epochs: Int
  /// Continual learning; nil to learn the whole data set at once.
  public var tasks: TaskSpecification?
  /// A snapshot is kept at the phase's start, after every so many epochs (of each task), and at its end (and that of
  /// each task).
  public var snapshotEvery: Int
  /// More snapshots, at these numbers of steps after the phase's start, where things move fast.
  public var snapshotSteps: [Int]?
  /// So many checkpoints, with the optimiser's state, are kept on the way, from which parts of a long run can be repeated;
  /// as ``checkpointEpochs(operations:steps:)`` has it if absent.
  public var checkpoints: Int?
  /// Expand the starting network by this factor before training.
  public var clone: Int?
  /// Of a clone: copies of a unit share their dropout mask, the one that the unit has in the base; not if absent. Such a
  /// clone stays one, and tells what dropout does without the escape.
  public var tiedMasks: Bool?

  /// As of `StepContext`.
  public var copiesSharingMasks: Int { tiedMasks == true ? clone ?? 1 : 1 }

  /// Which images a run sees.
  public struct DataSpecification: Codable, Hashable, Sendable {
    /// `cifar-10`.
    public var set: String
    /// Smaller images: each square of so many pixels on a side becomes their mean. Images as they are if absent.
    public var downsample: Int?
    /// The first so many training images; all if absent.
    public var trainingImages: Int?
    /// The first so many validation images; all if absent.
    public var validationImages: Int?
    /// Random crops after padding by so many pixels on each side; 0 for none.
    public var padding: Int
    /// What these pixels are; black if absent.
    public var padMode: Augmentation.PadMode?
    /// Random horizontal flips.
    public var flip: Bool
    /// Random brightness, contrast and saturation, factors in 1 ± this; none if absent.
    public var colorJitter: Double?
    /// Random rotations counterclockwise, angles from 0 to so many degrees; none if absent.
    public var rotation: Double?

    /// What training does to the images besides normalising them.
    public var augmentation: Augmentation {
      Augmentation(
        padding: padding, padMode: padMode ?? .black, flip: flip, colorJitter: colorJitter ?? 0,
        rotation: rotation ?? 0)
    }
  }

  /// Rejects values that no run can have, naming the key.
  public func validate() throws(SpecificationProblem) {
    if let clone { try require(clone, in: 2...64, "clone") }
    try model.validate()
    try optimizer.validate(for: model)
    try data.validate()
    try require(batchSize, in: 1...65_536, "batchSize")
    // What counts epochs and steps must not overflow.
    try require(epochs, in: 0...Self.mostEpochs, "epochs")
    try require(firstEpoch, in: 0...Self.mostEpochs, "firstEpoch")
    try require(snapshotEvery, in: 1...Self.mostEpochs, "snapshotEvery")
    if let tasks { try validate(tasks) }
    if let mixup { do { try mixup.validate() } catch { throw error.below("mixup") } }
    try validateSnapshots()
    if let clone {
      guard model.narrowed(by: clone) != nil else {
        throw SpecificationProblem("clone", "is \(clone), which does not divide every hidden width")
      }
    }
    if tiedMasks == true { try validateTiedMasks() }
  }

  private func validateTiedMasks() throws(SpecificationProblem) {
    guard clone != nil, model.dropout > 0 else {
      throw SpecificationProblem("tiedMasks", "needs a clone with dropout")
    }
    guard model.model.isClonedExactly else {
      throw SpecificationProblem("tiedMasks", "needs a clone that computes what its base computes")
    }
  }

  /// More than any run has, and few enough for a row of the history each and to be multiplied by the images of an epoch.
  private static let mostEpochs = 10_000_000
  /// Of a run: each is a file.
  private static let mostSnapshots = 1_000_000

  private func validateSnapshots() throws(SpecificationProblem) {
    if let checkpoints { try require(checkpoints, in: 0...1_000, "checkpoints") }
    let steps = snapshotSteps ?? []
    try requireCount(steps.count, in: 0...100_000, "snapshotSteps")
    guard steps.allSatisfy({ (1...1_000_000_000_000_000).contains($0) }) else {
      throw SpecificationProblem("snapshotSteps", "must be counted from 1")
    }
    let (lessons, length) = tasks.map { ($0.lessons, $0.epochs) } ?? (1, epochs)
    guard saturatedProduct(lessons, length / snapshotEvery) <= Self.mostSnapshots else {
      throw SpecificationProblem(
        "snapshotEvery", "is \(snapshotEvery), which makes more than \(Self.mostSnapshots) snapshots")
    }
  }

  private func validate(_ tasks: TaskSpecification) throws(SpecificationProblem) {
    try tasks.validate()
    guard epochs == tasks.totalEpochs else {
      throw SpecificationProblem(
        "epochs", "is \(epochs); with tasks, leave it out: tasks.epochs says how long each of them is")
    }
    let foreign: [(String, Bool)] = [
      ("data.trainingImages", data.trainingImages != nil),
      ("data.validationImages", data.validationImages != nil),
      ("clone", clone != nil), ("firstEpoch", firstEpoch != 0),
    ]
    if let (key, _) = foreign.first(where: { $0.1 }) {
      throw SpecificationProblem(
        key, "cannot be combined with tasks, which begin with a new network and choose their own images")
    }
  }
}

extension TrainingSpecification.DataSpecification {
  /// Rejects values out of range, naming the key.
  public func validate() throws(SpecificationProblem) {
    try requireLine(set, upTo: 100, "data.set")
    try require(trainingImages ?? 0, in: 0...Self.mostImages, "data.trainingImages")
    try require(validationImages ?? 0, in: 0...Self.mostImages, "data.validationImages")
    if let count = trainingImages, count < 2 {
      throw SpecificationProblem("data.trainingImages", "is \(count); a run needs at least 2")
    }
    if let count = validationImages, count < 1 {
      throw SpecificationProblem("data.validationImages", "is \(count); a run needs at least 1")
    }
    if let downsample { try require(downsample, in: 1...16, "data.downsample") }
    try require(padding, in: 0...16, "data.padding")
    if padMode != nil, padding == 0 {
      throw SpecificationProblem("data.padMode", "says what pixels are added, but data.padding is 0")
    }
    if let colorJitter { try require(colorJitter, in: 0...1, "data.colorJitter") }
    if let rotation { try require(rotation, in: 0...180, "data.rotation") }
  }
  /// As many as have an index.
  private static let mostImages = Int(Int32.max)
}
