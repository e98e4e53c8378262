import Foundation
import LinearAlgebra

/// Looks at a learner's hidden layer on a fixed batch of inputs, all of whose bits are random.
///
/// The layer's potentials are linear in the inputs, Z = X W, so that with the factor XᵀX = L Lᵀ, worked out once,
/// the singular values of Z and the cosines of its columns are those of the far smaller Lᵀ W. Both are taken from
/// products of columns, whose eigenvalues are the squares of singular values.
public final class LearnerProbe {
  /// What one layer's outputs say.
  public struct Reading: Hashable, Sendable {
    /// exp(−Σ p log p) with p = σ / Σσ; not a number for a diverged learner.
    public var effectiveRank: Double
    /// The share of units that have a later one with a cosine above ``duplicateCosine``.
    public var duplicateFraction: Double
    /// The share of units below 10⁻⁷ on more than 95 % of the inputs.
    public var deadFraction: Double
  }

  /// The threshold that the paper's code has for this experiment; elsewhere it is 0.95.
  public static let duplicateCosine = 0.98

  private let bits: Int
  private let width: Int
  private let samples: Int
  private var activation = HiddenActivation.relu
  private var isFinite = true
  private let memory: Arena<Double>
  /// samples × (bits + 1): bits, constant 1.
  let inputs: Matrix<Double>
  private let factor: Matrix<Double>
  /// What ``OnlineLearner/copyParameters(to:)`` writes.
  private let values: Matrix<Double>
  private let weights: Matrix<Double>
  private let small: Matrix<Double>
  private let outputs: Matrix<Double>
  /// A row for each pattern of a task.
  private let patternPotentials: Matrix<Double>
  private let products: Matrix<Double>
  private let rowProducts: Matrix<Double>

  /// A probe for learners of a width.
  ///
  /// - Parameter samples: how many inputs; enough that they span all directions.
  /// - Throws: `CholeskyError` if they do not.
  public init(stream: StreamSpecification, width: Int, samples: Int, seed: UInt64) throws {
    bits = stream.bits
    self.width = width
    self.samples = samples
    let inputCount = bits + 1
    let sizes = [
      (samples, inputCount), (inputCount, inputCount), (1, (bits + 3) * width + 1), (inputCount, width),
      (inputCount, width), (samples, width), (width, width), (inputCount, inputCount),
      (1 << stream.randomBits, width),
    ]
    memory = Arena(capacity: sizes.map { Arena<Double>.footprint(rows: $0.0, columns: $0.1) }.reduce(0, +))
    let matrices = sizes.map { [memory] in memory.take(rows: $0.0, columns: $0.1) }
    (inputs, factor, values, weights) = (matrices[0], matrices[1], matrices[2], matrices[3])
    (small, outputs, products, rowProducts) = (matrices[4], matrices[5], matrices[6], matrices[7])
    patternPotentials = matrices[8]
    var random = RandomStream(seed: seed, purpose: "bit-flipping probe")
    for sample in 0..<samples {
      for bit in 0..<bits { inputs[sample, bit] = Double(random.integer(below: 2)) }
      inputs[sample, bits] = 1
    }
    factor.setProduct(of: inputs, transposed: true, and: inputs)
    try factor.setCholeskyFactor()
  }

  /// Takes a copy of a learner's weights, which the readings are then made of.
  public func load(_ learner: some OnlineLearner) {
    precondition(learner.bits == bits && learner.width == width, "a learner of the probe's size")
    activation = learner.activation
    learner.copyParameters(to: values.elements)
    let bias = values.elements + (bits + 1) * width
    for index in 0..<(bits + 1) * width { weights.elements[index] = values.elements[index] }
    for unit in 0..<width { weights[bits, unit] += bias[unit] }
    // x − x is zero for a number, and the sum keeps what is none.
    isFinite = (0..<values.count).reduce(0) { $0 + (values.elements[$1] - values.elements[$1]) } == 0
  }

  /// Reads the potentials, what goes into the activation function: the output of the linear layer.
  public func potentials() throws -> Reading {
    guard isFinite else { return .notANumber }
    small.setProduct(of: factor, transposed: true, and: weights)
    products.setProduct(of: small, transposed: true, and: small)
    let rank: Double
    if width <= bits + 1 {
      rank = try effectiveRank(products)
    } else {
      rowProducts.setProduct(of: small, transposed: false, and: small, transposed: true)
      rank = try effectiveRank(rowProducts)
    }
    // A potential is zero only by accident.
    return Reading(effectiveRank: rank, duplicateFraction: duplicates(), deadFraction: 0)
  }

  /// Reads the activations, what comes out of the activation function.
  public func activations() throws -> Reading {
    guard isFinite else { return .notANumber }
    outputs.setProduct(of: inputs, and: weights)
    activation.apply(to: outputs.buffer)
    products.setProduct(of: outputs, transposed: true, and: outputs)
    let silent = (0..<width).count { unit in
      let quiet = (0..<samples).count { abs(outputs[$0, unit]) < 1e-7 }
      return Double(quiet) > 0.95 * Double(samples)
    }
    return Reading(
      effectiveRank: try effectiveRank(products), duplicateFraction: duplicates(),
      deadFraction: Double(silent) / Double(width))
  }

  /// The mean squared error on a task without dropout: over all patterns, which are equally likely.
  public func meanSquaredError(on stream: BitFlippingStream) -> Double {
    let fixed = stream.flippingBits
    let outputWeights = values.elements + (bits + 2) * width
    let outputBias = values.elements[(bits + 3) * width]
    // The potentials of a pattern are those of the pattern without its last 1, and that bit's weights.
    let first = patternPotentials.elements
    for unit in 0..<width { first[unit] = weights[bits, unit] }
    for bit in fixed.indices where fixed[bit] {
      for unit in 0..<width { first[unit] += weights[bit, unit] }
    }
    for pattern in 1..<max(stream.targets.count, 1) {
      let rest = first + (pattern & (pattern - 1)) * width
      let row = weights.elements + (fixed.count + pattern.trailingZeroBitCount) * width
      for unit in 0..<width { first[pattern * width + unit] = rest[unit] + row[unit] }
    }
    activation.apply(to: patternPotentials.buffer)
    var sum = 0.0
    for (pattern, target) in stream.targets.enumerated() {
      var output = outputBias
      for unit in 0..<width { output += first[pattern * width + unit] * outputWeights[unit] }
      sum += (output - target) * (output - target)
    }
    return sum / Double(stream.targets.count)
  }

  private func effectiveRank(_ products: Matrix<Double>) throws -> Double {
    let values = try products.symmetricEigenvalues().map { max($0, 0).squareRoot() }
    let sum = values.reduce(0, +)
    guard sum >= 1e-9 else { return 0 }
    return exp(-values.reduce(0) { $0 + $1 / sum * log($1 / sum + 1e-12) })
  }

  /// By the cosines of ``products``. A unit of norm below 10⁻¹² has no direction and duplicates none.
  private func duplicates() -> Double {
    let norms = (0..<width).map { products[$0, $0].squareRoot() }
    let count = (0..<width).count { unit in
      guard norms[unit] >= 1e-12 else { return false }
      let least = Self.duplicateCosine * norms[unit]
      return (unit + 1..<max(width, unit + 1)).contains {
        norms[$0] >= 1e-12 && products[unit, $0] > least * norms[$0]
      }
    }
    return Double(count) / Double(width)
  }
}

extension LearnerProbe.Reading {
  fileprivate static let notANumber = Self(
    effectiveRank: .nan, duplicateFraction: .nan, deadFraction: .nan)
}
