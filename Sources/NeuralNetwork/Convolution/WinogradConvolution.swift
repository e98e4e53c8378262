import LinearAlgebra

/// Convolution with 3 × 3 filters and stride 1 by Winograd's F(4 × 4, 3 × 3): a quarter of the multiplications.
///
/// Tiles of 6 × 6 inputs, each giving 4 × 4 outputs, are transformed to 36 points, where inputs × filters is a
/// product of matrices at each point. Blocks of tiles pass through all stages together, as many at once as there are
/// threads: how many does not matter to the bits.
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
    let tiles = max(1, memory.batchSize * shape.winogradTiles)
    let blockTiles = min(Self.blockTiles(shape), tiles)
    // Threads share out blocks, and whole images among them.
    let threads = ThreadTeam.count
    let atOnce = threads == 1 ? 1 : threads * ((shape.winogradTiles + blockTiles - 1) / blockTiles)
    let blocks = min(atOnce, (tiles + blockTiles - 1) / blockTiles)
    let size = WinogradWorkspace<Scalar>.size(shape, blockTiles: blockTiles, blocks: blocks, places: threads)
    workspace = WinogradWorkspace(
      memory.takeScratch(rows: 1, columns: size).elements, shape: shape, blockTiles: blockTiles,
      blocks: blocks, places: threads)
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
