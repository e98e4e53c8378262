import LinearAlgebra

/// The largest value of each window of `kernel` × `kernel` pixels, channel by channel; what does not fill a window
/// at the right and lower border is left out, as in PyTorch. Of equal values the first in row-major order counts.
public final class MaxPooling<Scalar: Real>: Layer {
  public let name: String
  public let channels: Int
  public var inputSize: Int { channels }
  /// Pixels of the input.
  public let height: Int
  public let width: Int
  public let kernel: Int
  public let stride: Int

  /// The rectifier in front of this layer, whose work it does where nobody looks at what is between them, to the same
  /// bits: the largest value, rectified, is the largest of the rectified ones.
  var rectifier: ReLU<Scalar>? {
    didSet { rectifier?.isBeforePooling = true }
  }

  private var output: Matrix<Scalar>?
  private var inputGradient: Matrix<Scalar>?
  /// Where in its window each output was found: row · kernel + column; −1 where it was rectified.
  private var places: Matrix<Scalar>?
  private var samples = 0

  /// - Parameter stride: the distance of two windows; `kernel` if nil.
  ///
  /// Precondition: the image holds a window, and its places are whole numbers for `Scalar` (kernels up to 4,096).
  public init(name: String, channels: Int, height: Int, width: Int, kernel: Int, stride: Int? = nil) {
    enforce(kernel > 0 && kernel <= min(height, width, 4_096), "a window inside the image")
    enforce(stride ?? 1 > 0, "a positive stride")
    self.name = name
    self.channels = channels
    self.height = height
    self.width = width
    self.kernel = kernel
    self.stride = stride ?? kernel
  }

  public var outputHeight: Int { ImageWindow.count(size: height, kernel: kernel, stride: stride) }
  public var outputWidth: Int { ImageWindow.count(size: width, kernel: kernel, stride: stride) }

  public func reserve(from memory: LayerMemory<Scalar>) {
    let rows = memory.batchSize * outputHeight * outputWidth
    output = memory.take(rows: rows, columns: channels)
    places = memory.take(rows: rows, columns: channels)
    inputGradient = memory.takeGradient(rows: memory.batchSize * height * width, columns: channels)
  }

  public func forward(_ input: Matrix<Scalar>, in context: StepContext) -> Matrix<Scalar> {
    samples = input.rows / (height * width)
    guard let output = output?.prefix(rows: samples * outputHeight * outputWidth), let places else {
      fatalError("no memory reserved")
    }
    PoolingKernels.takeLargest(
      of: input, samples: samples, height: height, width: width, kernel: kernel, stride: stride,
      isRectified: rectifier?.isDoneBehind == true, into: output, places: places.elements)
    return output
  }

  public func backward(_ outputGradient: Matrix<Scalar>, inputGradient needed: Bool) -> Matrix<Scalar>? {
    guard needed else { return nil }
    guard let inputGradient = inputGradient?.prefix(rows: samples * height * width), let places else {
      fatalError("a backward pass before any forward pass")
    }
    PoolingKernels.spreadLargest(
      outputGradient, samples: samples, height: height, width: width, kernel: kernel, stride: stride,
      places: places.elements, into: inputGradient)
    return inputGradient
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
