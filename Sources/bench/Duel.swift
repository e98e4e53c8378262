import Foundation

/// Two processes that do the same work in turn, so that what else the machine does falls on both.
struct Duel {
  /// What was found out, in seconds for each time that the work was done; NaN of a side that is not there.
  struct Outcome {
    var ours = Double.nan
    var theirs = Double.nan
    /// Operations a second of a large matrix product, taken between the rounds.
    var productRate = Double.nan
    /// Bytes.
    var ourPeakMemory = Double.nan
    var theirPeakMemory = Double.nan
    /// What their side said of itself.
    var greeting: [String] = []

    /// How many times as long their side takes.
    var ratio: Double { theirs / ours }
  }

  let rounds: Int
  /// That a side should take in a round.
  let seconds: Double

  /// Lets both commands work; one that does not start is left out.
  func run(ours: [String]?, theirs: [String]?) -> Outcome {
    let sides = [ours, theirs].map { command in command.flatMap(Side.init) }
    var products: [Double] = []
    for side in sides { side?.warmUp(for: seconds) }
    for _ in 0..<rounds {
      for side in sides { side?.takeRound() }
      products.append(bench.productRate())
    }
    var outcome = Outcome()
    outcome.productRate = median(products)
    if let side = sides[0] {
      outcome.ours = median(side.times)
      outcome.ourPeakMemory = side.process.peakMemory() ?? .nan
    }
    if let side = sides[1] {
      outcome.theirs = median(side.times)
      outcome.theirPeakMemory = side.process.peakMemory() ?? .nan
      outcome.greeting = side.process.greeting
    }
    for side in sides { side?.process.finish() }
    return outcome
  }

  private final class Side {
    let process: BenchmarkProcess
    private(set) var times: [Double] = []
    private var perRound = 1

    init?(_ command: [String]) {
      guard let process = BenchmarkProcess(command) else { return nil }
      self.process = process
    }

    /// The first times are slower; the second ones tell how many make up a round.
    func warmUp(for seconds: Double) {
      guard let cold = process.work(times: 1)?.seconds else { return }
      let warm = cold > seconds ? cold : process.work(times: 2).map { $0.seconds / 2 } ?? cold
      perRound = max(1, Int(seconds / max(warm, 1e-6)))
    }

    func takeRound() {
      guard let answer = process.work(times: perRound) else { return }
      times.append(answer.seconds / Double(perRound))
    }
  }
}
