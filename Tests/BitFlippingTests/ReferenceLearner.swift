import Foundation
import LinearAlgebra

@testable import BitFlipping

/// A learner that goes through all inputs of every example, in the order of the papers' formulas.
struct ReferenceLearner {
  let bits: Int
  let width: Int
  let activation: HiddenActivation
  let learningRate: Double
  /// Averages that are no larger count as zero; there is no such number in the papers' formulas.
  let negligible: Double

  /// Incoming weights, unit by unit: bits, the constant 1, the bias.
  private(set) var incoming: [Double]
  private(set) var outgoing: [Double]
  private(set) var outputBias: Double
  /// The weighted inputs and the activations of the last example.
  private(set) var potentials: [Double]
  private(set) var hidden: [Double]
  /// The unit of every replacement so far, with its step.
  private(set) var replaced: [(step: Int, unit: Int)] = []

  private var continual: (settings: ReplacementSpecification, freshWeights: RandomStream.Key)?
  private var ages: [Int]
  private var means: [Double]
  private var utilities: [Double]
  private var account = 0.0
  private var step = 0

  init(
    _ parameters: LearnerParameters, activation: HiddenActivation, learningRate: Double,
    negligible: Double = 0
  ) {
    bits = parameters.bits
    width = parameters.width
    self.activation = activation
    self.learningRate = learningRate
    self.negligible = negligible
    incoming = (0..<width).flatMap { unit in parameters.hidden.map { $0[unit] } }
    outgoing = parameters.output
    outputBias = parameters.outputBias
    potentials = [Double](repeating: 0, count: width)
    hidden = potentials
    ages = [Int](repeating: 0, count: width)
    means = potentials
    utilities = potentials
  }

  /// Replaces units from now on.
  mutating func begin(_ settings: ReplacementSpecification, seed: UInt64) {
    continual = (settings, RandomStream.Key(seed: seed, purpose: "bit-flipping replacement"))
  }

  var parameters: LearnerParameters {
    LearnerParameters(
      bits: bits,
      hidden: (0..<bits + 2).map { input in (0..<width).map { incoming[$0 * (bits + 2) + input] } },
      output: outgoing, outputBias: outputBias)
  }

  /// Learns from one example.
  ///
  /// - Returns: the squared error before the step.
  mutating func learn(_ example: [Bool], target: Double) -> Double {
    let inputs = example.map { $0 ? 1.0 : 0 } + [1, 1]
    let error = output(inputs) - target
    descend(inputs, error)
    if let continual { replaceUnits(continual.settings, continual.freshWeights) }
    return error * error
  }

  private mutating func output(_ inputs: [Double]) -> Double {
    var output = outputBias
    for unit in 0..<width {
      var potential = 0.0
      for input in 0..<bits + 2 { potential += incoming[unit * (bits + 2) + input] * inputs[input] }
      potentials[unit] = potential
      hidden[unit] = Self.value(activation, potential)
      output += outgoing[unit] * hidden[unit]
    }
    return output
  }

  private mutating func descend(_ inputs: [Double], _ error: Double) {
    for unit in 0..<width {
      let gradient = 2 * error * outgoing[unit] * Self.derivative(activation, potentials[unit])
      for input in 0..<bits + 2 {
        incoming[unit * (bits + 2) + input] -= learningRate * gradient * inputs[input]
      }
      outgoing[unit] -= learningRate * 2 * error * hidden[unit]
    }
    outputBias -= learningRate * 2 * error
  }

  private mutating func replaceUnits(
    _ settings: ReplacementSpecification, _ freshWeights: RandomStream.Key
  ) {
    let decay = settings.decay
    step += 1
    for unit in 0..<width {
      ages[unit] += 1
      means[unit] = decay * means[unit] + (1 - decay) * hidden[unit]
      if abs(means[unit]) <= negligible { means[unit] = 0 }
      // The bias is no incoming weight.
      let weights = incoming[unit * (bits + 2)..<unit * (bits + 2) + bits + 1]
      let meanMagnitude = weights.reduce(0) { $0 + abs($1) } / Double(bits + 1)
      let contribution = abs(hidden[unit] - meanActivation(unit, decay)) * abs(outgoing[unit]) / meanMagnitude
      utilities[unit] = decay * utilities[unit] + (1 - decay) * contribution
      if utilities[unit] <= negligible { utilities[unit] = 0 }
    }
    let eligible = (0..<width).filter { ages[$0] > settings.maturity }
    var count = 0
    switch settings.variant {
    case .published:
      account += settings.replacementRate * Double(eligible.count)
      count = min(Int(account), eligible.count)
      account -= Double(count)
    case .released where !eligible.isEmpty:
      count = max(1, Int(settings.replacementRate * Double(eligible.count)))
    case .released: break
    }
    let utilities = eligible.map {
      (unit: $0, utility: self.utilities[$0] / (1 - pow(decay, Double(ages[$0]))))
    }
    // The sort keeps the order of equal ones only by their number.
    let lowest = utilities.sorted { ($0.utility, $0.unit) < ($1.utility, $1.unit) }.prefix(count)
    for (unit, _) in lowest { replace(unit, settings, freshWeights) }
  }

  private mutating func replace(
    _ unit: Int, _ settings: ReplacementSpecification, _ freshWeights: RandomStream.Key
  ) {
    outputBias += outgoing[unit] * meanActivation(unit, settings.decay)
    outgoing[unit] = 0
    switch settings.variant {
    case .published:
      var fresh = [Double](repeating: 0, count: bits + 1)
      var stream = RandomStream(freshWeights, index: UInt64(replaced.count))
      let bound = (6 / Double(bits + 1)).squareRoot()
      fresh.withUnsafeMutableBufferPointer { stream.fillUniform($0, from: -bound, to: bound) }
      for input in 0...bits { incoming[unit * (bits + 2) + input] = fresh[input] }
      incoming[unit * (bits + 2) + bits + 1] = 0
    case .released:
      for other in 0..<width { incoming[other * (bits + 2) + bits + 1] = 0 }
    }
    ages[unit] = 0
    means[unit] = 0
    utilities[unit] = 0
    replaced.append((step, unit))
  }

  private func meanActivation(_ unit: Int, _ decay: Double) -> Double {
    means[unit] / (1 - pow(decay, Double(ages[unit])))
  }

  static func value(_ activation: HiddenActivation, _ x: Double) -> Double {
    switch activation {
    case .relu: max(0, x)
    case .leakyReLU: x > 0 ? x : 0.01 * x
    case .tanh: tanh(x)
    case .sigmoid: 1 / (1 + exp(-x))
    case .elu: x > 0 ? x : expm1(x)
    case .silu: x / (1 + exp(-x))
    }
  }

  static func derivative(_ activation: HiddenActivation, _ x: Double) -> Double {
    let sigmoid = 1 / (1 + exp(-x))
    return switch activation {
    case .relu: x > 0 ? 1 : 0
    case .leakyReLU: x > 0 ? 1 : 0.01
    case .tanh: 1 - tanh(x) * tanh(x)
    case .sigmoid: sigmoid * (1 - sigmoid)
    case .elu: x > 0 ? 1 : exp(x)
    case .silu: sigmoid * (1 + x * (1 - sigmoid))
    }
  }
}
