import BitFlipping
import Foundation

/// Lets a learner follow the paper's stream, with this project's code and with PyTorch in turn, and prints both
/// rates and what the readings of the hidden layer cost.
struct BitFlippingReport {
  let commands: Commands
  let rounds: Int

  func print() {
    Swift.print(
      "Bit flipping: 21 inputs, squared error of one example, one thread; median of \(rounds) rounds\n")
    printHeader([
      "method", "width", "Barriers, million examples/s", "PyTorch, examples/s", "ratio", "share of readings",
    ])
    for (name, method) in [("sgd", "gradient descent"), ("cbp", "continual backpropagation")] {
      for width in [5, 100] { printRow(name, method: method, width: width) }
    }
    Swift.print()
  }

  private func printRow(_ name: String, method: String, width: Int) {
    let ours = BitFlippingBenchmark(width: width, replaces: name == "cbp")
    let torch = commands.python.flatMap {
      BenchmarkProcess([$0, "\(commands.scripts)/bit_flipping.py", String(width), name])
    }
    var mine: [Double] = []
    var theirs: [Double] = []
    _ = torch?.work(times: 200)
    for _ in 0..<rounds {
      mine.append(ours.secondsPerExample(examples: 500_000))
      if let answer = torch?.work(times: 1_000) { theirs.append(answer.seconds / 1_000) }
    }
    torch?.finish()
    let whole = (0..<rounds).map { _ in
      BitFlippingBenchmark.secondsPerExample(width: width, replaces: name == "cbp", examples: 500_000)
    }
    bench.printRow([
      method, "\(width)", cell(1e-6 / median(mine), digits: 1), cell(1 / median(theirs)),
      cell(median(theirs) / median(mine)), percentCell(1 - median(mine) / median(whole)),
    ])
  }
}
