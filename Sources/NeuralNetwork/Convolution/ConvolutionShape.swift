/// The geometry of a two-dimensional convolution of one image.
public struct ConvolutionShape: Hashable, Sendable {
  public let inputChannels: Int
  public let outputChannels: Int
  /// Rows of pixels of the input.
  public let height: Int
  /// Pixels in a row of the input.
  public let width: Int
  public let kernelHeight: Int
  public let kernelWidth: Int
  public let stride: Int
  /// Rows and columns of zeros around the input, on each side.
  public let padding: Int

  public var outputHeight: Int { (height + 2 * padding - kernelHeight) / stride + 1 }
  public var outputWidth: Int { (width + 2 * padding - kernelWidth) / stride + 1 }

  /// Pixels of an input image.
  var positions: Int { height * width }
  /// Pixels of an output image.
  var outputPositions: Int { outputHeight * outputWidth }
  /// Weights of a filter for one pair of channels.
  var taps: Int { kernelHeight * kernelWidth }
  /// Inputs that an output depends on.
  var fanIn: Int { taps * inputChannels }
  /// Whether an output pixel depends on the input pixel at its own place alone.
  var isPointwise: Bool { taps == 1 && stride == 1 && padding == 0 }
}
