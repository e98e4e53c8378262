import Foundation
import LinearAlgebra
import NeuralNetwork

/// Where a run stands between two steps: with the parameters and the optimiser's tensors, all that is needed
/// to go on to the same bits, as every random stream is named by epoch or step.
struct TrainingState: Codable, Hashable {
  /// The epoch under way, counted since the network was new.
  var epoch: Int
  /// The next batch in that epoch.
  var batch: Int = 0
  /// Optimiser steps since the network was new.
  var step: Int
  /// Steps that the optimiser took since it was made.
  var optimizerSteps: UInt64 = 0
  /// Sums over the batches of the epoch so far.
  var lossSum: Double = 0
  var correct: Int = 0
  var correctOfAll: Int = 0
  var seen: Int = 0
  /// The best accuracy on held-out images in the task under way; nil before its first epoch has ended.
  var bestAccuracy: Double?
  var history: [HistoryRow] = []
}

/// Why a checkpoint or a snapshot cannot be used.
public enum TrainingError: Error, Equatable, CustomStringConvertible {
  /// The loss is not a number any more.
  case diverged(step: Int, learningRate: Double)
  /// The phase to start from ended with another network or at another epoch.
  case unsuitableStart(file: String, reason: String)
  /// A network was cloned, and what came out is no clone.
  case notAClone(reason: String)
  /// The data set is smaller than the specification asks for.
  case tooFewImages(field: String, wanted: Int, available: Int)
  /// The tasks of a data set have not the same number of images, or one has none.
  case unequalTasks(shortest: Int, longest: Int)

  public var description: String {
    switch self {
    case .diverged(let step, let rate):
      "the loss is not finite at step \(step): the run diverged; lower optimizer.learningRate (now \(rate))"
    case .unsuitableStart(let file, let reason): "cannot start from \(file): \(reason)"
    case .notAClone(let reason): "the cloned network is no clone of its base: \(reason)"
    case .tooFewImages(let field, let wanted, let available):
      "\(field) asks for \(wanted) images; the data set has \(available)"
    case .unequalTasks(let shortest, let longest):
      "tasks must have the same number of images, and some validation images; here they have from \(shortest) to "
        + "\(longest): set tasks.imagesPerClass"
    }
  }
}

/// A run's state on disk while it is under way.
struct Checkpoint {
  static let fileName = "checkpoint"

  /// Writes parameters, buffers, optimiser and state; whole or not at all.
  static func write(
    network: Network<Float>, optimizer: any Optimizer<Float>, best: BestNetwork?, state: TrainingState,
    to path: String
  ) throws {
    var state = state
    state.optimizerSteps = optimizer.stepsTaken
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let text = String(decoding: try encoder.encode(state), as: UTF8.self)
    let temporary = path + ".new"
    try Snapshot.write(
      network.snapshotTensors() + optimizerTensors(optimizer) + tensors(best?.state ?? [], prefix: ""),
      metadata: ["state": text], to: temporary)
    guard rename(temporary, path) == 0 else {
      throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: path])
    }
  }

  /// The state in a checkpoint, its tensors loaded into `network` and `optimizer`; nil if there is none or if
  /// it is not whole (then the run starts anew, to the same result).
  static func resume(
    from path: String, network: Network<Float>, optimizer: any Optimizer<Float>, best: BestNetwork?
  ) -> TrainingState? {
    guard FileManager.default.fileExists(atPath: path),
      let snapshot = try? Snapshot(contentsOf: path),
      let text = snapshot.metadata["state"],
      let state = try? JSONDecoder().decode(TrainingState.self, from: Data(text.utf8)),
      // Both are asked before either is changed: a run that starts anew must start from its own beginning.
      holds(optimizer.state, prefix: "optimizer.", snapshot), holds(best?.state ?? [], prefix: "", snapshot),
      (try? network.load(snapshot)) != nil, (try? load(optimizer, from: snapshot)) != nil,
      (try? load(best?.state ?? [], prefix: "", from: snapshot)) != nil
    else { return nil }
    optimizer.stepsTaken = state.optimizerSteps
    return state
  }

  /// The optimiser's tensors under the names that they have in files.
  static func optimizerTensors(_ optimizer: any Optimizer<Float>) -> [Snapshot.Tensor] {
    tensors(optimizer.state, prefix: "optimizer.")
  }

  private static func tensors(
    _ state: [(name: String, tensor: Matrix<Float>)], prefix: String
  ) -> [Snapshot.Tensor] {
    state.map {
      Snapshot.Tensor(name: prefix + $0.name, shape: [$0.tensor.count], copying: $0.tensor)
    }
  }

  /// Whether a snapshot has anything that an optimiser remembers.
  static func holdsAnyState(_ snapshot: Snapshot) -> Bool {
    snapshot.tensors.keys.contains { $0.hasPrefix("optimizer.") }
  }

  private static func holds(
    _ state: [(name: String, tensor: Matrix<Float>)], prefix: String, _ snapshot: Snapshot
  ) -> Bool {
    state.allSatisfy { snapshot.tensors[prefix + $0.name]?.elements.count == $0.tensor.count }
  }

  /// Loads the tensors that ``optimizerTensors(_:)`` named.
  static func load(_ optimizer: any Optimizer<Float>, from snapshot: Snapshot) throws {
    try load(optimizer.state, prefix: "optimizer.", from: snapshot)
  }

  private static func load(
    _ state: [(name: String, tensor: Matrix<Float>)], prefix: String, from snapshot: Snapshot
  ) throws {
    for (name, tensor) in state {
      guard let saved = snapshot.tensors[prefix + name], saved.elements.count == tensor.count else {
        throw SnapshotError.missingTensor(path: snapshot.path, tensor: prefix + name)
      }
      saved.copy(into: tensor)
    }
  }
}
