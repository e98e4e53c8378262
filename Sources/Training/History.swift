import Tables

/// What a run records after every epoch: `history.csv`.
public struct HistoryRow: Codable, Hashable, Sendable {
  /// Optimiser steps since the network was new, over all phases.
  public var step: Int
  /// Epochs since the network was new.
  public var epoch: Int
  /// The task that was trained last, counted from 0; 0 where there are none.
  public var task = 0
  /// Mean loss over the epoch's batches, as met during training (augmentation and dropout included);
  /// nil in the row that a phase starts with.
  public var trainingLoss: Double?
  /// Share of training images classified rightly, among the active classes, as they were met, in [0, 1]: the online
  /// accuracy.
  public var trainingAccuracy: Double?
  /// The same with all classes to choose from, where not all are active; nil elsewhere.
  public var trainingAccuracyOfAll: Double?
  /// Mean loss on the validation images in evaluation mode; with tasks, those of the task, and only where a snapshot
  /// is taken.
  public var validationLoss: Double?
  /// Share of validation images classified rightly, in [0, 1].
  public var validationAccuracy: Double?
  /// Share of the training images classified rightly, as they are and in evaluation mode: of tasks that ask for it, at their
  /// ends.
  public var cleanTrainingAccuracy: Double?

  /// What ``quantities`` can name.
  public static var quantityNames: [String] { Array(columns.dropFirst(3)) }

  static let columns = [
    "step", "epoch", "task", "trainingLoss", "trainingAccuracy", "trainingAccuracyOfAll", "validationLoss",
    "validationAccuracy", "cleanTrainingAccuracy",
  ]

  var fields: [String] {
    func text(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }
    return [
      "\(step)", "\(epoch)", "\(task)", text(trainingLoss), text(trainingAccuracy),
      text(trainingAccuracyOfAll), text(validationLoss), text(validationAccuracy),
      text(cleanTrainingAccuracy),
    ]
  }

  /// The named quantities of this row, those that it has.
  public var quantities: [(name: String, value: Double)] {
    [
      ("trainingLoss", trainingLoss), ("trainingAccuracy", trainingAccuracy),
      ("trainingAccuracyOfAll", trainingAccuracyOfAll), ("validationLoss", validationLoss),
      ("validationAccuracy", validationAccuracy), ("cleanTrainingAccuracy", cleanTrainingAccuracy),
    ].compactMap { name, value in value.map { (name, $0) } }
  }

  /// The history in a file that ``Trainer`` wrote.
  public static func read(_ path: String) throws -> [HistoryRow] {
    let table = try CSVReader.read(path)
    let steps = try table.integers("step")
    let epochs = try table.integers("epoch")
    let tasks = try table.integers("task")
    let values = try columns.dropFirst(3).map { try table.optionalNumbers($0) }
    return steps.indices.map { row in
      HistoryRow(
        step: steps[row], epoch: epochs[row], task: tasks[row], trainingLoss: values[0][row],
        trainingAccuracy: values[1][row], trainingAccuracyOfAll: values[2][row],
        validationLoss: values[3][row], validationAccuracy: values[4][row],
        cleanTrainingAccuracy: values[5][row])
    }
  }
}
