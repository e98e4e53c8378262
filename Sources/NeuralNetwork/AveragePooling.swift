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

  private var output: Matrix<Scalar>?
  private var inputGradient: Matrix<Scalar>?
  private var samples = 0

  /// - Parameter stride: the distance of two windows; `kernel` if nil.
  ///
  /// Precondition: the image holds a window.
  public init(name: String, channels: Int, height: Int, width: Int, kernel: Int, stride: Int? = nil) {
    precondition(kernel > 0 && kernel <= min(height, width), "a window inside the image")
    precondition(stride ?? 1 > 0, "a positive stride")
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
            rows: ImageWindow(index: row, kernel: kernel, stride: stride),
            columns: ImageWindow(index: column, kernel: kernel, stride: stride),
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
            channels: channels, rows: ImageWindow(index: row, kernel: kernel, stride: stride),
            columns: ImageWindow(index: column, kernel: kernel, stride: stride),
            into: inputGradient.elements + sample * height * width * channels, imageWidth: width)
        }
      }
    }
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
