import Foundation
import LinearAlgebra
import NeuralNetwork

BLASKernel.selectPreferred()

/// The value after `--name`, or `fallback`.
func option(_ name: String, default fallback: String) -> String {
  guard let place = CommandLine.arguments.firstIndex(of: "--\(name)"),
    place + 1 < CommandLine.arguments.count
  else { return fallback }
  return CommandLine.arguments[place + 1]
}

func fail(_ message: String) -> Never {
  FileHandle.standardError.write(Data("bench: \(message)\n".utf8))
  exit(2)
}

let arguments = Array(CommandLine.arguments.dropFirst())
if arguments.contains("--help") {
  print(
    """
    usage: bench [--only mlp|cnn|resnet|vit|bit-flipping] [--python PYTHON] [--scripts Benchmarks] [--rounds 5]

    Without PyTorch, only this project's rates are shown.
    """)
  exit(0)
}
if arguments.contains("--heap") {
  print(heapGrowth())
  exit(0)
}
if let place = arguments.firstIndex(of: "--serve") {
  let rest = arguments[(place + 1)...]
  guard rest.count >= 5, let model = PaperModel(rawValue: rest[place + 1]), let size = Int(rest[place + 2]),
    let classes = Int(rest[place + 3]), let batchSize = Int(rest[place + 5]),
    let batch = FileManager.default.contents(atPath: rest[place + 4])
  else { fail("--serve needs a network, image size, classes, a file with a batch, and the batch's size") }
  TrainingBenchmark(
    model.specification(size: size, classes: classes).makeNetwork(of: Float.self), classes: classes,
    samples: batch, batchSize: batchSize,
    learningRate: model.learningRate
  ).serve()
  exit(0)
}
let rounds = max(Int(option("rounds", default: "5")) ?? 5, 1)
let python = option("python", default: "python3")
let scripts = option("scripts", default: "Benchmarks")
let report = TrainingReport(rounds: rounds, python: python, scripts: scripts)
switch option("only", default: "") {
case "bit-flipping": reportBitFlipping(rounds: rounds, python: python, scripts: scripts)
case "":
  report.print(PaperModel.allCases)
  print()
  reportBitFlipping(rounds: rounds, python: python, scripts: scripts)
case let name:
  guard let model = PaperModel(rawValue: name) else {
    fail("--only is '\(name)'; known: mlp, cnn, resnet, vit, bit-flipping")
  }
  report.print([model])
}
