import LinearAlgebra

/// The mean of each window of `kernel` × `kernel` pixels, channel by channel; what does not fill a window at the
/// right and lower border is left out, as in PyTorch.
public final class AveragePooling<Scalar: Real>: Layer {
  public let name: String
  public let channels: Int
  public var inputSize: Int { channels }
  /// Pixels of the input.
  public let height: Int
  public let width: Int
  public let kernel: Int
  public let stride: Int

  private let averages: WindowAverages<Scalar>

  /// - Parameter stride: the distance of two windows; `kernel` if nil.
  ///
  /// Precondition: the image holds a window.
  public init(name: String, channels: Int, height: Int, width: Int, kernel: Int, stride: Int? = nil) {
    enforce(kernel > 0 && kernel <= min(height, width), "a window inside the image")
    enforce(stride ?? 1 > 0, "a positive stride")
    self.name = name
    self.channels = channels
    self.height = height
    self.width = width
    self.kernel = kernel
    self.stride = stride ?? kernel
    averages = WindowAverages(
      channels: channels, rows: ImageWindows(size: height, kernel: kernel, stride: stride ?? kernel),
      columns: ImageWindows(size: width, kernel: kernel, stride: stride ?? kernel))
  }

  public var outputHeight: Int { ImageWindow.count(size: height, kernel: kernel, stride: stride) }
  public var outputWidth: Int { ImageWindow.count(size: width, kernel: kernel, stride: stride) }

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
    guard other.kernel == kernel, other.stride == stride else {
      throw CloningError.mismatch(layer: name, reason: "its windows are others")
    }
    return LayerExpansion(input: input, output: input)
  }
}
