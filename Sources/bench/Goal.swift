import Manuscript

/// How many times as fast as PyTorch steps should be.
enum Goal {
  /// The goal of a kind of run; nil if it has none.
  static func ratio(of kind: RunKind) -> Double? {
    if kind.batchSize <= smallBatch { return 3 }
    return mediumBatches.contains(kind.batchSize) && kind.model.architecture != PaperModel.vit.rawValue
      ? 2 : nil
  }

  static let inWords =
    "3 times PyTorch where batches hold \(smallBatch) images at most; 2 times at "
    + mediumBatches.map(String.init).joined(separator: ", ") + " for all networks but transformers"

  private static let smallBatch = 32
  /// The batches of increments and of pairs of classes in the second paper, and those of the first.
  private static let mediumBatches = [90, 100, 128]
}

/// Which rows meet their goals.
struct GoalTally {
  private var met = 0
  private var missed: [String] = []

  /// Counts a row; one without a goal, or without PyTorch, does not count.
  mutating func add(_ kind: RunKind, ratio: Double) {
    guard let goal = Goal.ratio(of: kind), ratio.isFinite else { return }
    if ratio >= goal {
      met += 1
    } else {
      missed.append("\(cell(ratio, digits: 2)) of \(cell(goal)): \(kind.inWords)")
    }
  }

  /// The tally in lines, those that miss their goal furthest first; empty if nothing was counted.
  var lines: [String] {
    let all = met + missed.count
    guard all > 0 else { return [] }
    return ["Goals (\(Goal.inWords)): \(met) of \(all) rows meet theirs" + (missed.isEmpty ? "" : ", not:")]
      + missed.sorted().map { "- " + $0 }
  }
}
