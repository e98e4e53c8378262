import LinearAlgebra

/// The weights of a learner: bits and a constant 1 → hidden units → one output.
public struct LearnerParameters: Hashable, Sendable {
  public let bits: Int
  public let width: Int
  /// One row of `width` weights an input: the bits, the constant 1, and last the biases.
  public var hidden: [[Double]]
  /// One weight a hidden unit.
  public var output: [Double]
  public var outputBias: Double

  /// The hidden weights' bound, √(6 / inputs): Kaiming's uniform rule with gain √2.
  public static func hiddenBound(bits: Int) -> Double { (6 / Double(bits + 1)).squareRoot() }

  public init(bits: Int, hidden: [[Double]], output: [Double], outputBias: Double) {
    precondition(
      hidden.count == bits + 2 && hidden.allSatisfy { $0.count == output.count }, "a row an input")
    self.bits = bits
    width = output.count
    self.hidden = hidden
    self.output = output
    self.outputBias = outputBias
  }

  /// Kaiming's uniform rule, gain √2 into the hidden layer and 1 into the output; biases zero.
  public init(bits: Int, width: Int, seed: UInt64) {
    func uniform(_ count: Int, within bound: Double, _ purpose: String) -> [Double] {
      var stream = RandomStream(seed: seed, purpose: purpose)
      var values = [Double](repeating: 0, count: count)
      values.withUnsafeMutableBufferPointer { stream.fillUniform($0, from: -bound, to: bound) }
      return values
    }
    let weights = uniform(
      (bits + 1) * width, within: Self.hiddenBound(bits: bits), "bit-flipping hidden weights")
    var hidden = (0...bits).map { Array(weights[$0 * width..<($0 + 1) * width]) }
    hidden.append([Double](repeating: 0, count: width))
    self.init(
      bits: bits, hidden: hidden,
      output: uniform(width, within: (3 / Double(width)).squareRoot(), "bit-flipping output weights"),
      outputBias: 0)
  }
}
