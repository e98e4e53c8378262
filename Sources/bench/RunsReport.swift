import Foundation

/// Trains what the runs of a profile train, kind by kind, with this project's code and with PyTorch in turn.
struct RunsReport {
  let commands: Commands
  let duel: Duel

  /// Prints a row for each kind, and the sum of what all its runs should take.
  func print(_ planned: [PlannedRuns.Training], profile: String, tally: inout GoalTally) throws {
    Swift.print(
      """
      Training steps of the \(planned.map(\.runs).reduce(0, +)) runs of the profile \(profile), of \(planned.count) \
      kinds, one thread each; median of \(duel.rounds) rounds. Core seconds are the images of all runs of a kind by \
      our rate, without the choice of images, evaluation and snapshots.

      """)
    printHeader([
      "network", "images", "batch", "optimiser", "runs", "Barriers, images/s", "PyTorch", "ratio", "GFLOP/s",
      "of SGEMM", "core seconds", "PyTorch's way",
    ])
    var total = 0.0
    for runs in planned { total += try printRow(runs, tally: &tally) }
    Swift.print("\nall kinds: \(cell(total)) core seconds\n")
  }

  /// - Returns: the core seconds of all runs of the kind.
  private func printRow(_ planned: PlannedRuns.Training, tally: inout GoalTally) throws -> Double {
    let kind = planned.kind
    let outcome = try BenchmarkFiles.with(kind: kind.encoded(), batch: kind.randomBatch) { files in
      duel.run(
        ours: commands.ours(.training, files: files), theirs: commands.theirs(.training, files: files))
    }
    let images = Double(kind.batchSize)
    let rate = kind.network.trainingOperations * images / outcome.ours
    let seconds = planned.images * outcome.ours / images
    bench.printRow([
      kind.networkInWords, kind.imagesInWords, "\(kind.batchSize)", kind.optimizerInWords, "\(planned.runs)",
      rateCell(images / outcome.ours), rateCell(images / outcome.theirs), cell(outcome.ratio, digits: 2),
      cell(rate / 1e9), percentCell(rate / outcome.productRate), cell(seconds),
      outcome.greeting.dropFirst().joined(separator: ", "),
    ])
    tally.add(kind, ratio: outcome.ratio)
    return seconds
  }
}
