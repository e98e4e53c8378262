/// What PyTorch gains from reduced precision, which this project does not use: for information.
struct PrecisionReport {
  let commands: Commands
  let duel: Duel

  /// Prints a row for each of the paper's networks.
  func print() throws {
    guard commands.python != nil else { return }
    Swift.print(
      """
      PyTorch's training steps in single precision and with autocast to bfloat16, both PyTorch's: Adam, batch 128, \
      32×32, one thread; median of \(duel.rounds) rounds

      """)
    printHeader(["network", "single, images/s", "bfloat16, images/s", "times single"])
    for model in PaperModel.allCases {
      let kind = model.kind(size: 32, classes: 10)
      let outcome = try BenchmarkFiles.with(kind: kind.encoded(), batch: kind.randomBatch) { files in
        duel.run(
          ours: commands.theirs(.training, files: files, "bfloat16"),
          theirs: commands.theirs(.training, files: files))
      }
      let images = Double(kind.batchSize)
      printRow([
        model.rawValue, rateCell(images / outcome.theirs), rateCell(images / outcome.ours),
        cell(outcome.ratio, digits: 2),
      ])
    }
    Swift.print()
  }
}
