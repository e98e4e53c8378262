/// A range of things cut into neighbouring pieces of equal size, but for the last one. The cut depends on how many things
/// there are, never on threads, so that what is computed piece by piece has the same bits on any number of them.
public struct Pieces: Sendable {
  /// How many things there are.
  public let total: Int
  /// How many a piece has.
  public let size: Int

  /// At most `most` pieces of a multiple of `unit` things, none smaller than `smallest` but the last one.
  @inlinable
  public init(of total: Int, smallest: Int, most: Int = 64, unit: Int = 1) {
    self.total = total
    let most = max(most, 1)
    let even = (total + most - 1) / most
    let size = max(even, smallest, 1)
    self.size = (size + unit - 1) / unit * unit
  }

  /// The number of pieces.
  @inlinable
  public var count: Int { (total + size - 1) / size }

  @inlinable
  public subscript(piece: Int) -> Range<Int> {
    piece * size..<min((piece + 1) * size, total)
  }
}

extension ThreadTeam {
  /// Loops over no more are not shared: some ten microseconds of the simplest ones.
  @usableFromInline
  static var fewScalars: Int { 32_768 }

  /// Shares loops over rows of `size` scalars: calls `body` with the rows of a piece and the place of the thread, see
  /// ``share(_:places:_:)``. Few scalars are done at once.
  @inlinable
  public static func shareRows(
    _ rows: Int, of size: Int, places: Int = mostThreads, _ body: (_ rows: Range<Int>, _ place: Int) -> Void
  ) {
    // Nothing is divided for the many small ones.
    guard rows * size > fewScalars else {
      if rows > 0 { body(0..<rows, 0) }
      return
    }
    let pieces = Pieces(of: rows, smallest: fewScalars / max(size, 1))
    share(pieces.count, places: places) { piece, place in body(pieces[piece], place) }
  }

  /// Shares loops over neighbouring scalars: calls `body` with where a piece starts and how many it has, in multiples of
  /// 16 but for the last. Few scalars are done at once.
  @inlinable
  public static func shareScalars(_ count: Int, _ body: (_ start: Int, _ count: Int) -> Void) {
    guard count > fewScalars else {
      if count > 0 { body(0, count) }
      return
    }
    let pieces = Pieces(of: count, smallest: fewScalars, unit: 16)
    share(pieces.count) { piece, _ in
      let range = pieces[piece]
      body(range.lowerBound, range.count)
    }
  }
}
