import LinearAlgebra

/// A two-dimensional convolution (cross-correlation, as in PyTorch's `Conv2d`) with zero padding.
///
/// Images are channels-last: a row a pixel, row by row, image after image. The weight has PyTorch's shape,
/// `[outputs, inputs, kernel height, kernel width]`.
public final class Convolution<Scalar: Real>: Layer {
  /// How the weights start. Biases are uniform in ±1/√fan-in either way.
  public enum Initialization: Sendable {
    /// Uniform in ±1/√fan-in, PyTorch's default.
    case uniform
    /// Normal with variance 2/fan-out (He et al., 2015), as residual networks use.
    case kaimingNormal
  }

  public let name: String
  public let shape: ConvolutionShape
  public let initialization: Initialization
  public let weight: Parameter<Scalar>
  public let bias: Parameter<Scalar>?
  public var parameters: [Parameter<Scalar>] { bias.map { [weight, $0] } ?? [weight] }

  public var inputSize: Int { inputChannels }
  public var inputChannels: Int { shape.inputChannels }
  public var outputChannels: Int { shape.outputChannels }
  public var outputHeight: Int { shape.outputHeight }
  public var outputWidth: Int { shape.outputWidth }

  private let algorithm: any ConvolutionAlgorithm<Scalar>
  private var input: Matrix<Scalar>?
  private var output: Matrix<Scalar>?
  private var inputGradient: Matrix<Scalar>?
  private var needsParameterGradients = true

  /// - Parameters:
  ///   - height: rows of pixels of the input.
  ///   - width: pixels in a row of the input.
  ///   - stride: the same in both directions.
  ///   - padding: rows and columns of zeros on each side.
  public init(
    name: String, inputChannels: Int, outputChannels: Int, height: Int, width: Int,
    kernel: (height: Int, width: Int), stride: Int = 1, padding: Int = 0, bias: Bool = true,
    initialization: Initialization = .uniform
  ) {
    enforce(inputChannels > 0 && outputChannels > 0, "a convolution needs inputs and outputs")
    enforce(
      kernel.height > 0 && kernel.width > 0 && stride > 0 && padding >= 0, "a kernel with a stride")
    enforce(
      height + 2 * padding >= kernel.height && width + 2 * padding >= kernel.width,
      "an image at least as large as the kernel")
    self.name = name
    self.initialization = initialization
    shape = ConvolutionShape(
      inputChannels: inputChannels, outputChannels: outputChannels, height: height, width: width,
      kernelHeight: kernel.height, kernelWidth: kernel.width, stride: stride, padding: padding)
    weight = Parameter(name: "weight", shape: [outputChannels, inputChannels, kernel.height, kernel.width])
    self.bias = bias ? Parameter(name: "bias", shape: [outputChannels]) : nil
    algorithm =
      if WinogradConvolution<Scalar>.suits(shape) {
        WinogradConvolution(shape)
      } else if DirectConvolution<Scalar>.suits(shape) {
        DirectConvolution(shape)
      } else if RowConvolution<Scalar>.suits(shape) {
        RowConvolution(shape)
      } else {
        PatchConvolution(shape)
      }
  }

  /// A convolution with a square kernel.
  public convenience init(
    name: String, inputChannels: Int, outputChannels: Int, height: Int, width: Int, kernel: Int,
    stride: Int = 1, padding: Int = 0, bias: Bool = true, initialization: Initialization = .uniform
  ) {
    self.init(
      name: name, inputChannels: inputChannels, outputChannels: outputChannels, height: height,
      width: width, kernel: (kernel, kernel), stride: stride, padding: padding, bias: bias,
      initialization: initialization)
  }

  public func reserve(from memory: LayerMemory<Scalar>) {
    output = memory.take(rows: memory.batchSize * shape.outputPositions, columns: outputChannels)
    inputGradient = memory.takeGradient(rows: memory.batchSize * shape.positions, columns: inputChannels)
    algorithm.reserve(from: memory)
  }

  public func initialize(seed: UInt64) {
    let bound = 1 / Scalar(shape.fanIn).squareRoot()
    for parameter in parameters {
      var stream = RandomStream(seed: seed, purpose: "initialization/\(name).\(parameter.name)")
      if parameter === weight, initialization == .kaimingNormal {
        Scalar.fillNormal(parameter.value.buffer, from: &stream)
        let deviation = (2 / Scalar(outputChannels * shape.taps)).squareRoot()
        for index in 0..<parameter.count { parameter.value.elements[index] *= deviation }
      } else {
        Scalar.fillUniform(parameter.value.buffer, from: -bound, to: bound, drawing: &stream)
      }
    }
  }

  public func forward(_ input: Matrix<Scalar>, in context: StepContext) -> Matrix<Scalar> {
    let images = input.rows / shape.positions
    enforce(
      input.rows == images * shape.positions && input.columns == inputChannels, "whole images of the shape")
    guard let output = output?.prefix(rows: images * shape.outputPositions) else {
      fatalError("no memory reserved")
    }
    self.input = input
    needsParameterGradients = context.needsParameterGradients
    algorithm.forward(input, weight: weight.value, bias: bias?.value, into: output)
    return output
  }

  public func backward(_ outputGradient: Matrix<Scalar>, inputGradient needed: Bool) -> Matrix<Scalar>? {
    guard let input else { fatalError("a backward pass before any forward pass") }
    let inputGradient = needed ? inputGradient?.prefix(rows: input.rows) : nil
    algorithm.backward(
      outputGradient, input: input, weight: weight, bias: bias, inputGradient: inputGradient,
      parameterGradients: needsParameterGradients)
    return inputGradient
  }

  /// W'[k_out·o+j, k_in·i+l] = W[o,i] / k_in, tap by tap, and b repeated.
  public func expansion(into clone: any Layer<Scalar>, input: CloningProfile) throws -> LayerExpansion {
    let other = try counterpart(clone, receiving: input)
    guard other.shape == shape.with(channelsOf: other.shape), (other.bias == nil) == (bias == nil) else {
      throw CloningError.mismatch(
        layer: name, reason: "images, kernels, strides, padding or bias differ")
    }
    let output = try profile(from: outputChannels, to: other.outputChannels, of: "output channels")
    let weight = TensorExpansion.weight(
      from: input, to: output, kernel: [shape.kernelHeight, shape.kernelWidth])
    return LayerExpansion(
      input: input, output: output, parameters: bias == nil ? [weight] : [weight, .vector(output)])
  }
}

extension ConvolutionShape {
  /// The same geometry with the numbers of channels of `other`.
  fileprivate func with(channelsOf other: ConvolutionShape) -> ConvolutionShape {
    ConvolutionShape(
      inputChannels: other.inputChannels, outputChannels: other.outputChannels, height: height, width: width,
      kernelHeight: kernelHeight, kernelWidth: kernelWidth, stride: stride, padding: padding)
  }
}
