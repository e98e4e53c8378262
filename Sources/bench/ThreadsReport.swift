import Foundation
import LinearAlgebra

/// Trains the paper's networks on one thread and on several in turn, then on several beside PyTorch with as many.
struct ThreadsReport {
  let commands: Commands
  let duel: Duel

  func print(threads: Int) throws {
    Swift.print(
      """
      Training steps of the paper's networks on \(threads) threads: Adam, batch 128; median of \(duel.rounds) rounds,
      OpenBLAS \(BLASKernel.version) with \(BLASKernel.name) kernels

      """)
    printHeader([
      "network", "images", "1 thread, images/s", "\(threads) threads", "speed-up",
      "PyTorch, \(threads) threads", "ratio",
    ])
    for model in PaperModel.allCases {
      let kind = model.kind(size: 32, classes: 10)
      let (alone, beside) = try BenchmarkFiles.with(kind: kind.encoded(), batch: kind.randomBatch) { files in
        let ours = commands.ours(.training, files: files, threads: threads)
        return (
          duel.run(ours: ours, theirs: commands.ours(.training, files: files)),
          duel.run(ours: ours, theirs: commands.theirs(.training, files: files, threads: threads))
        )
      }
      let images = Double(kind.batchSize)
      printRow([
        model.rawValue, kind.imagesInWords, rateCell(images / alone.theirs), rateCell(images / alone.ours),
        cell(alone.ratio, digits: 2), rateCell(images / beside.theirs), cell(beside.ratio, digits: 2),
      ])
    }
    Swift.print()
  }
}
