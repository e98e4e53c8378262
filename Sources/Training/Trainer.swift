import Foundation
import ImageBatches
import LinearAlgebra
import NeuralNetwork
import Plasticity
import PreparedImages
import Specifications
import Tables

/// Trains one network for one phase: the loop behind `train`.
///
/// Everything random is named by seed and position, so stopping after any step and going on from the
/// checkpoint gives the same bits as never stopping.
public final class Trainer {
  /// What a listener is told after every step.
  public struct Progress {
    /// Steps done and to do in this phase.
    public let step: Int
    public let steps: Int
    /// The epoch under way, counted from 1, and the last one of the phase.
    public let epoch: Int
    public let lastEpoch: Int
    /// The task under way, counted from 1, and how many there are; 1 of 1 without tasks.
    public let task: Int
    public let tasks: Int
    /// Mean training loss in this epoch so far.
    public let loss: Double
    /// Images trained on since this process began.
    public let images: Int
  }

  public enum Outcome: Equatable {
    /// The files of the result, relative to the folder.
    case finished(files: [String])
    /// Stopped on request; a checkpoint holds the state.
    case interrupted
  }

  private let specification: TrainingSpecification
  private let folder: String
  private let network: Network<Float>
  private let optimizer: any Optimizer<Float>
  private let loss: Loss
  private let evaluation: Evaluation
  /// Of images of the training split: those that were held out, and those that were trained on.
  private let trainingEvaluation: Evaluation?
  private let best: BestNetwork?
  private let mixer: Mixer?
  private let assembler: BatchAssembler<Float>
  private let curriculum: Curriculum
  private let batch: Batch<Float>
  private var order: EpochOrder
  /// The lesson whose images ``order`` holds.
  private var lesson: Int
  private var state: TrainingState
  /// Of an epoch without drops.
  private let baseLearningRate: Float
  private let snapshotSteps: Set<Int>
  /// Optimiser steps since the network was new, before this phase and after it.
  private let firstStep: Int
  private let lastStep: Int

  /// Steps of the whole phase.
  public var steps: Int { lastStep - firstStep }
  /// Steps done so far, those before a checkpoint included.
  public var stepsDone: Int { state.step - firstStep }
  /// The last row of the history in words.
  public var summary: String {
    guard let row = state.history.last, let loss = row.trainingLoss else { return "" }
    return String(
      format: "loss %.4f  validation accuracy %.4f", loss, row.validationAccuracy ?? .nan)
  }

