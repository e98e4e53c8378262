/// A tile's place in a batch of images, walking over the images row by row of tiles.
struct TilePosition {
  private let shape: ConvolutionShape
  private(set) var image: Int
  /// The first output row and column of the tile.
  private var row: Int
  private var column: Int

  /// The `index`-th tile of the batch.
  @inline(__always)
  init(_ index: Int, shape: ConvolutionShape) {
    self.shape = shape
    image = index / shape.winogradTiles
    row = index % shape.winogradTiles / shape.winogradTilesAcross * 4
    column = index % shape.winogradTilesAcross * 4
  }

  /// Whether this is the first tile of its image.
  @inline(__always)
  var isFirst: Bool { row == 0 && column == 0 }

  @inline(__always)
  mutating func advance() {
    column += 4
    if column >= shape.outputWidth {
      column = 0
      row += 4
    }
    if row >= shape.outputHeight {
      row = 0
      image += 1
    }
  }

  /// Sets where the 6 × 6 inputs of the tile begin, counted in scalars; `outside` for those outside of the image.
  @inline(__always)
  func setInputPlaces(_ places: UnsafeMutablePointer<Int>, outside: Int) {
    Self.set(
      places, size: 6, row: row - shape.padding, column: column - shape.padding, height: shape.height,
      width: shape.width, channels: shape.inputChannels, image: image, outside: outside)
  }

  /// Sets where the 4 × 4 outputs of the tile begin.
  @inline(__always)
  func setOutputPlaces(_ places: UnsafeMutablePointer<Int>, outside: Int) {
    Self.set(
      places, size: 4, row: row, column: column, height: shape.outputHeight, width: shape.outputWidth,
      channels: shape.outputChannels, image: image, outside: outside)
  }

  @inline(__always)
  private static func set(
    _ places: UnsafeMutablePointer<Int>, size: Int, row: Int, column: Int, height: Int, width: Int,
    channels: Int, image: Int, outside: Int
  ) {
    for y in 0..<size {
      let isRowInside = row + y >= 0 && row + y < height
      let start = ((image * height + row + y) * width + column) * channels
      for x in 0..<size {
        let isInside = isRowInside && column + x >= 0 && column + x < width
        places[y * size + x] = isInside ? start + x * channels : outside
      }
    }
  }
}
