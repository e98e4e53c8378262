import LinearAlgebra

/// The basic block of residual networks (He et al., 2016): convolution 3×3, normalisation, ReLU, convolution 3×3,
/// normalisation, plus the input, ReLU. Where stride or channels change, the input goes through a 1×1 convolution
/// and a normalisation of its own.
///
/// Its tensors are named `conv_1.weight`, `norm_1.weight`, `conv_2.weight`, `norm_2.weight`, `skip_conv.weight`,
/// `skip_norm.weight`, …
public final class ResidualBlock<Scalar: Real>: Layer {
  public let name: String
  public var inputSize: Int { first.convolution.inputChannels }
  public var parameters: [Parameter<Scalar>] { units.flatMap { $0.parameters } }
  public var buffers: [Parameter<Scalar>] { units.flatMap { $0.buffers } }
  public var outputHeight: Int { second.convolution.outputHeight }
  public var outputWidth: Int { second.convolution.outputWidth }

  private let first: ConvolutionUnit<Scalar>
  private let second: ConvolutionUnit<Scalar>
  private let skip: ConvolutionUnit<Scalar>?
  var mainPath: [ConvolutionUnit<Scalar>] { [first, second] }
  private var units: [ConvolutionUnit<Scalar>] { [first, second] + (skip.map { [$0] } ?? []) }
  private let positions: Int

  /// The gradient of the sum, held for the skip while it goes through the branch.
  private var held: Matrix<Scalar>?
  /// Where the input gradient stays if gradients are retained, and the copy of the output gradient that is used
  /// up inside then.
  private var inputGradient: Matrix<Scalar>?
  private var usedGradient: Matrix<Scalar>?

  /// - Parameters:
  ///   - height: rows of pixels of the input.
  ///   - width: pixels in a row of the input.
  ///   - stride: that of the first convolution.
  ///   - affine: whether the normalisations have trained scales and shifts.
  public init(
    name: String, inputChannels: Int, outputChannels: Int, height: Int, width: Int, stride: Int = 1,
    normalization: Normalization, affine: Bool = true
  ) {
    self.name = name
    positions = height * width
    first = ConvolutionUnit(
      layer: name, places: ("conv_1", "norm_1"), inputChannels: inputChannels,
      outputChannels: outputChannels, height: height, width: width, kernel: 3, stride: stride,
      normalization: normalization, affine: affine)
    second = ConvolutionUnit(
      layer: name, places: ("conv_2", "norm_2"), inputChannels: outputChannels,
      outputChannels: outputChannels, height: first.convolution.outputHeight,
      width: first.convolution.outputWidth, kernel: 3, stride: 1, normalization: normalization,
      affine: affine)
    let isChanged = stride != 1 || inputChannels != outputChannels
    skip =
      isChanged
      ? ConvolutionUnit(
        layer: name, places: ("skip_conv", "skip_norm"), inputChannels: inputChannels,
        outputChannels: outputChannels, height: height, width: width, kernel: 1, stride: stride,
        normalization: normalization, affine: affine) : nil
  }

  public func reserve(from memory: LayerMemory<Scalar>) {
    let rows = memory.batchSize * second.outputPositions
    let channels = second.convolution.outputChannels
    inputGradient = memory.takeGradientUnlessInPlace(
      rows: memory.batchSize * positions, columns: first.convolution.inputChannels)
    usedGradient = memory.takeGradientUnlessInPlace(rows: rows, columns: channels)
    memory.takeInside {
      held = memory.takeGradient(rows: rows, columns: channels, slot: 2)
      // The last gradient to be written, the skip's, must lie where a network expects the first layer's.
      skip?.reserve(from: memory)
      first.reserve(from: memory)
      second.reserve(from: memory)
    }
  }

  public func initialize(seed: UInt64) {
    for unit in units { unit.initialize(seed: seed) }
  }

  public func forward(_ input: Matrix<Scalar>, in context: StepContext) -> Matrix<Scalar> {
    let image = first.forward(input, adding: nil, isRectified: true, in: context)
    let addend = skip?.forward(input, adding: nil, isRectified: false, in: context) ?? input
    return second.forward(image, adding: addend, isRectified: true, in: context)
  }

  public func backward(_ outputGradient: Matrix<Scalar>, inputGradient needed: Bool) -> Matrix<Scalar>? {
    guard let held = held?.prefix(rows: outputGradient.rows) else {
      fatalError("no memory reserved")
    }
    var start = outputGradient
    if let usedGradient {
      start = usedGradient.prefix(rows: outputGradient.rows)
      start.copy(from: outputGradient)
    }
    guard let middle = second.backward(start, isRectified: true, keepingIn: held, inputGradient: true) else {
      return nil
    }
    let change = first.backward(middle, isRectified: true, inputGradient: needed)
    let rest = skip == nil ? held : skip?.backward(held, isRectified: false, inputGradient: needed)
    guard let change, let rest else { return nil }
    let result = inputGradient?.prefix(rows: change.rows) ?? (skip == nil ? change : rest)
    Kernels.add(change.elements, rest.elements, into: result.elements, count: result.count)
    return result
  }

  /// Branch and skip carry the same profile.
  public func expansion(into clone: any Layer<Scalar>, input: CloningProfile) throws -> LayerExpansion {
    let other = try counterpart(clone, receiving: input)
    let branch = try first.expansion(into: other.first, input: input)
    let expansion = try branch.followed(by: second.expansion(into: other.second, input: branch.output))
    switch (skip, other.skip) {
    case (nil, nil):
      try requireEqual(branch: expansion.output, skip: input)
      return expansion
    case (let skip?, let copy?):
      let side = try skip.expansion(into: copy, input: input)
      try requireEqual(branch: expansion.output, skip: side.output)
      return expansion.followed(by: side)
    default:
      throw CloningError.mismatch(layer: name, reason: "only one of the two has a convolution on its skip")
    }
  }
}