  /// Sets up a run in `folder`, or goes on with the one whose checkpoint lies there.
  ///
  /// - Parameters:
  ///   - start: the last snapshot of the phase to start from, and its path for messages; nil starts anew.
  /// - Throws: ``SpecificationProblem``, ``TrainingError``, or what reading the snapshot throws.
  public init(
    specification: TrainingSpecification, dataSet: PreparedDataSet,
    start: (snapshot: Snapshot, path: String)?, folder: String
  ) throws {
    try specification.validate()
    try specification.model.validate(for: dataSet.shape)
    self.specification = specification
    self.folder = folder
    curriculum = try Curriculum(specification, dataSet: dataSet)
    let classes = dataSet.classCount
    let extent = try specification.model.validate(
      for: dataSet.shape, classes: classes,
      batchSize: min(specification.batchSize, curriculum.largestImageCount))
    try requireMemory(extent.bytes, "model")
    network = try Self.makeNetwork(specification, dataSet: dataSet, start: start)
    // Before the optimiser is made: what it keeps of the initial parameters is what the first task begins with.
    switch curriculum.start(atEpoch: 0) {
    case .outputReset: network.clearOutputLayer()
    case .reinitialized: network.beginAnew(seed: specification.seed, task: curriculum.lessons[0].task)
    case .unchanged: break
    }
    optimizer = try specification.optimizer.makeOptimizer(
      for: network, of: specification.model.network(for: dataSet.shape, classes: classes),
      seed: specification.seed)
    let batchSize = min(specification.batchSize, curriculum.largestImageCount)
    baseLearningRate = optimizer.learningRate
    network.reserve(batchSize: batchSize, retainingGradients: false)
    if let start, specification.clone == nil {
      try Self.continueOptimizer(optimizer, specification.optimizer, from: start.snapshot)
    }

    assembler = BatchAssembler(
      split: dataSet.training, augmentation: specification.data.augmentation, seed: specification.seed)
    loss = specification.loss ?? .crossEntropy
    evaluation = Evaluation(split: dataSet.validation, batchSize: batchSize, loss: loss)
    let tasks = specification.tasks
    trainingEvaluation =
      tasks?.heldOut != nil || tasks?.evaluatesTraining == true
      ? Evaluation(split: dataSet.training, batchSize: batchSize, loss: loss) : nil
    best = tasks?.heldOut == nil ? nil : BestNetwork(network)
    mixer = specification.mixup.map {
      Mixer($0, capacity: batchSize, inputSize: dataSet.shape.count, seed: specification.seed)
    }
    batch = Batch(
      capacity: batchSize, inputSize: dataSet.shape.count, classes: classes, hasSoftTargets: mixer != nil)
    firstStep = curriculum.steps(beforeEpoch: specification.firstEpoch, batchSize: batchSize)
    lastStep = curriculum.steps(
      beforeEpoch: specification.firstEpoch + specification.epochs, batchSize: batchSize)
    snapshotSteps = Self.snapshotSteps(specification, curriculum: curriculum, batchSize: batchSize)
    let checkpoint = folder + "/" + Checkpoint.fileName
    if let state = Checkpoint.resume(from: checkpoint, network: network, optimizer: optimizer, best: best) {
      self.state = state
    } else {
      state = TrainingState(epoch: specification.firstEpoch, step: firstStep)
    }
    lesson = curriculum.lesson(ofEpoch: state.epoch)
    order = EpochOrder(
      seed: specification.seed, epoch: curriculum.lessons[lesson].draw(ofEpoch: state.epoch),
      images: curriculum.lessons[lesson].training)
  }

  /// Trains to the end of the phase, or until `shouldStop` says so after some step.
  ///
  /// - Parameters:
  ///   - checkpointInterval: seconds between checkpoints.
  ///   - report: called after every step.
  /// - Throws: ``TrainingError/diverged(step:learningRate:)`` and whatever writing throws.
  public func run(
    checkpointInterval: Double, shouldStop: () -> Bool, report: (Progress) -> Void
  ) throws -> Outcome {
    let clock = ContinuousClock()
    var lastCheckpoint = clock.now
    let batchSize = batch.capacity
    let lastEpoch = specification.firstEpoch + specification.epochs
    var images = 0

    if state.step == firstStep, state.history.isEmpty {
      try FileManager.default.createDirectory(
        atPath: folder + "/snapshots", withIntermediateDirectories: true)
      let (loss, accuracy) = validation()
      state.history.append(
        HistoryRow(
          step: firstStep, epoch: state.epoch, validationLoss: loss, validationAccuracy: accuracy))
      try writeSnapshot()
    }
    while state.epoch < lastEpoch {
      beginEpoch()
      let stepsPerEpoch = curriculum.lessons[lesson].stepsPerEpoch(batchSize: batchSize)
      while state.batch < stepsPerEpoch {
        let first = state.batch * batchSize
        let size = min(batchSize, curriculum.lessons[lesson].training.count - first)
        try step(first: first, size: size)
        images += size
        report(
          Progress(
            step: stepsDone, steps: steps,
            epoch: state.epoch + 1, lastEpoch: lastEpoch, task: lesson + 1,
            tasks: curriculum.lessons.count, loss: state.lossSum / Double(state.seen), images: images))
        if state.batch == stepsPerEpoch { endEpoch() }
        if snapshotSteps.contains(state.step) { try writeSnapshot() }
        let stopping = shouldStop()
        if stopping || clock.now - lastCheckpoint >= .seconds(checkpointInterval) {
          try writeCheckpoint()
          lastCheckpoint = clock.now
        }
        if stopping, state.epoch < lastEpoch { return .interrupted }
        if state.batch == 0 { break }
      }
    }
    return .finished(files: try writeHistory())
  }

