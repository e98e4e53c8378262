import Tables

/// Runs the bit-flipping experiment and tabulates what it shows.
///
/// Curves by name, x in examples, a point at the end of each window, y the mean over the window:
/// `loss` (squared error before each step), `evaluationLoss` (expected squared error without dropout, at the end
/// of each bin), `potentialEffectiveRank`, `potentialDuplicateFraction`, `effectiveRank`, `duplicateFraction`,
/// `deadFraction`, and `replacements` so far. `last-…` is the mean over the end of the stream, a single point;
/// where continual backpropagation begins later than the stream, `before-…` and `after-…` are the two parts of a
/// curve.
public enum BitFlippingTable {
  /// - Parameter report: told the examples done; what it throws ends the run.
  /// - Throws: `CholeskyError` if the fixed batch is degenerate, and `SymmetricEigenvalueError`.
  public static func compute(
    _ specification: BitFlippingSpecification, report: (Int) throws -> Void
  ) throws -> Table {
    let initial = LearnerParameters(
      bits: specification.stream.bits, width: specification.width, seed: specification.seed)
    if specification.method.movesActiveInputsAlike {
      let learner = CollapsedLearner<Float>(
        stream: specification.stream, parameters: initial, activation: specification.activation,
        learningRate: specification.method.learningRate)
      return try compute(specification, learner, report: report)
    }
    let learner = RowLearner<Float>(
      stream: specification.stream, parameters: initial, activation: specification.activation,
      method: specification.method, seed: specification.seed)
    return try compute(specification, learner, report: report)
  }

  private static func compute(
    _ specification: BitFlippingSpecification, _ learner: some OnlineLearner,
    report: (Int) throws -> Void
  ) throws -> Table {
    var run = try BitFlippingRun(specification, learner: learner)
    while !run.isFinished {
      try run.learnBin()
      if run.examples % specification.readings.window == 0 { try report(run.examples) }
    }
    return run.table
  }
}
