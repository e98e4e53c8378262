/// Measures a snapshot of each kind that a profile measures, with this project's code and with PyTorch in turn.
struct MeasuringReport {
  let commands: Commands
  let duel: Duel

  /// Prints a row for each kind, and the sum of what all its snapshots should take.
  func print(_ planned: [PlannedRuns.Measuring], profile: String) throws {
    Swift.print(
      """
      Measuring the snapshots of the profile \(profile), of \(planned.count) kinds: all metrics of all layers on two \
      probes, one thread each; median of \(duel.rounds) rounds. Ours from the snapshot's file on.

      """)
    printHeader([
      "network", "images", "probe", "runs", "snapshots", "Barriers, snapshots/s", "PyTorch", "ratio",
      "core seconds",
    ])
    var total = 0.0
    for measuring in planned { total += try printRow(measuring) }
    Swift.print("\nall kinds: \(cell(total)) core seconds\n")
  }

  /// - Returns: the core seconds of all snapshots of the kind.
  private func printRow(_ planned: PlannedRuns.Measuring) throws -> Double {
    let kind = planned.kind
    let outcome = try BenchmarkFiles.with(kind: kind.encoded(), batch: kind.probes.randomBatch) { files in
      duel.run(
        ours: commands.ours(.measuring, files: files), theirs: commands.theirs(.measuring, files: files))
    }
    let seconds = planned.snapshots * outcome.ours
    bench.printRow([
      kind.networkInWords, kind.imagesInWords, "\(kind.probeImages)", "\(planned.runs)",
      cell(planned.snapshots), rateCell(1 / outcome.ours), rateCell(1 / outcome.theirs),
      cell(outcome.ratio, digits: 2), cell(seconds),
    ])
    return seconds
  }
}
