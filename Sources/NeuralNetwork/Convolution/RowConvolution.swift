import LinearAlgebra

/// Convolution without patches, for kernels that stay inside the image: for each row of output pixels, a product of what
/// they see with the filters.
///
/// What the kernel row of a pixel sees is one piece of the image, and that of the next pixel begins a pixel later: rows of
/// a product that overlap. Products as narrow as few filters make them gain more from that than from a library that copies
/// both factors.
final class RowConvolution<Scalar: Real>: ConvolutionAlgorithm {
  private let shape: ConvolutionShape
  private var filters: UnsafeMutablePointer<Scalar>?
  /// For each shard of the batch, the gradients of the filters.
  private var sums: Matrix<Scalar>?
  /// For each thread, the gradients of an image's outputs between columns of zeros.
  private var padded: Matrix<Scalar>?

  init(_ shape: ConvolutionShape) { self.shape = shape }

  /// Whether no tap ever lies outside, and filters are so few that this is faster than gathering patches.
  static func suits(_ shape: ConvolutionShape) -> Bool {
    shape.stride == 1 && shape.padding == 0 && shape.kernelWidth > 1 && shape.outputWidth >= 8
      && shape.outputChannels.isMultiple(of: 16) && shape.outputChannels <= 64
  }

  func reserve(from memory: LayerMemory<Scalar>) {
    let size = shape.outputChannels * shape.fanIn
    // A smaller batch may have more of them.
    let shards = max(1, min(RowShards.most, memory.batchSize))
    let threads = ThreadTeam.count
    let paddedSize = RowKernels.paddedSize(shape)
    let weights = Arena<Scalar>.footprint(rows: 1, columns: RowKernels.filterSize(shape))
    let gradients = Arena<Scalar>.footprint(rows: 1, columns: shards * size)
    let scratch = memory.takeScratch(rows: 1, columns: weights + gradients + threads * paddedSize)
    filters = scratch.elements
    sums = Matrix(elements: scratch.elements + weights, rows: shards, columns: size)
    padded = Matrix(elements: scratch.elements + weights + gradients, rows: threads, columns: paddedSize)
  }

  func forward(
    _ input: Matrix<Scalar>, weight: Matrix<Scalar>, bias: Matrix<Scalar>?, into output: Matrix<Scalar>
  ) {
    guard let filters else { fatalError("no memory reserved") }
    RowKernels.forward(input, weight: weight, bias: bias, into: output, shape: shape, filters: filters)
  }

  func backward(
    _ outputGradient: Matrix<Scalar>, input: Matrix<Scalar>, weight: Parameter<Scalar>,
    bias: Parameter<Scalar>?, inputGradient: Matrix<Scalar>?, parameterGradients: Bool
  ) {
    guard let filters, let sums, let padded else { fatalError("no memory reserved") }
    if parameterGradients {
      bias?.gradient.setColumnSums(of: outputGradient)
      RowKernels.differentiateFilters(
        outputGradient, input: input, shape: shape, weightGradient: weight.gradient, sums: sums)
    }
    if let inputGradient {
      RowKernels.differentiateInput(
        outputGradient, weight: weight.value, into: inputGradient, shape: shape, filters: filters,
        padded: padded)
    }
  }
}
