import LinearAlgebra

/// Turns rows of pixels into a row a sample, channel after channel as PyTorch flattens: channel c at pixel p
/// becomes feature c · pixels + p.
///
/// In a clone, whose channels are `copies` to each one of the base's, the copies of a channel at one pixel stay
/// side by side, so that the reshape preserves the profile (paper, remark A.4): copy j of channel c at pixel p
/// becomes feature (c · pixels + p) · copies + j.
public final class FlattenImage<Scalar: Real>: Layer {
  public let name: String
  /// Channels of the input, copies included.
  public let channels: Int
  /// Pixels of an image.
  public let positions: Int
  /// How many adjacent channels are copies of one of the network that this one was cloned from; 1 for a network
  /// that is no clone.
  public let copies: Int
  public var inputSize: Int { channels }

  private var output: Matrix<Scalar>?
  private var inputGradient: Matrix<Scalar>?
  private var samples = 0

  /// Precondition: `channels` is a multiple of `copies`.
  public init(name: String, channels: Int, positions: Int, copies: Int = 1) {
    enforce(channels > 0 && positions > 0 && copies > 0, "an image has channels and pixels")
    enforce(channels % copies == 0, "the channels of a clone are a multiple of the copies")
    self.name = name
    self.channels = channels
    self.positions = positions
    self.copies = copies
  }

  /// Features of a sample.
  public var size: Int { channels * positions }

  public func reserve(from memory: LayerMemory<Scalar>) {
    output = memory.take(rows: memory.batchSize, columns: size)
    inputGradient = memory.takeGradient(rows: memory.batchSize * positions, columns: channels)
  }

  public func forward(_ input: Matrix<Scalar>, in context: StepContext) -> Matrix<Scalar> {
    samples = input.rows / positions
    guard let output = output?.prefix(rows: samples) else { fatalError("no memory reserved") }
    ThreadTeam.shareRows(samples, of: size) { range, _ in
      for sample in range {
        TransposeKernels.transpose(
          input.elements + sample * size, rows: positions, columns: channels / copies, group: copies,
          into: output.elements + sample * size)
      }
    }
    return output
  }

  public func backward(_ outputGradient: Matrix<Scalar>, inputGradient needed: Bool) -> Matrix<Scalar>? {
    guard needed else { return nil }
    guard let inputGradient = inputGradient?.prefix(rows: samples * positions) else {
      fatalError("a backward pass before any forward pass")
    }
    ThreadTeam.shareRows(samples, of: size) { range, _ in
      for sample in range {
        TransposeKernels.transpose(
          outputGradient.elements + sample * size, rows: channels / copies, columns: positions, group: copies,
          into: inputGradient.elements + sample * size)
      }
    }
    return inputGradient
  }

  /// Copies of a channel stay together only if the clone's layer knows how many there are.
  public func expansion(into clone: any Layer<Scalar>, input: CloningProfile) throws -> LayerExpansion {
    let other = try counterpart(clone, receiving: input)
    guard other.positions == positions else {
      throw CloningError.mismatch(
        layer: name, reason: "\(other.positions) pixels where \(positions) are needed")
    }
    let copies = try profile(from: self.copies, to: other.copies, of: "adjacent copies").copies
    try require(input, toBe: CloningProfile(units: channels, copies: copies))
    return LayerExpansion(input: input, output: CloningProfile(units: size, copies: copies))
  }
}