  /// One optimiser step on the images at positions `first ..< first + size` of the epoch's order.
  private func step(first: Int, size: Int) throws {
    let current = curriculum.lessons[lesson]
    assembler.assemble(
      order.indices[first..<first + size], epoch: current.draw(ofEpoch: state.epoch), position: first,
      into: batch)
    batch.activeClasses = current.classes
    let drawn = UInt64(state.step + current.stepsLeftOut(batchSize: batch.capacity))
    mixer?.mix(batch, step: drawn)
    network.forward(
      batch,
      in: StepContext(
        mode: .training, seed: specification.seed, step: drawn,
        copiesSharingMasks: specification.copiesSharingMasks))
    let score = network.backward(from: loss)
    guard score.loss.isFinite else {
      throw TrainingError.diverged(
        step: state.step, learningRate: specification.optimizer.learningRate)
    }
    optimizer.step()
    state.lossSum += score.loss * Double(size)
    state.correct += score.correct
    state.correctOfAll += score.correctOfAll
    state.seen += size
    state.batch += 1
    state.step += 1
  }

  /// Sets the order of the epoch under way, and the network for its task if that begins.
  private func beginEpoch() {
    let current = curriculum.lesson(ofEpoch: state.epoch)
    if current != lesson {
      lesson = current
      // The last task's images are not met again.
      assembler.split.letGo()
      order = EpochOrder(
        seed: specification.seed, epoch: curriculum.lessons[lesson].draw(ofEpoch: state.epoch),
        images: curriculum.lessons[lesson].training)
    } else {
      order.shuffle(epoch: curriculum.lessons[lesson].draw(ofEpoch: state.epoch))
    }
    if let schedule = specification.tasks?.schedule {
      let epoch = state.epoch - curriculum.lessons[lesson].epochs.lowerBound
      optimizer.learningRate = baseLearningRate * Float(schedule.factor(inEpoch: epoch))
    }
    // A checkpoint in the middle of an epoch was taken after its task had begun, and the first task began with the
    // network.
    guard state.batch == 0, state.epoch > 0 else { return }
    switch curriculum.start(atEpoch: state.epoch) {
    case .outputReset: network.clearOutputLayer()
    case .reinitialized:
      network.beginAnew(seed: specification.seed, task: curriculum.lessons[lesson].task)
      optimizer.restart()
    case .unchanged: break
    }
  }

  private func endEpoch() {
    let images = Double(state.seen)
    state.epoch += 1
    state.batch = 0
    var row = HistoryRow(
      step: state.step, epoch: state.epoch,
      task: curriculum.lessons[curriculum.lesson(after: state.epoch)].task,
      trainingLoss: state.lossSum / images, trainingAccuracy: Double(state.correct) / images)
    let isTask = curriculum.lessons[lesson].classes != nil
    if isTask { row.trainingAccuracyOfAll = Double(state.correctOfAll) / images }
    let isEnd = isTask && state.epoch == curriculum.lessons[lesson].epochs.upperBound
    if let best { choose(best, isEnd: isEnd) }
    // A task's epochs are short and many: it is evaluated at its end, and where a snapshot is taken.
    if !isTask || isEnd || snapshotSteps.contains(state.step) {
      (row.validationLoss, row.validationAccuracy) = validation()
    }
    if isEnd, specification.tasks?.evaluatesTraining == true, let trainingEvaluation {
      let current = curriculum.lessons[lesson]
      row.cleanTrainingAccuracy =
        trainingEvaluation.run(network, on: current.training, classes: current.classes).accuracy
    }
    state.history.append(row)
    state.lossSum = 0
    state.correct = 0
    state.correctOfAll = 0
    state.seen = 0
  }

