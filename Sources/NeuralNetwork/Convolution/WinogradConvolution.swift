import LinearAlgebra

/// Convolution with 3 × 3 filters and stride 1 by Winograd's F(4 × 4, 3 × 3): a quarter of the multiplications.
///
/// Tiles of 6 × 6 inputs, each giving 4 × 4 outputs, are transformed to 36 points, where inputs × filters is a
/// product of matrices at each point. Blocks of tiles pass through all stages together.
final class WinogradConvolution<Scalar: Real>: ConvolutionAlgorithm {
  private let shape: ConvolutionShape
  private var workspace: WinogradWorkspace<Scalar>?

  init(_ shape: ConvolutionShape) { self.shape = shape }

  /// Whether the transforms take whole vectors of channels, and tiles that hang over the edge of the image do not
  /// eat up what they save.
  static func suits(_ shape: ConvolutionShape) -> Bool {
    guard shape.kernelHeight == 3, shape.kernelWidth == 3, shape.stride == 1, shape.padding <= 2 else {
      return false
    }
    guard shape.inputChannels.isMultiple(of: 16), shape.outputChannels.isMultiple(of: 16) else {
      return false
    }
    return 36 * shape.winogradTiles * 2 < shape.taps * shape.outputPositions
  }

  func reserve(from memory: LayerMemory<Scalar>) {
    let blockTiles = min(Self.blockTiles(shape), max(1, memory.batchSize * shape.winogradTiles))
    let size = WinogradWorkspace<Scalar>.size(shape, blockTiles: blockTiles)
    workspace = WinogradWorkspace(
      memory.takeScratch(rows: 1, columns: size).elements, shape: shape, blockTiles: blockTiles)
  }

  func forward(
    _ input: Matrix<Scalar>, weight: Matrix<Scalar>, bias: Matrix<Scalar>?, into output: Matrix<Scalar>
  ) {
    guard let workspace else { fatalError("no memory reserved") }
    WinogradPasses.forward(
      input, weight: weight, bias: bias, into: output, shape: shape, workspace: workspace)
  }

  func backward(
    _ outputGradient: Matrix<Scalar>, input: Matrix<Scalar>, weight: Parameter<Scalar>,
    bias: Parameter<Scalar>?, inputGradient: Matrix<Scalar>?, parameterGradients: Bool
  ) {
    guard let workspace else { fatalError("no memory reserved") }
    guard parameterGradients || inputGradient != nil else { return }
    WinogradPasses.backward(
      outputGradient, input: input, weight: weight.value,
      weightGradient: parameterGradients ? weight.gradient : nil,
      biasGradient: bias?.gradient, inputGradient: inputGradient, shape: shape, workspace: workspace)
  }

  /// Tiles in a block: enough for products of good speed, few enough that a block stays in the cache.
  ///
  /// OpenBLAS copies the factors of a product into an order of its own, unless that takes at most 10⁶
  /// multiplications: with few channels, blocks stay below that. Milliseconds of a forward and backward pass of 128
  /// images (AVX-512, one thread):
  ///
  ///     channels, image  |  32   48   64   96  128  192  256  512 tiles
  ///     64 → 64, 32²     |  71   72   72   74   78   77   99  127
  ///     64 → 128, 16²    |  36   36   35   36   45   44   55   53
  ///     128 → 128, 16²   |  73   70   82   79   80   76   76   83
  ///     128 → 256, 8²    |  47   41   40   39   37   38   45   39
  ///     256 → 256, 8²    |  90   77   76   71   71   83   72   92
  ///     512 → 512, 4²    | 108  106  102  102   95   (all 128 tiles)
  private static func blockTiles(_ shape: ConvolutionShape) -> Int {
    let small = 1_000_000 / (shape.inputChannels * shape.outputChannels) / 16 * 16
    return small < 48 ? 128 : min(small, 64)
  }
}

extension ConvolutionShape {
  /// Tiles of 4 × 4 outputs in a row of them.
  var winogradTilesAcross: Int { (outputWidth + 3) / 4 }
  /// Tiles of 4 × 4 outputs in an image.
  var winogradTiles: Int { (outputHeight + 3) / 4 * winogradTilesAcross }
}

/// The scratch memory of Winograd's convolution: matrices of the 36 points, one behind the other.
struct WinogradWorkspace<Scalar: Real> {
  static var points: Int { 36 }

  let blockTiles: Int
  /// From one point's filters to the next one's.
  let filterStride: Int
  /// From one point's inputs to the next one's.
  let inputStride: Int
  /// From one point's outputs to the next one's.
  let outputStride: Int
  let filters: UnsafeMutablePointer<Scalar>
  /// Gradients at the points; in a forward pass, a copy of the filters.
  let filterGradients: UnsafeMutablePointer<Scalar>
  /// G ⊗ G, see ``WinogradFilters``.
  let filterTransform: UnsafeMutablePointer<Scalar>
  /// Transformed inputs, tiles × input channels, then their gradients.
  let inputs: UnsafeMutablePointer<Scalar>
  /// Products or transformed output gradients, tiles × output channels.
  let outputs: UnsafeMutablePointer<Scalar>
  /// A tile of one vector of channels, transformed in one direction.
  let tile: UnsafeMutablePointer<Scalar>
  /// What pixels outside of an image are read from: zeros.
  let outside: UnsafeMutablePointer<Scalar>
  /// What pixels outside of an image are written to.
  let waste: UnsafeMutablePointer<Scalar>

  init(_ memory: UnsafeMutablePointer<Scalar>, shape: ConvolutionShape, blockTiles: Int) {
    self.blockTiles = blockTiles
    // Points a power of two apart would all meet in a few sets of the cache.
    filterStride = shape.inputChannels * shape.outputChannels + 16
    inputStride = blockTiles * shape.inputChannels + 16
    outputStride = blockTiles * shape.outputChannels + 16
    let channels = max(shape.inputChannels, shape.outputChannels)
    tile = memory
    outside = tile + Self.points * 16
    waste = outside + channels
    inputs = waste + channels
    outputs = inputs + Self.points * inputStride
    filters = outputs + Self.points * outputStride
    filterGradients = filters + Self.points * filterStride
    filterTransform = filterGradients + Self.points * filterStride
  }

  /// The scalars that a workspace takes.
  static func size(_ shape: ConvolutionShape, blockTiles: Int) -> Int {
    let channels = shape.inputChannels + shape.outputChannels
    return points
      * (16 + 2 * (shape.inputChannels * shape.outputChannels + 16) + blockTiles * channels + 32 + 9)
      + 2 * max(shape.inputChannels, shape.outputChannels)
  }
}
