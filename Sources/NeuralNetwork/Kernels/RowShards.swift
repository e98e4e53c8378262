import LinearAlgebra

/// The shards of a batch's rows over which sums are taken by themselves, then added in pairs (``ShardSums``): a number
/// that depends on the size of the batch alone, so that any number of threads gives the same bits. Small batches are one.
struct RowShards {
  /// Shards of a large batch.
  static var most: Int { 8 }

  private let pieces: Pieces

  init(rows: Int, columns: Int) {
    pieces = Pieces(of: max(rows, 0), smallest: 16_384 / max(columns, 1), most: Self.most)
  }

  /// At least one, which may be empty.
  var count: Int { max(pieces.count, 1) }

  subscript(shard: Int) -> Range<Int> { pieces.total == 0 ? 0..<0 : pieces[shard] }
}
