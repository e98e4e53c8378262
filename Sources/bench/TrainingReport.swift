import Foundation
import LinearAlgebra

/// Trains the paper's networks with this engine and with PyTorch in turn, each in a process of its own and on the
/// same batch, and prints a table.
struct TrainingReport {
  let rounds: Int
  let python: String
  let scripts: String
  static let batchSize = 128

  /// Prints a row for each model and image size.
  func print(_ models: [PaperModel]) {
    Swift.print(
      """
      Training steps of the paper's networks: Adam, batch \(Self.batchSize), one thread each; median of \(rounds) rounds,
      OpenBLAS \(BLASKernel.version) with \(BLASKernel.name) kernels

      | network | images | Barriers, images/s | PyTorch | ratio | GFLOP/s | of SGEMM | peak memory, MB | PyTorch |
      |---|---|---|---|---|---|---|---|---|
      """)
    for (size, classes) in [(32, 10), (64, 200)] {
      for model in models { printRow(model, size: size, classes: classes) }
    }
  }

  private func printRow(_ model: PaperModel, size: Int, classes: Int) {
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("barriers-bench-\(ProcessInfo.processInfo.processIdentifier).batch")
    let batch = TrainingBenchmark.randomBatch(
      size: Self.batchSize, inputSize: 3 * size * size, classes: classes)
    do { try batch.write(to: file) } catch {
      FileHandle.standardError.write(Data("bench: cannot write \(file.path): \(error)\n".utf8))
      exit(1)
    }
    defer { try? FileManager.default.removeItem(at: file) }
    let arguments = [model.rawValue, "\(size)", "\(classes)", file.path, "\(Self.batchSize)"]
    let ours = TrainingProcess([CommandLine.arguments[0], "--serve"] + arguments)
    let theirs = TrainingProcess([python, "\(scripts)/models.py"] + arguments)
    defer {
      ours?.finish()
      theirs?.finish()
    }
    // A round takes each side about a second.
    let first = ours?.train(steps: 2)?.seconds ?? 1
    let steps = max(1, Int(2 / first))
    _ = theirs?.train(steps: 1)
    var mine: [Double] = []
    var other: [Double] = []
    var products: [Double] = []
    for _ in 0..<rounds {
      if let answer = ours?.train(steps: steps) { mine.append(answer.seconds / Double(steps)) }
      if let answer = theirs?.train(steps: steps) { other.append(answer.seconds / Double(steps)) }
      products.append(TrainingBenchmark.productRate())
    }
    let images = Double(Self.batchSize)
    let rate = model.specification(size: size, classes: classes).trainingOperations * images / median(mine)
    let cells = [
      model.rawValue, "\(size)×\(size), \(classes) classes", number(images / median(mine)),
      number(images / median(other)), number(median(other) / median(mine), digits: 2),
      number(rate / 1e9), number(100 * rate / median(products)) + " %",
      number((ours?.peakMemory() ?? .nan) / 1e6), number((theirs?.peakMemory() ?? .nan) / 1e6),
    ]
    Swift.print("| " + cells.joined(separator: " | ") + " |")
    fflush(nil)
  }

  private func number(_ value: Double, digits: Int = 0) -> String {
    value.isFinite ? String(format: "%.\(digits)f", value) : "–"
  }
}
