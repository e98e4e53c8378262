import LinearAlgebra

/// Convolution without patches: for each pixel, a product of what it sees in all images of the batch with the filters.
///
/// The images' rows of a product lie an image apart, and what a kernel row sees is one piece of each. Taps that reach
/// over the edge are left out, which is half of the work and more in the smallest images. For few pixels: each is a
/// product of its own, of as many rows as there are images.
final class DirectConvolution<Scalar: Real>: ConvolutionAlgorithm {
  private let shape: ConvolutionShape
  private var filters: Matrix<Scalar>?

  init(_ shape: ConvolutionShape) { self.shape = shape }

  /// Whether images have so few pixels, and pieces of a kernel row so many channels, that this is faster than gathering
  /// patches.
  static func suits(_ shape: ConvolutionShape) -> Bool {
    !shape.isPointwise && shape.inputChannels >= 8 && shape.outputPositions <= 100 && shape.positions <= 256
  }

  func reserve(from memory: LayerMemory<Scalar>) {
    let scratch = memory.takeScratch(rows: 1, columns: shape.outputChannels * shape.fanIn)
    filters = Matrix(elements: scratch.elements, rows: shape.outputChannels, columns: shape.fanIn)
  }

  func forward(
    _ input: Matrix<Scalar>, weight: Matrix<Scalar>, bias: Matrix<Scalar>?, into output: Matrix<Scalar>
  ) {
    guard let filters else { fatalError("no memory reserved") }
    DirectKernels.forward(
      input, weight: weight, bias: bias, into: output, shape: shape, filters: filters.elements)
  }

  func backward(
    _ outputGradient: Matrix<Scalar>, input: Matrix<Scalar>, weight: Parameter<Scalar>,
    bias: Parameter<Scalar>?, inputGradient: Matrix<Scalar>?, parameterGradients: Bool
  ) {
    guard let filters else { fatalError("no memory reserved") }
    if parameterGradients {
      bias?.gradient.setColumnSums(of: outputGradient)
      DirectKernels.differentiateFilters(
        outputGradient, input: input, shape: shape, weightGradient: weight.gradient, sums: filters.elements)
    }
    if let inputGradient {
      DirectKernels.differentiateInput(
        outputGradient, weight: weight.value, into: inputGradient, shape: shape, filters: filters.elements)
    }
  }
}
