import BitFlipping
import Foundation

/// Lets a learner follow the paper's stream, with this project's code and with PyTorch in turn, and prints both
/// rates and what the readings of the hidden layer cost.
func reportBitFlipping(rounds: Int, python: String, scripts: String) {
  print("Bit flipping: 21 inputs, squared error of one example, one thread; median of \(rounds) rounds")
  for (name, method) in [("sgd", "gradient descent"), ("cbp", "continual backpropagation")] {
    for width in [5, 100] {
      let ours = BitFlippingBenchmark(width: width, replaces: name == "cbp")
      let torch = TrainingProcess([python, "\(scripts)/bit_flipping.py", String(width), name])
      var mine: [Double] = []
      var theirs: [Double] = []
      _ = torch?.train(steps: 200)
      for _ in 0..<rounds {
        mine.append(ours.secondsPerExample(examples: 500_000))
        if let answer = torch?.train(steps: 1_000) { theirs.append(answer.seconds / 1_000) }
      }
      torch?.finish()
      print("\(method), width \(width)")
      row("  Barriers", 1e-6 / median(mine), "million examples/s", digits: 2)
      if let torch, !theirs.isEmpty {
        row("  PyTorch \(torch.greeting.first ?? "")", 1 / median(theirs), "examples/s")
        row("  ratio", median(theirs) / median(mine), "times PyTorch")
      } else {
        print("  PyTorch: not found with \(python); name a Python that has it with --python")
      }
      let whole = (0..<rounds).map { _ in
        BitFlippingBenchmark.secondsPerExample(width: width, replaces: name == "cbp", examples: 500_000)
      }
      row("  share of readings", 100 * (1 - median(mine) / median(whole)), "% of a run", digits: 0)
    }
  }
}
