import LinearAlgebra

/// What continual backpropagation keeps besides the running averages: ages, and the account of replacements.
struct Replacement {
  let settings: ReplacementSpecification
  /// Replacements so far.
  private(set) var count = 0
  /// Units older than the maturity, in no order.
  private(set) var eligible: [Int] = []

  private let key: RandomStream.Key
  /// Steps since it began.
  private var step = 0
  /// Units that are not eligible yet with the step of their birth, oldest first: a ring.
  private var waiting: [(unit: Int, birth: Int)]
  private var oldest = 0
  private var waitingCount: Int
  /// The account of replacements that are due.
  private var due = 0.0

  init(_ settings: ReplacementSpecification, width: Int, seed: UInt64) {
    self.settings = settings
    key = RandomStream.Key(seed: seed, purpose: "bit-flipping replacement")
    waiting = (0..<width).map { ($0, 0) }
    waitingCount = width
    eligible.reserveCapacity(width)
  }

  /// Lets all units age by a step, and says how many are to be replaced now.
  @inline(__always)
  mutating func unitsDueAfterStep() -> Int {
    step += 1
    while waitingCount > 0, step - waiting[oldest].birth > settings.maturity {
      eligible.append(waiting[oldest].unit)
      oldest = oldest + 1 == waiting.count ? 0 : oldest + 1
      waitingCount -= 1
    }
    guard !eligible.isEmpty else { return 0 }
    let growth = settings.replacementRate * Double(eligible.count)
    if settings.variant == .released { return min(eligible.count, max(1, Int(growth))) }
    due += growth
    guard due >= 1 else { return 0 }
    // What is due but finds no eligible unit stays on the account.
    let units = min(eligible.count, Int(due))
    due -= Double(units)
    return units
  }

  /// The unit at a place of ``eligible`` is replaced, and born again.
  mutating func replaceUnit(at place: Int) {
    let unit = eligible[place]
    eligible.swapAt(place, eligible.count - 1)
    eligible.removeLast()
    waiting[(oldest + waitingCount) % waiting.count] = (unit, step)
    waitingCount += 1
    count += 1
  }

  /// Fills `weights` with the incoming ones of the next unit to be replaced, uniform within Kaiming's bound: bits,
  /// then the constant.
  func fillFreshWeights(_ weights: UnsafeMutableBufferPointer<Double>) {
    let bound = LearnerParameters.hiddenBound(bits: weights.count - 1)
    var stream = RandomStream(key, index: UInt64(count))
    stream.fillUniform(weights, from: -bound, to: bound)
  }
}
