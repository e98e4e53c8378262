import LinearAlgebra

/// The fixed network of linear threshold units that the learner must follow: y = v · [W x ≥ θ] + c, all weights
/// ±1.
public struct TargetNetwork: Sendable {
  let inputs: Int
  /// One row of `inputs` signs a unit; the last is that of the constant 1.
  let weights: [Double]
  let thresholds: [Double]
  let outputWeights: [Double]
  let outputBias: Double

  /// Draws the network of a run.
  public init(_ stream: StreamSpecification, seed: UInt64) {
    var random = RandomStream(seed: seed, purpose: "bit-flipping target")
    func sign() -> Double { Double(random.integer(below: 2)) * 2 - 1 }
    let inputs = stream.bits + 1
    self.inputs = inputs
    let weights = (0..<stream.targetUnits * inputs).map { _ in sign() }
    self.weights = weights
    thresholds = (0..<stream.targetUnits).map { unit in
      let row = weights[unit * inputs..<(unit + 1) * inputs]
      switch stream.target {
      case .released:
        let negative = row.dropLast().count { $0 < 0 }
        let bias = row[row.endIndex - 1]
        return stream.beta * Double(inputs) - (Double(negative) - bias / 2)
      case .dohare:
        return stream.beta * Double(stream.bits) - Double(row.count { $0 < 0 })
      }
    }
    outputWeights = (0..<stream.targetUnits).map { _ in sign() }
    outputBias = stream.target == .released ? sign() : 0
  }

  /// The target's value for an input of bits, without the constant.
  public func value(of bits: [Bool]) -> Double {
    precondition(bits.count == inputs - 1, "one value a bit")
    var sum = outputBias
    for unit in thresholds.indices {
      let row = unit * inputs
      var potential = weights[row + inputs - 1]
      for bit in bits.indices where bits[bit] { potential += weights[row + bit] }
      if potential >= thresholds[unit] { sum += outputWeights[unit] }
    }
    return sum
  }
}
