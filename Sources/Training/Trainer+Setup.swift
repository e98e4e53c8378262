import ImageBatches
import LinearAlgebra
import NeuralNetwork
import Plasticity
import PreparedImages
import Specifications

extension Trainer {
  static func makeNetwork(
    _ specification: TrainingSpecification, dataSet: PreparedDataSet,
    start: (snapshot: Snapshot, path: String)?, hasCheckpoint: Bool
  ) throws -> Network<Float> {
    let (shape, classes) = (dataSet.shape, dataSet.classCount)
    guard let start else {
      // A checkpoint holds the whole network, the clone of another one or not.
      guard specification.clone == nil || hasCheckpoint else {
        throw SpecificationProblem("clone", "needs a phase to start from ('from')")
      }
      let network = specification.model.makeNetwork(of: Float.self, shape: shape, classes: classes)
      network.initialize(seed: specification.seed)
      return network
    }
    guard start.snapshot.metadata["epoch"] == "\(specification.firstEpoch)" else {
      throw TrainingError.unsuitableStart(
        file: start.path,
        reason: "it was taken after epoch \(start.snapshot.metadata["epoch"] ?? "?"), not "
          + "\(specification.firstEpoch)")
    }
    let factor = specification.clone ?? 1
    guard let model = specification.model.narrowed(by: factor) else {
      throw SpecificationProblem("clone", "is \(factor), which does not divide every hidden width")
    }
    let base = model.makeNetwork(of: Float.self, shape: shape, classes: classes)
    try base.load(start.snapshot)
    guard factor > 1 else { return base }
    try CloneCertification(
      model: specification.model, loss: specification.loss ?? .crossEntropy, factor: factor, dataSet: dataSet
    ).check(start.snapshot)
    return try cloned(base, specification: model.network(for: shape, classes: classes), factor: factor)
  }

  /// A phase that goes on with the same kind of optimiser keeps its state, as one long run would.
  static func continueOptimizer(
    _ optimizer: any Optimizer<Float>, _ specification: OptimizerSpecification,
    from snapshot: Snapshot
  ) throws {
    guard snapshot.metadata["optimizer"] == specification.stateName else { return }
    // Descent with momentum has nothing to go on with after descent without. Half a state is an error.
    guard optimizer.state.isEmpty || Checkpoint.holdsAnyState(snapshot) else { return }
    try Checkpoint.load(optimizer, from: snapshot)
    optimizer.stepsTaken = snapshot.metadata["optimizerSteps"].flatMap(UInt64.init) ?? 0
  }

  static func snapshotSteps(
    _ specification: TrainingSpecification, curriculum: Curriculum, batchSize: Int
  ) -> Set<Int> {
    let phase = specification.firstEpoch..<specification.firstEpoch + specification.epochs
    let first = curriculum.steps(beforeEpoch: phase.lowerBound, batchSize: batchSize)
    var reached = first
    var steps: Set<Int> = []
    let pause = specification.tasks?.tasksBetweenSnapshots
    // Epochs are counted anew in each lesson, and a lesson's end counts.
    for (number, lesson) in curriculum.lessons.enumerated() {
      let epochs = lesson.epochs.clamped(to: phase).count
      let stepsPerEpoch = lesson.stepsPerEpoch(batchSize: batchSize)
      // What a lesson begins with is what the one before it ended with.
      if pause.map({ number % $0 == 0 }) ?? true {
        for epoch in stride(from: 0, to: epochs, by: specification.snapshotEvery) {
          steps.insert(reached + epoch * stepsPerEpoch)
        }
      }
      reached += epochs * stepsPerEpoch
    }
    let more = (specification.snapshotSteps ?? []).map { first + $0 }.filter { $0 <= reached }
    return steps.union(more).union([reached])
  }
}

extension Network {
  /// Sets the weights and biases of the last layer to zero.
  func clearOutputLayer() {
    for parameter in layers.last?.parameters ?? [] { parameter.value.fill(with: 0) }
  }

  /// A network without a past for one of `tasks`: the first one's is the network that a run through all tasks begins with,
  /// each other one has its own.
  func beginAnew(seed: UInt64, task: Int, of tasks: TaskSpecification?) {
    var ownSeed = seed
    if task > 0 {
      var stream = RandomStream(seed: seed, purpose: "reinitialization", index: UInt64(task))
      ownSeed = UInt64(stream.nextWord()) << 32 | UInt64(stream.nextWord())
    }
    initialize(seed: ownSeed)
    if tasks?.usualStart == .outputReset { clearOutputLayer() }
  }
}
