import LinearAlgebra

/// Convolution as a product: the patch of inputs that each output pixel sees is a row, the filters are columns.
///
/// Patches are gathered for a block of output pixels at a time, few enough to stay in the cache; a 1 × 1
/// convolution takes the input as it is. A patch is ordered by kernel row, kernel column and channel, so that a
/// kernel row of it is one piece of the image; the filters are copied into that order in every pass.
final class PatchConvolution<Scalar: Real>: ConvolutionAlgorithm {
  private let shape: ConvolutionShape
  /// Output pixels in a block. Products of fewer than 200 rows spend too much on packing the filters; between 384
  /// and 3,072 rows no shape of the paper's models gains or loses more than the measurement's noise.
  private static var blockRows: Int { 512 }
  private var filters: Matrix<Scalar>?
  /// For each shard of the sum over blocks, those of the filters and then those of the bias.
  private var filterGradients: Matrix<Scalar>?
  /// A block for each thread.
  private var patches: Matrix<Scalar>?

  init(_ shape: ConvolutionShape) { self.shape = shape }

  func reserve(from memory: LayerMemory<Scalar>) {
    let blockRows = min(Self.blockRows, memory.batchSize * shape.outputPositions)
    let threads = ThreadTeam.count
    let weights = Arena<Scalar>.footprint(rows: shape.outputChannels, columns: shape.fanIn)
    let gradients = Arena<Scalar>.footprint(
      rows: 1, columns: shards * (shape.outputChannels * (shape.fanIn + 1)))
    let scratch = memory.takeScratch(
      rows: 1, columns: weights + gradients + threads * blockRows * shape.fanIn)
    filters = Matrix(elements: scratch.elements, rows: shape.outputChannels, columns: shape.fanIn)
    filterGradients = Matrix(
      elements: scratch.elements + weights, rows: shards, columns: shape.outputChannels * (shape.fanIn + 1))
    patches = Matrix(
      elements: scratch.elements + weights + gradients, rows: threads, columns: blockRows * shape.fanIn)
  }

  /// Shards of the sum over blocks: fewer of large filters, as each needs room for all of them.
  private var shards: Int { max(1, min(RowShards.most, (1 << 23) / (shape.outputChannels * shape.fanIn))) }

  func forward(
    _ input: Matrix<Scalar>, weight: Matrix<Scalar>, bias: Matrix<Scalar>?, into output: Matrix<Scalar>
  ) {
    guard let filters, let patches else { fatalError("no memory reserved") }
    PatchKernels.forward(
      input, weight: weight, bias: bias, into: output, shape: shape, filters: filters, patches: patches)
  }

  func backward(
    _ outputGradient: Matrix<Scalar>, input: Matrix<Scalar>, weight: Parameter<Scalar>,
    bias: Parameter<Scalar>?, inputGradient: Matrix<Scalar>?, parameterGradients: Bool
  ) {
    guard let filters, let filterGradients, let patches else { fatalError("no memory reserved") }
    if parameterGradients {
      PatchKernels.differentiateFilters(
        outputGradient, input: input, shape: shape, weightGradient: weight.gradient,
        biasGradient: bias?.gradient, filterGradients: filterGradients, patches: patches)
    }
    guard let inputGradient else { return }
    PatchKernels.differentiateInput(
      outputGradient, weight: weight.value, into: inputGradient, shape: shape, filters: filters,
      patches: patches)
  }
}
