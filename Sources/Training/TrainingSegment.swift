import Foundation
import NeuralNetwork
import Specifications

/// A part of a phase, from its beginning or one of its checkpoints to a later epoch: what a long run is repeated in.
public struct TrainingSegment: Codable, Hashable, Sendable {
  /// Epochs since the network was new when it begins.
  public var firstEpoch: Int
  /// The same when it ends.
  public var lastEpoch: Int

  public init(firstEpoch: Int, lastEpoch: Int) {
    self.firstEpoch = firstEpoch
    self.lastEpoch = lastEpoch
  }

  /// Rejects a part that is empty or not within the phase.
  func validate(within phase: TrainingSpecification) throws(SpecificationProblem) {
    let end = phase.firstEpoch + phase.epochs
    try require(firstEpoch, in: phase.firstEpoch...end, "segment.firstEpoch")
    try require(lastEpoch, in: firstEpoch...end, "segment.lastEpoch")
    guard firstEpoch < lastEpoch else { throw SpecificationProblem("segment", "holds no epoch") }
  }
}

extension TrainingSpecification {
  /// Floating-point operations from which on a phase is long: about an hour of a core.
  static let longPhase = 2e14
  /// The checkpoints of a long phase of which nothing else is said.
  static let checkpointsOfLongPhase = 4

  /// The epochs after which a checkpoint is kept: evenly spread, none at the beginning and the end, where snapshots are.
  ///
  /// - Parameters:
  ///   - operations: floating-point operations for each image.
  ///   - steps: optimiser steps of the phase.
  func checkpointEpochs(operations: Double, steps: Int) -> Set<Int> {
    let isLong = operations * Double(steps) * Double(batchSize) >= Self.longPhase
    let count = checkpoints ?? (isLong ? Self.checkpointsOfLongPhase : 0)
    guard count > 0, epochs > 1 else { return [] }
    return Set((1...count).map { firstEpoch + min(max($0 * epochs / (count + 1), 1), epochs - 1) })
  }
}

extension Trainer {
  /// What a kept checkpoint says, its tensors loaded.
  ///
  /// - Throws: ``TrainingError/unsuitableStart(file:reason:)``.
  static func state(
    of checkpoint: String, epoch: Int, network: Network<Float>, optimizer: any Optimizer<Float>,
    best: BestNetwork?
  ) throws -> TrainingState {
    guard
      let state = Checkpoint.resume(from: checkpoint, network: network, optimizer: optimizer, best: best)
    else {
      throw TrainingError.unsuitableStart(file: checkpoint, reason: "it is no checkpoint of this run")
    }
    guard state.epoch == epoch, state.batch == 0 else {
      throw TrainingError.unsuitableStart(
        file: checkpoint, reason: "it was taken in epoch \(state.epoch), not after \(epoch)")
    }
    return state
  }
}
