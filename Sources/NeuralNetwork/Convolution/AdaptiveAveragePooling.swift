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

  private let averages: WindowAverages<Scalar>

  public init(
    name: String, channels: Int, height: Int, width: Int, outputHeight: Int = 1, outputWidth: Int = 1
  ) {
    enforce(channels > 0 && height > 0 && width > 0, "an image has channels and pixels")
    enforce(outputHeight > 0 && outputWidth > 0, "at least one window")
    self.name = name
    self.channels = channels
    self.height = height
    self.width = width
    self.outputHeight = outputHeight
    self.outputWidth = outputWidth
    averages = WindowAverages(
      channels: channels, rows: ImageWindows(size: height, sharedBy: outputHeight),
      columns: ImageWindows(size: width, sharedBy: outputWidth))
  }

  public func reserve(from memory: LayerMemory<Scalar>) { averages.reserve(from: memory) }

  public func forward(_ input: Matrix<Scalar>, in context: StepContext) -> Matrix<Scalar> {
    averages.forward(input)
  }

  public func backward(_ outputGradient: Matrix<Scalar>, inputGradient needed: Bool) -> Matrix<Scalar>? {
    needed ? averages.backward(outputGradient) : nil
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
