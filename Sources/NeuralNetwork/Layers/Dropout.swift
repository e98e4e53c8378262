import LinearAlgebra

/// Inverted dropout: in training, a feature of a sample is zero with the given probability and else divided by
/// one minus it; in evaluation, the identity. The copies of a unit in a clone are dropped independently, or together
/// (``StepContext/copiesSharingMasks``): then by the mask that the base would draw.
///
/// The mask of a step is drawn from the stream named by seed and `dropout/<layer name>` at the step's index: a
/// resumed run draws the same masks, and equal steps of equal seed draw equal masks.
public final class Dropout<Scalar: Real>: Layer {
  public let name: String
  /// Rows a sample: pixels or tokens.
  public let positions: Int
  public let size: Int
  public var inputSize: Int { size }
  /// The probability of a zero, in [0, 1).
  public let probability: Double
  /// Which positions of each sample come in.
  public let tokensRead: TokensRead

  private var output: Matrix<Scalar>?
  private var inputGradient: Matrix<Scalar>?
  /// 0 or 1 / (1 − probability) for each feature of each sample.
  private var factors: Matrix<Scalar>?
  private var rows = 0
  private var isActive = false
  private var key: (seed: UInt64, key: RandomStream.Key)?

  /// - Parameter positions: rows a sample.
  public init(
    name: String, size: Int, probability: Double, positions: Int = 1, tokensRead: TokensRead = .all
  ) {
    enforce(probability >= 0 && probability < 1, "dropout needs a probability in [0, 1)")
    self.name = name
    self.positions = positions
    self.size = size
    self.probability = probability
    self.tokensRead = tokensRead
  }

  public func reserve(from memory: LayerMemory<Scalar>) {
    output = memory.take(rows: memory.batchSize * positions, columns: size)
    inputGradient = memory.takeGradientUnlessInPlace(rows: memory.batchSize * positions, columns: size)
    factors = memory.take(rows: memory.batchSize * positions, columns: size)
  }

  public func forward(_ input: Matrix<Scalar>, in context: StepContext) -> Matrix<Scalar> {
    rows = input.rows
    isActive = context.mode != .evaluation && probability > 0
    guard isActive else { return input }
    guard let output = output?.prefix(rows: rows), let factors = factors?.prefix(rows: rows) else {
      fatalError("no memory reserved")
    }
    var stream = RandomStream(streamKey(seed: context.seed), index: context.step)
    let copies = context.copiesSharingMasks
    let drawn = UnsafeMutableBufferPointer(start: factors.elements, count: factors.count / copies)
    if tokensRead.isFirstAlone(in: context) {
      stream.fillDropoutFactors(
        drawn, probability: probability, columns: size / copies, firstOfEvery: positions)
    } else {
      stream.fillDropoutFactors(drawn, probability: probability)
    }
    Kernels.repeatInPlace(factors.elements, groups: drawn.count, of: 1, copies: copies)
    Kernels.multiply(input.elements, by: factors.elements, into: output.elements, count: output.count)
    return output
  }

  public func backward(_ outputGradient: Matrix<Scalar>, inputGradient needed: Bool) -> Matrix<Scalar>? {
    guard needed else { return nil }
    guard isActive else { return outputGradient }
    guard let factors else { fatalError("a backward pass before any forward pass") }
    let inputGradient = inputGradient?.prefix(rows: rows) ?? outputGradient
    Kernels.multiply(
      outputGradient.elements, by: factors.elements, into: inputGradient.elements, count: inputGradient.count)
    return inputGradient
  }

  private func streamKey(seed: UInt64) -> RandomStream.Key {
    if let key, key.seed == seed { return key.key }
    let fresh = RandomStream.Key(seed: seed, purpose: "dropout/\(name)")
    key = (seed, fresh)
    return fresh
  }
}
