/// Sums of what shards have computed, in pairs: the same bits on any number of threads.
public enum ShardSums {
  /// Sets `out` to the sum of `shards` vectors of `count` scalars that lie one behind the other. They are overwritten.
  ///
  /// Precondition: at least one shard.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public static func add<Scalar: Real>(
    _ vectors: UnsafeMutablePointer<Scalar>, shards: Int, count: Int, into out: UnsafeMutablePointer<Scalar>
  ) {
    // vectors: shards × count, row-major; out: count.
    // out[i] = Σ over shards of vectors[s, i]: neighbours first, then neighbouring pairs, …
    ThreadTeam.shareScalars(count) { start, length in
      // As much of all shards as stays in a near cache.
      var first = start
      while first < start + length {
        let size = min(1_024, start + length - first)
        var step = 1
        while step < shards {
          var shard = 0
          while shard + step < shards {
            let target = vectors + shard * count + first
            target.accumulate(target + step * count, count: size)
            shard += 2 * step
          }
          step *= 2
        }
        (out + first).update(from: vectors + first, count: size)
        first += size
      }
    }
  }
}
