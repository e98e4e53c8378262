/// What a run needs of a learner.
public protocol OnlineLearner: AnyObject {
  /// Bits of an input, before the constant 1.
  var bits: Int { get }
  /// Hidden units.
  var width: Int { get }
  /// The function of the hidden units.
  var activation: HiddenActivation { get }
  /// Writes the weights as they are now: `width` numbers for each input (bits, constant 1, bias), `width` output
  /// weights, the output's bias.
  func copyParameters(to values: UnsafeMutablePointer<Double>)
  /// How many units were replaced so far.
  var replacements: Int { get }
  /// Tells the values of the flipping bits for the examples to come.
  func beginTask(flippingBits: [Bool])
  /// Learns from examples one after the other; returns the sum of the squared errors, each before its step.
  func learn(_ patterns: UnsafeBufferPointer<UInt8>, targets: [Double]) -> Double
  /// Replaces units of low utility from now on.
  func begin(_ settings: ReplacementSpecification, seed: UInt64)
}

extension OnlineLearner {
  /// How many numbers ``copyParameters(to:)`` writes.
  public var parameterCount: Int { (bits + 3) * width + 1 }

  /// The weights as they are now.
  public var parameters: LearnerParameters {
    let values = [Double](unsafeUninitializedCapacity: parameterCount) { buffer, count in
      if let base = buffer.baseAddress { copyParameters(to: base) }
      count = parameterCount
    }
    func row(_ index: Int) -> [Double] { Array(values[index * width..<(index + 1) * width]) }
    return LearnerParameters(
      bits: bits, hidden: (0..<bits + 2).map(row), output: row(bits + 2),
      outputBias: values[(bits + 3) * width])
  }
}

extension CollapsedLearner: OnlineLearner {}

extension RowLearner: OnlineLearner {
  public var replacements: Int { 0 }

  public func begin(_ settings: ReplacementSpecification, seed: UInt64) {
    preconditionFailure("LearningMethod.validate() rules out this combination")
  }
}
