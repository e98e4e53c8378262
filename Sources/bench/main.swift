import Foundation
import LinearAlgebra
import NeuralNetwork

BLASKernel.selectForThisProcessor()

/// The value after `--name`, or `fallback`.
func option(_ name: String, default fallback: String) -> String {
  guard let place = CommandLine.arguments.firstIndex(of: "--\(name)"),
    place + 1 < CommandLine.arguments.count
  else { return fallback }
  return CommandLine.arguments[place + 1]
}

let arguments = CommandLine.arguments.dropFirst()
if arguments.contains("--help") {
  print(
    """
    usage: bench [--only mlp|bit-flipping] [--python PYTHON] [--scripts Benchmarks] [--rounds 9] [--steps 100]
                 [--heap]
    """)
  exit(0)
}
if arguments.contains("--heap") {
  // What fifty warm steps leave on the heap, in bytes; nothing else runs in this process.
  let small = TrainingBenchmark(inputSize: 40, width: 24)
  _ = small.train(steps: 3)
  let before = Heap.bytesInUse
  _ = small.train(steps: 50)
  let after = Heap.bytesInUse
  print(after - before)
  exit(0)
}
let rounds = max(Int(option("rounds", default: "9")) ?? 9, 1)
let steps = max(Int(option("steps", default: "100")) ?? 100, 1)
let python = option("python", default: "python3")
let scripts = option("scripts", default: "Benchmarks")
switch option("only", default: "") {
case "mlp": reportTraining(rounds: rounds, steps: steps, python: python, scripts: scripts)
case "bit-flipping": reportBitFlipping(rounds: rounds, python: python, scripts: scripts)
case "":
  reportTraining(rounds: rounds, steps: steps, python: python, scripts: scripts)
  print()
  reportBitFlipping(rounds: rounds, python: python, scripts: scripts)
case let other:
  FileHandle.standardError.write(Data("bench: --only is '\(other)'; known: mlp, bit-flipping\n".utf8))
  exit(2)
}
