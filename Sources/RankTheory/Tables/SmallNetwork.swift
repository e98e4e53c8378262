import LinearAlgebra

/// A network with one hidden layer of clipped units, φ(z) = min(max(z, −1), 1), small enough to draw every weight.
///
/// A clipped unit is exactly flat where it is saturated, and passes a constant on; a saturated tanh does both but
/// for rounding.
struct SmallNetwork {
  /// Hidden unit, then input.
  private(set) var incoming: [[Double]]
  /// Output, then hidden unit.
  private(set) var outgoing: [[Double]]
  private var biases: [Double]
  private let examples: [(input: [Double], target: [Double])]

  /// Weights, inputs and targets drawn uniformly from −1 to 1.
  ///
  /// - Parameter sizes: inputs, hidden units, outputs.
  init(sizes: [Int], seed: UInt64) {
    var stream = RandomStream(seed: seed, purpose: "mechanism")
    func draw(_ count: Int) -> [Double] { (0..<count).map { _ in 2 * stream.uniform() - 1 } }
    incoming = (0..<sizes[1]).map { _ in draw(sizes[0]) }
    outgoing = (0..<sizes[2]).map { _ in draw(sizes[1]) }
    biases = draw(sizes[1]).map { $0 / 4 }
    examples = (0..<16).map { _ in (draw(sizes[0]), draw(sizes[2])) }
  }

  /// Raises a hidden unit's bias until it is saturated at every input.
  mutating func freeze(_ unit: Int) {
    biases[unit] = 1 + incoming[unit].map { abs($0) }.reduce(0, +)
  }

  /// Makes a hidden unit a copy of another.
  mutating func copy(_ unit: Int, to other: Int) {
    incoming[other] = incoming[unit]
    biases[other] = biases[unit]
    for output in outgoing.indices { outgoing[output][other] = outgoing[output][unit] }
  }

  /// The gradient of the mean squared error, in the shapes of ``incoming`` and ``outgoing``.
  func gradient() -> (incoming: [[Double]], outgoing: [[Double]]) {
    var result = (
      incoming: incoming.map { $0.map { _ in 0.0 } }, outgoing: outgoing.map { $0.map { _ in 0.0 } }
    )
    for (input, target) in examples {
      let sums = zip(incoming, biases).map { weights, bias in
        zip(weights, input).map { $0 * $1 }.reduce(bias, +)
      }
      let hidden = sums.map { min(max($0, -1), 1) }
      let errors = zip(outgoing, target).map { weights, value in
        2 * (zip(weights, hidden).map { $0 * $1 }.reduce(0, +) - value) / Double(examples.count)
      }
      for unit in hidden.indices {
        var error = 0.0
        for output in outgoing.indices {
          result.outgoing[output][unit] += errors[output] * hidden[unit]
          error += errors[output] * outgoing[output][unit]
        }
        guard abs(sums[unit]) < 1 else { continue }
        for place in input.indices { result.incoming[unit][place] += error * input[place] }
      }
    }
    return result
  }
}
