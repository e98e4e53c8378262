import LinearAlgebra

/// The mean of each of `outputHeight` × `outputWidth` windows that share out an image, whatever its size, by
/// PyTorch's rule: window i of n begins at ⌊i · size / n⌋ and ends before ⌈(i + 1) · size / n⌉. One window is the
/// mean over all pixels: a row a sample.
public final class AdaptiveAveragePooling<Scalar: Real>: Layer {
  public let name: String
  public let channels: Int
  public var inputSize: Int { channels }
  /// Pixels of the input.
  public let height: Int
  public let width: Int
  public let outputHeight: Int
  public let outputWidth: Int

  private var output: Matrix<Scalar>?
  private var inputGradient: Matrix<Scalar>?
  private var samples = 0

  public init(
    name: String, channels: Int, height: Int, width: Int, outputHeight: Int = 1, outputWidth: Int = 1
  ) {
    precondition(channels > 0 && height > 0 && width > 0, "an image has channels and pixels")
    precondition(outputHeight > 0 && outputWidth > 0, "at least one window")
    self.name = name
    self.channels = channels
    self.height = height
    self.width = width
    self.outputHeight = outputHeight
    self.outputWidth = outputWidth
  }

  public func reserve(from memory: LayerMemory<Scalar>) {
    output = memory.take(rows: memory.batchSize * outputHeight * outputWidth, columns: channels)
    inputGradient = memory.takeGradient(rows: memory.batchSize * height * width, columns: channels)
  }

  public func forward(_ input: Matrix<Scalar>, in context: StepContext) -> Matrix<Scalar> {
    samples = input.rows / (height * width)
    guard let output = output?.prefix(rows: samples * outputHeight * outputWidth) else {
      preconditionFailure("no memory reserved")
    }
    for sample in 0..<samples {
      for row in 0..<outputHeight {
        for column in 0..<outputWidth {
          PoolingKernels.average(
            input.elements + sample * height * width * channels, imageWidth: width, channels: channels,
            rows: ImageWindow(index: row, of: outputHeight, size: height),
            columns: ImageWindow(index: column, of: outputWidth, size: width),
            into: output.elements + ((sample * outputHeight + row) * outputWidth + column) * channels)
        }
      }
    }
    return output
  }

  public func backward(_ outputGradient: Matrix<Scalar>, inputGradient needed: Bool) -> Matrix<Scalar>? {
    guard needed else { return nil }
    guard let inputGradient = inputGradient?.prefix(rows: samples * height * width) else {
      preconditionFailure("a backward pass before any forward pass")
    }
    inputGradient.fill(with: 0)
    for sample in 0..<samples {
      for row in 0..<outputHeight {
        for column in 0..<outputWidth {
          PoolingKernels.spread(
            outputGradient.elements + ((sample * outputHeight + row) * outputWidth + column) * channels,
            channels: channels, rows: ImageWindow(index: row, of: outputHeight, size: height),
            columns: ImageWindow(index: column, of: outputWidth, size: width),
            into: inputGradient.elements + sample * height * width * channels, imageWidth: width)
        }
      }
    }
    return inputGradient
  }

  public func expansion(into clone: any Layer<Scalar>, input: CloningProfile) throws -> LayerExpansion {
    let other = try counterpart(clone, receiving: input)
    try requireEqualImages((height, width), (other.height, other.width))
    guard other.outputHeight == outputHeight, other.outputWidth == outputWidth else {
      throw CloningError.mismatch(layer: name, reason: "its windows are others")
    }
    return LayerExpansion(input: input, output: input)
  }
}
