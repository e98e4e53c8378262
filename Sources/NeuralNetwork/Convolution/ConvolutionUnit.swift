import LinearAlgebra

/// A convolution with its normalisation, what is added to it and the rectifier behind, as one step inside a
/// composite layer. Without normalisation the convolution has a bias.
final class ConvolutionUnit<Scalar: Real> {
  let convolution: Convolution<Scalar>
  let normalization: (any NormalizationLayer<Scalar>)?
  private var output: Matrix<Scalar>?

  /// - Parameters:
  ///   - layer: the composite layer's name.
  ///   - places: the names inside it of convolution and normalisation.
  init(
    layer: String, places: (convolution: String, normalization: String), inputChannels: Int,
    outputChannels: Int, height: Int, width: Int, kernel: Int, stride: Int, normalization: Normalization,
    affine: Bool
  ) {
    convolution = Convolution(
      name: "\(layer).\(places.convolution)", inputChannels: inputChannels, outputChannels: outputChannels,
      height: height, width: width, kernel: kernel, stride: stride, padding: kernel / 2,
      bias: normalization == .none, initialization: .kaimingNormal)
    self.normalization = normalization.makeLayer(
      name: "\(layer).\(places.normalization)", size: outputChannels,
      positions: convolution.outputHeight * convolution.outputWidth, affine: affine)
    for tensor in convolution.parameters { tensor.nest(in: places.convolution) }
    guard let norm = self.normalization else { return }
    for tensor in norm.parameters + norm.buffers { tensor.nest(in: places.normalization) }
  }

  /// What the last forward pass returned.
  var lastOutput: Matrix<Scalar> {
    guard let output else { fatalError("a look at the output before any forward pass") }
    return output
  }
  var outputPositions: Int { convolution.outputHeight * convolution.outputWidth }
  var parameters: [Parameter<Scalar>] { convolution.parameters + (normalization?.parameters ?? []) }
  var buffers: [Parameter<Scalar>] { normalization?.buffers ?? [] }

  func reserve(from memory: LayerMemory<Scalar>) {
    convolution.reserve(from: memory)
    normalization?.reserve(from: memory)
  }

  func initialize(seed: UInt64) {
    convolution.initialize(seed: seed)
    normalization?.initialize(seed: seed)
  }

  func forward(
    _ input: Matrix<Scalar>, adding addend: Matrix<Scalar>?, isRectified: Bool, in context: StepContext
  ) -> Matrix<Scalar> {
    let image = convolution.forward(input, in: context)
    if let normalization {
      let result = normalization.forward(image, adding: addend, isRectified: isRectified, in: context)
      output = result
      return result
    }
    // A convolution does not look at its output again, so what follows may overwrite it.
    let (elements, count) = (image.elements, image.count)
    switch (addend, isRectified) {
    case (nil, false): break
    case (nil, true): Kernels.rectify(elements, into: elements, count: count)
    case (let addend?, false): Kernels.add(elements, addend.elements, into: elements, count: count)
    case (let addend?, true): Kernels.addAndRectify(elements, addend.elements, into: elements, count: count)
    }
    output = image
    return image
  }

  /// - Parameter kept: receives the gradient before the rectifier, that of what was added.
  ///
  /// The output gradient may be overwritten.
  func backward(
    _ outputGradient: Matrix<Scalar>, isRectified: Bool, keepingIn kept: Matrix<Scalar>? = nil,
    inputGradient: Bool
  ) -> Matrix<Scalar>? {
    guard let output else { fatalError("a backward pass before any forward pass") }
    if let normalization {
      guard
        let gradient = normalization.backward(
          outputGradient, isRectified: isRectified, keepingIn: kept, inputGradient: true)
      else { return nil }
      return convolution.backward(gradient, inputGradient: inputGradient)
    }
    let gradient = kept ?? outputGradient
    if isRectified {
      Kernels.keep(
        outputGradient.elements, wherePositive: output.elements, into: gradient.elements, count: output.count)
    } else if let kept {
      kept.copy(from: outputGradient)
    }
    return convolution.backward(gradient, inputGradient: inputGradient)
  }

  func expansion(into clone: ConvolutionUnit, input: CloningProfile) throws -> LayerExpansion {
    let expansion = try convolution.expansion(into: clone.convolution, input: input)
    switch (normalization, clone.normalization) {
    case (nil, nil): return expansion
    case (let normalization?, let other?):
      return try expansion.followed(by: normalization.expansion(into: other, input: expansion.output))
    default:
      throw CloningError.mismatch(layer: convolution.name, reason: "only one of the two is normalised")
    }
  }
}
