import NeuralNetwork
import Specifications
import Training

/// What `measure` does with a run's snapshots.
public struct MeasurementSpecification: Codable, Hashable, Sendable {
  /// The run's seed, which also names the streams that draw rows for the capped metrics.
  public var seed: UInt64
  public var data: TrainingSpecification.DataSpecification
  /// The network of the snapshots.
  public var model: AnyModel
  /// What the network was trained with, whose gradients are looked at; cross-entropy if absent.
  public var loss: Loss?
  /// How many copies of each unit it holds; 1 for a network that was never cloned.
  public var clone: Int
  /// How many copies of a unit share their dropout mask where dropout is at work; each has its own if absent.
  public var copiesSharingMasks: Int?
  /// The run's tasks, if it has any: a snapshot is measured on images of the task that was trained last.
  public var tasks: TaskSpecification?
  public var options: MeasurementOptions

  public init(
    seed: UInt64, data: TrainingSpecification.DataSpecification, model: AnyModel,
    loss: Loss? = nil, clone: Int, copiesSharingMasks: Int? = nil, tasks: TaskSpecification? = nil,
    options: MeasurementOptions
  ) {
    self.seed = seed
    self.data = data
    self.model = model
    self.loss = loss
    self.clone = clone
    self.copiesSharingMasks = copiesSharingMasks
    self.tasks = tasks
    self.options = options
  }
}

extension MeasurementSpecification {
  /// Rejects values that no measuring can have, naming the key.
  public func validate() throws(SpecificationProblem) {
    try model.validate()
    try data.validate()
    try require(clone, in: 1...4_096, "clone")
    guard model.narrowed(by: clone) != nil else {
      throw SpecificationProblem("clone", "is \(clone), which does not divide every hidden width")
    }
    if let copies = copiesSharingMasks {
      try require(copies, in: 1...clone, "copiesSharingMasks")
      guard clone % copies == 0, model.model.isClonedExactly else {
        throw SpecificationProblem(
          "copiesSharingMasks", "is \(copies), which does not divide the copies of every unit")
      }
    }
    if let tasks { try tasks.validate() }
    do { try options.validate() } catch { throw error.below("measure") }
  }
}

extension MeasurementOptions {
  /// Rejects values out of range, naming the key.
  public func validate() throws(SpecificationProblem) {
    try require(probeImages, in: 2...1_000_000, "probeImages")
    if let largerProbe { try require(largerProbe, in: probeImages + 1...1_000_000, "largerProbe") }
    if let deadMagnitude { try requireNotNegative(deadMagnitude, "deadMagnitude") }
    if let saturatedRatio { try requireNotNegative(saturatedRatio, "saturatedRatio") }
    if let duplicateCosine { try require(duplicateCosine, in: -1...1, "duplicateCosine") }
    if let deadShare { try require(deadShare, in: 0...1, "deadShare") }
    if let saturatedShare { try require(saturatedShare, in: 0...1, "saturatedShare") }
  }
}

/// The `measure` object of a chapter's block.
public struct MeasurementOptions: Codable, Hashable, Sendable {
  /// Images in each probe batch: the first of the training and of the validation images, those of the task where
  /// there are tasks.
  public var probeImages: Int
  /// A second, larger training probe, `training-500` of 500 images, which shows what the number of images does to a rank;
  /// none if absent.
  public var largerProbe: Int?
  /// Thresholds that differ from the paper's, by name.
  public var deadMagnitude: Double?
  public var deadShare: Double?
  public var duplicateCosine: Double?
  public var saturatedRatio: Double?
  public var saturatedShare: Double?

  /// The names of the probes, as rows of `metrics.csv` have them.
  public var probeNames: [String] {
    ["training", "validation"] + (largerProbe.map { ["training-\($0)"] } ?? [])
  }
}
