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
  /// After these epochs a checkpoint is kept for good.
  private let checkpointEpochs: Set<Int>
  /// The epoch before which this process is done: that of the phase's end or, of a part of it, an earlier one.
  private let endEpoch: Int
  /// Optimiser steps since the network was new, before this phase and after it.
  private let firstStep: Int
  private let lastStep: Int

  /// Steps from the phase's beginning until this process is done.
  public let steps: Int
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
  ///   - segment: the part of the phase that is trained; nil for all of it.
  ///   - checkpoint: the path of the checkpoint that the part begins with, one of those that the whole phase keeps; nil for
  ///     a part from the phase's beginning.
  /// - Throws: ``SpecificationProblem``, ``TrainingError``, or what reading the snapshot throws.
  public init(
    specification: TrainingSpecification, dataSet: PreparedDataSet,
    start: (snapshot: Snapshot, path: String)?, segment: TrainingSegment? = nil, checkpoint: String? = nil,
    folder: String
  ) throws {
    try specification.validate()
    try segment?.validate(within: specification)
    try specification.model.validate(for: dataSet.shape)
    self.specification = specification
    self.folder = folder
    curriculum = try Curriculum(specification, dataSet: dataSet)
    let classes = dataSet.classCount
    let extent = try specification.model.validate(
      for: dataSet.shape, classes: classes,
      batchSize: min(specification.batchSize, curriculum.largestImageCount))
    try requireMemory(extent.bytes, "model")
    network = try Self.makeNetwork(
      specification, dataSet: dataSet, start: start, hasCheckpoint: checkpoint != nil)
    // Before the optimiser is made: what it keeps of the initial parameters is what the first task begins with.
    switch curriculum.start(atEpoch: 0) {
    case .outputReset: network.clearOutputLayer()
    case .reinitialized:
      network.beginAnew(
        seed: specification.seed, task: curriculum.lessons[0].task, of: specification.tasks)
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
    checkpointEpochs = specification.checkpointEpochs(
      operations: specification.model.network(for: dataSet.shape, classes: classes).trainingOperations,
      steps: lastStep - firstStep)
    endEpoch = segment?.lastEpoch ?? specification.firstEpoch + specification.epochs
    steps = curriculum.steps(beforeEpoch: endEpoch, batchSize: batchSize) - firstStep
    let own = folder + "/" + Checkpoint.fileName
    if let state = Checkpoint.resume(from: own, network: network, optimizer: optimizer, best: best) {
      self.state = state
    } else if let checkpoint {
      state = try Self.state(
        of: checkpoint, epoch: segment?.firstEpoch ?? 0, network: network, optimizer: optimizer, best: best)
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
    var images = 0

    try FileManager.default.createDirectory(
      atPath: folder + "/snapshots", withIntermediateDirectories: true)
    if state.step == firstStep, state.history.isEmpty {
      let (loss, accuracy) = validation()
      state.history.append(
        HistoryRow(
          step: firstStep, epoch: state.epoch, validationLoss: loss, validationAccuracy: accuracy))
      try writeSnapshot()
    }
    while state.epoch < endEpoch {
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
            epoch: state.epoch + 1, lastEpoch: endEpoch, task: lesson + 1,
            tasks: curriculum.lessons.count, loss: state.lossSum / Double(state.seen), images: images))
        if state.batch == stepsPerEpoch { finishEpoch() }
        if snapshotSteps.contains(state.step) { try writeSnapshot() }
        if state.batch == 0, checkpointEpochs.contains(state.epoch) { try keepCheckpoint() }
        let stopping = shouldStop()
        if stopping || clock.now - lastCheckpoint >= .seconds(checkpointInterval) {
          try writeCheckpoint()
          lastCheckpoint = clock.now
        }
        if stopping, state.epoch < endEpoch { return .interrupted }
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
      network.beginAnew(
        seed: specification.seed, task: curriculum.lessons[lesson].task, of: specification.tasks)
      optimizer.restart()
    case .unchanged: break
    }
  }

  private func finishEpoch() {
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

  /// Keeps a checkpoint beside the snapshots, from which a part of the phase can be repeated.
  private func keepCheckpoint() throws {
    try FileManager.default.createDirectory(
      atPath: folder + "/" + SnapshotName.checkpointFolder, withIntermediateDirectories: true)
    try Checkpoint.write(
      network: network, optimizer: optimizer, best: best, state: state,
      to: "\(folder)/\(SnapshotName.checkpointFolder)/"
        + SnapshotName(step: state.step, epoch: state.epoch).fileName)
  }

  private func writeHistory() throws -> [String] {
    let table = Table(columns: HistoryRow.columns, rows: state.history.map(\.fields))
    try table.write(folder + "/history.csv")
    let kept = try ["snapshots", SnapshotName.checkpointFolder].flatMap { name in
      try SnapshotName.all(in: "\(folder)/\(name)").map { "\(name)/\($0.fileName)" }
    }
    return ["history.csv"] + kept
  }
}