  /// On the images that the lesson is validated with.
  private func validation() -> (loss: Double, accuracy: Double) {
    let current = curriculum.lessons[lesson]
    return evaluation.run(network, on: current.validation, classes: current.classes)
  }

  /// Keeps the network if it is the best one of its task so far; at the task's end the best one goes on.
  private func choose(_ best: BestNetwork, isEnd: Bool) {
    let current = curriculum.lessons[lesson]
    guard let trainingEvaluation, !current.selection.isEmpty else { return }
    let accuracy = trainingEvaluation.run(network, on: current.selection, classes: current.classes).accuracy
    if accuracy > state.bestAccuracy ?? -1 {
      state.bestAccuracy = accuracy
      best.keep()
    }
    guard isEnd else { return }
    best.goOn()
    state.bestAccuracy = nil
  }

  private func writeSnapshot() throws {
    let name = SnapshotName(step: state.step, epoch: state.epoch)
    let metadata = [
      "step": "\(state.step)", "epoch": "\(state.epoch)",
      "optimizer": specification.optimizer.stateName,
      "optimizerSteps": "\(optimizer.stepsTaken)",
    ]
    // The optimiser's tensors are of use to a phase that goes on from here alone.
    let isLast = state.step == lastStep
    try Snapshot.write(
      network.snapshotTensors() + (isLast ? Checkpoint.optimizerTensors(optimizer) : []), metadata: metadata,
      to: folder + "/snapshots/" + name.fileName)
  }

  private func writeCheckpoint() throws {
    try Checkpoint.write(
      network: network, optimizer: optimizer, best: best, state: state, to: folder + "/" + Checkpoint.fileName
    )
  }

  private func writeHistory() throws -> [String] {
    let table = Table(columns: HistoryRow.columns, rows: state.history.map(\.fields))
    try table.write(folder + "/history.csv")
    let snapshots = try SnapshotName.all(in: folder + "/snapshots")
    return ["history.csv"] + snapshots.map { "snapshots/" + $0.fileName }
  }
}

extension Trainer {
  private static func makeNetwork(
    _ specification: TrainingSpecification, dataSet: PreparedDataSet,
    start: (snapshot: Snapshot, path: String)?
  ) throws -> Network<Float> {
    let (shape, classes) = (dataSet.shape, dataSet.classCount)
    guard let start else {
      guard specification.clone == nil else {
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
  private static func continueOptimizer(
    _ optimizer: any Optimizer<Float>, _ specification: OptimizerSpecification,
    from snapshot: Snapshot
  ) throws {
    guard snapshot.metadata["optimizer"] == specification.stateName else { return }
    // Descent with momentum has nothing to go on with after descent without. Half a state is an error.
    guard optimizer.state.isEmpty || Checkpoint.holdsAnyState(snapshot) else { return }
    try Checkpoint.load(optimizer, from: snapshot)
    optimizer.stepsTaken = snapshot.metadata["optimizerSteps"].flatMap(UInt64.init) ?? 0
  }

  private static func snapshotSteps(
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
  fileprivate func clearOutputLayer() {
    for parameter in layers.last?.parameters ?? [] { parameter.value.fill(with: 0) }
  }

  /// A network without a past for a task: the first task's is the one that a run through all tasks begins with, each
  /// other task has one of its own.
  fileprivate func beginAnew(seed: UInt64, task: Int) {
    var ownSeed = seed
    if task > 0 {
      var stream = RandomStream(seed: seed, purpose: "reinitialization", index: UInt64(task))
      ownSeed = UInt64(stream.nextWord()) << 32 | UInt64(stream.nextWord())
    }
    initialize(seed: ownSeed)
    clearOutputLayer()
  }
}
