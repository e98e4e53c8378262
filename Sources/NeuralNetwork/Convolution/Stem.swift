import LinearAlgebra

/// The first layer of a residual network: convolution, normalisation, ReLU. Its tensors are named `conv.weight`,
/// `norm.weight`, `norm.running_mean`, …
public final class Stem<Scalar: Real>: Layer {
  public let name: String
  public var inputSize: Int { unit.convolution.inputChannels }
  public var parameters: [Parameter<Scalar>] { unit.parameters }
  public var buffers: [Parameter<Scalar>] { unit.buffers }
  public var outputHeight: Int { unit.convolution.outputHeight }
  public var outputWidth: Int { unit.convolution.outputWidth }

  private let unit: ConvolutionUnit<Scalar>
  var mainPath: [ConvolutionUnit<Scalar>] { [unit] }
  private let positions: Int
  /// Where the input gradient stays if gradients are retained, and the copy of the output gradient that is used
  /// up inside then.
  private var inputGradient: Matrix<Scalar>?
  private var usedGradient: Matrix<Scalar>?

  /// - Parameters:
  ///   - height: rows of pixels of the input.
  ///   - width: pixels in a row of the input.
  ///   - affine: whether the normalisation has trained scale and shift.
  public init(
    name: String, inputChannels: Int, outputChannels: Int, height: Int, width: Int, kernel: Int = 3,
    stride: Int = 1, normalization: Normalization, affine: Bool = true
  ) {
    self.name = name
    positions = height * width
    unit = ConvolutionUnit(
      layer: name, places: ("conv", "norm"), inputChannels: inputChannels, outputChannels: outputChannels,
      height: height, width: width, kernel: kernel, stride: stride, normalization: normalization,
      affine: affine)
  }

  public func reserve(from memory: LayerMemory<Scalar>) {
    inputGradient = memory.takeGradientUnlessInPlace(
      rows: memory.batchSize * positions, columns: unit.convolution.inputChannels)
    usedGradient = memory.takeGradientUnlessInPlace(
      rows: memory.batchSize * unit.outputPositions, columns: unit.convolution.outputChannels)
    memory.takeInside { unit.reserve(from: memory) }
  }

  public func initialize(seed: UInt64) { unit.initialize(seed: seed) }

  public func forward(_ input: Matrix<Scalar>, in context: StepContext) -> Matrix<Scalar> {
    unit.forward(input, adding: nil, isRectified: true, in: context)
  }

  public func backward(_ outputGradient: Matrix<Scalar>, inputGradient needed: Bool) -> Matrix<Scalar>? {
    guard let inputGradient, let usedGradient else {
      return unit.backward(outputGradient, isRectified: true, inputGradient: needed)
    }
    let copy = usedGradient.prefix(rows: outputGradient.rows)
    copy.copy(from: outputGradient)
    guard let change = unit.backward(copy, isRectified: true, inputGradient: needed) else { return nil }
    let result = inputGradient.prefix(rows: change.rows)
    result.copy(from: change)
    return result
  }

  public func expansion(into clone: any Layer<Scalar>, input: CloningProfile) throws -> LayerExpansion {
    let other = try counterpart(clone, receiving: input)
    return try unit.expansion(into: other.unit, input: input)
  }
}
