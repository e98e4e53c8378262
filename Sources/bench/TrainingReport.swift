import Foundation
import LinearAlgebra

/// Trains the paper's MLP with this engine and with PyTorch in turn, and prints both rates.
func reportTraining(rounds: Int, steps: Int, python: String, scripts: String) {
  let benchmark = TrainingBenchmark()

  let batchFile = FileManager.default.temporaryDirectory
    .appendingPathComponent("barriers-bench-\(ProcessInfo.processInfo.processIdentifier).batch")
  do {
    try benchmark.batchFile.write(to: batchFile)
  } catch {
    FileHandle.standardError.write(Data("bench: cannot write \(batchFile.path): \(error)\n".utf8))
    exit(1)
  }
  defer { try? FileManager.default.removeItem(at: batchFile) }
  let torch = PyTorchSide(
    python: python, script: "\(scripts)/mlp.py",
    arguments: [
      batchFile.path, String(TrainingBenchmark.batchSize), String(benchmark.specification.inputSize),
    ])

  var ours: [Double] = []
  var theirs: [Double] = []
  var products: [Double] = []
  var losses = (ours: Double.nan, theirs: Double.nan)
  _ = benchmark.train(steps: 20)
  _ = torch?.train(steps: 20)
  _ = TrainingBenchmark.productRate()
  for _ in 0..<rounds {
    let mine = benchmark.train(steps: steps)
    ours.append(mine.seconds / Double(steps))
    losses.ours = mine.loss
    if let answer = torch?.train(steps: steps) {
      theirs.append(answer.seconds / Double(steps))
      losses.theirs = answer.loss
    }
    products.append(TrainingBenchmark.productRate())
  }
  torch?.finish()

  let batch = Double(TrainingBenchmark.batchSize)
  let rate = benchmark.operations / median(ours)
  print("MLP 3072 - 5 x 128 - 10, batch normalisation, Adam, batch 128, one thread")
  print(
    "OpenBLAS \(BLASKernel.version), kernels \(BLASKernel.name); median of \(rounds) rounds of \(steps) steps"
  )
  row("Barriers", batch / median(ours), "images/s")
  if let torch, !theirs.isEmpty {
    row("PyTorch \(torch.version)", batch / median(theirs), "images/s")
    row("ratio", median(theirs) / median(ours), "times PyTorch", digits: 2)
  } else {
    print("PyTorch: not found with \(python); name a Python that has it with --python")
  }
  row("step", median(ours) * 1e6, "microseconds")
  row("products of the step", rate / 1e9, "GFLOP/s", digits: 1)
  row("large SGEMM, same run", median(products) / 1e9, "GFLOP/s", digits: 1)
  row("share of the SGEMM rate", 100 * rate / median(products), "%", digits: 1)
  row("normal random numbers", TrainingBenchmark.secondsPerNormalNumber() * 1e9, "ns each", digits: 2)
  let theirLoss = losses.theirs.isNaN ? "" : String(format: ", PyTorch %.2e", losses.theirs)
  print(String(format: "loss after the last step: Barriers %.2e", losses.ours) + theirLoss)
}
