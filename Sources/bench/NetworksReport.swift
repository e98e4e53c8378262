import LinearAlgebra
import Manuscript

/// Trains the paper's networks in its batches with this project's code and with PyTorch in turn.
struct NetworksReport {
  let commands: Commands
  let duel: Duel

  /// Prints a row for each model and image size.
  func print(_ models: [PaperModel], tally: inout GoalTally) throws {
    Swift.print(
      """
      Training steps of the paper's networks: Adam, batch 128, one thread each; median of \(duel.rounds) rounds,
      OpenBLAS \(BLASKernel.version) with \(BLASKernel.name) kernels

      """)
    printHeader([
      "network", "images", "Barriers, images/s", "PyTorch", "ratio", "GFLOP/s", "of SGEMM", "peak memory, MB",
      "PyTorch", "PyTorch's way",
    ])
    for (size, classes) in [(32, 10), (64, 200)] {
      for model in models {
        try printRow(model.rawValue, kind: model.kind(size: size, classes: classes), tally: &tally)
      }
    }
    Swift.print()
  }

  private func printRow(_ name: String, kind: RunKind, tally: inout GoalTally) throws {
    let outcome = try BenchmarkFiles.with(kind: kind.encoded(), batch: kind.randomBatch) { files in
      duel.run(
        ours: commands.ours(.training, files: files), theirs: commands.theirs(.training, files: files))
    }
    let images = Double(kind.batchSize)
    let rate = kind.network.trainingOperations * images / outcome.ours
    bench.printRow([
      name, kind.imagesInWords, rateCell(images / outcome.ours), rateCell(images / outcome.theirs),
      cell(outcome.ratio, digits: 2), cell(rate / 1e9), percentCell(rate / outcome.productRate),
      cell(outcome.ourPeakMemory / 1e6), cell(outcome.theirPeakMemory / 1e6),
      outcome.greeting.dropFirst().joined(separator: ", "),
    ])
    tally.add(kind, ratio: outcome.ratio)
  }
}
