import LinearAlgebra

/// The scratch memory of Winograd's convolution: for each block of tiles, matrices of the 36 points, one behind the other.
struct WinogradWorkspace<Scalar: Real> {
  static var points: Int { 36 }
  /// Parts of a block whose tiles are transformed by different threads.
  static var partsOfBlock: Int { 4 }

  let blockTiles: Int
  /// Blocks that are there at the same time.
  let blocks: Int
  /// Threads that may work in it.
  let places: Int
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
  /// What pixels outside of an image are read from: zeros.
  let outside: UnsafeMutablePointer<Scalar>
  private let channels: (inputs: Int, outputs: Int)
  private let inputs: UnsafeMutablePointer<Scalar>
  private let outputs: UnsafeMutablePointer<Scalar>
  private let sums: UnsafeMutablePointer<Scalar>
  private let ofPlaces: UnsafeMutablePointer<Scalar>

  init(
    _ memory: UnsafeMutablePointer<Scalar>, shape: ConvolutionShape, blockTiles: Int, blocks: Int, places: Int
  ) {
    self.blockTiles = blockTiles
    self.blocks = blocks
    self.places = places
    channels = (shape.inputChannels, shape.outputChannels)
    // Points a power of two apart would all meet in a few sets of the cache.
    filterStride = channels.inputs * channels.outputs + 16
    inputStride = blockTiles * channels.inputs + 16
    outputStride = blockTiles * channels.outputs + 16
    outside = memory
    ofPlaces = outside + max(channels.inputs, channels.outputs)
    sums = ofPlaces + places * Self.sizeOfPlace(shape)
    inputs = sums + blocks * Self.partsOfBlock * channels.outputs
    outputs = inputs + blocks * Self.points * inputStride
    filters = outputs + blocks * Self.points * outputStride
    filterGradients = filters + Self.points * filterStride
    filterTransform = filterGradients + Self.points * filterStride
  }

  /// The scalars that a workspace takes.
  static func size(_ shape: ConvolutionShape, blockTiles: Int, blocks: Int, places: Int) -> Int {
    let channels = shape.inputChannels + shape.outputChannels
    return max(shape.inputChannels, shape.outputChannels) + places * sizeOfPlace(shape)
      + blocks * (partsOfBlock * shape.outputChannels + points * (blockTiles * channels + 32))
      + points * (2 * (shape.inputChannels * shape.outputChannels + 16) + 9)
  }

  /// A tile of vectors, and what is written nowhere.
  private static func sizeOfPlace(_ shape: ConvolutionShape) -> Int {
    points * 16 + max(shape.inputChannels, shape.outputChannels)
  }

  /// Transformed inputs of a block at a point, tiles × input channels, then their gradients.
  func inputs(ofBlock block: Int, point: Int) -> UnsafeMutablePointer<Scalar> {
    inputs + (block * Self.points + point) * inputStride
  }

  /// Products or transformed output gradients of a block at a point, tiles × output channels.
  func outputs(ofBlock block: Int, point: Int) -> UnsafeMutablePointer<Scalar> {
    outputs + (block * Self.points + point) * outputStride
  }

  /// The tiles of a part, of `count` tiles that are there.
  func tiles(ofPart part: Int, of count: Int) -> Range<Int> {
    let (block, place) = part.quotientAndRemainder(dividingBy: Self.partsOfBlock)
    let size = (blockTiles + Self.partsOfBlock - 1) / Self.partsOfBlock
    let start = block * blockTiles
    let end = min(start + blockTiles, count)
    let first = min(start + place * size, end)
    return first..<min(first + size, end)
  }

  /// What the sums of a part's output gradients are added to, one for each output channel.
  func sums(ofPart part: Int) -> UnsafeMutablePointer<Scalar> { sums + part * channels.outputs }

  /// Where the transforms of tiles from `tile` on are written and read, by the thread at `place`.
  func view(fromTile tile: Int, place: Int) -> WinogradTiles<Scalar> {
    let (block, index) = tile.quotientAndRemainder(dividingBy: blockTiles)
    let size = Self.points * 16 + max(channels.inputs, channels.outputs)
    return WinogradTiles(
      inputs: inputs(ofBlock: block, point: 0) + index * channels.inputs, inputStride: inputStride,
      outputs: outputs(ofBlock: block, point: 0) + index * channels.outputs, outputStride: outputStride,
      tile: ofPlaces + place * size, waste: ofPlaces + place * size + Self.points * 16, outside: outside)
  }
}

/// Transformed tiles that follow each other in a block, and what one thread needs to make them.
struct WinogradTiles<Scalar: Real> {
  let inputs: UnsafeMutablePointer<Scalar>
  let inputStride: Int
  let outputs: UnsafeMutablePointer<Scalar>
  let outputStride: Int
  /// A tile of one vector of channels, transformed in one direction.
  let tile: UnsafeMutablePointer<Scalar>
  /// What pixels outside of an image are written to.
  let waste: UnsafeMutablePointer<Scalar>
  /// What pixels outside of an image are read from: zeros.
  let outside: UnsafeMutablePointer<Scalar>
}
