import LinearAlgebra

/// Turns images as data sets keep them (a row a sample, channel after channel) into a row a pixel with its
/// channels side by side, as every other layer takes them.
public final class ChannelsLast<Scalar: Real>: Layer {
  public let name: String
  public let channels: Int
  public let height: Int
  public let width: Int
  public var inputSize: Int { channels * height * width }

  private var output: Matrix<Scalar>?
  private var inputGradient: Matrix<Scalar>?
  private var samples = 0

  public init(name: String, channels: Int, height: Int, width: Int) {
    enforce(channels > 0 && height > 0 && width > 0, "an image has channels and pixels")
    self.name = name
    self.channels = channels
    self.height = height
    self.width = width
  }

  private var positions: Int { height * width }

  public func reserve(from memory: LayerMemory<Scalar>) {
    output = memory.take(rows: memory.batchSize * positions, columns: channels)
    inputGradient = memory.takeGradient(rows: memory.batchSize, columns: channels * positions)
  }

  public func forward(_ input: Matrix<Scalar>, in context: StepContext) -> Matrix<Scalar> {
    enforce(input.columns == channels * positions, "channels · height · width values a sample")
    guard let output = output?.prefix(rows: input.rows * positions) else {
      fatalError("no memory reserved")
    }
    samples = input.rows
    ThreadTeam.shareRows(samples, of: input.columns) { range, _ in
      for sample in range {
        TransposeKernels.transpose(
          input.elements + sample * input.columns, rows: channels, columns: positions,
          into: output.elements + sample * input.columns)
      }
    }
    return output
  }

  public func backward(_ outputGradient: Matrix<Scalar>, inputGradient needed: Bool) -> Matrix<Scalar>? {
    guard needed else { return nil }
    guard let inputGradient = inputGradient?.prefix(rows: samples) else {
      fatalError("a backward pass before any forward pass")
    }
    ThreadTeam.shareRows(samples, of: inputGradient.columns) { range, _ in
      for sample in range {
        TransposeKernels.transpose(
          outputGradient.elements + sample * inputGradient.columns, rows: positions, columns: channels,
          into: inputGradient.elements + sample * inputGradient.columns)
      }
    }
    return inputGradient
  }

  /// The colours of a network's input are not cloned.
  public func expansion(into clone: any Layer<Scalar>, input: CloningProfile) throws -> LayerExpansion {
    let other = try counterpart(clone, receiving: input)
    try requireEqualImages((height, width), (other.height, other.width))
    try require(input, toBe: CloningProfile(units: inputSize))
    return LayerExpansion(input: input, output: CloningProfile(units: channels))
  }
}
