/// Several columns side by side, which are sorted at the same time.
protocol SortedLanes {
  static var scalarCount: Int { get }

  /// The elements of a row at some places, no more than there are lanes; zeros in the others.
  init(_ row: UnsafeMutablePointer<Double>, at places: UnsafeBufferPointer<Int>)

  /// Puts the smaller number of each lane to `low`, the larger one to `high`. None is NaN.
  static func exchange(_ low: UnsafeMutablePointer<Self>, _ high: UnsafeMutablePointer<Self>)

  /// Eight lanes from the `part`-th eighth on.
  func doubles(_ part: Int) -> SIMD8<Double>
}

extension SIMD8<Double>: SortedLanes {
  @inline(__always)
  init(_ row: UnsafeMutablePointer<Double>, at places: UnsafeBufferPointer<Int>) {
    self.init()
    for (lane, place) in places.enumerated() { self[lane] = row[place] }
  }

  @inline(__always)
  static func exchange(_ low: UnsafeMutablePointer<Self>, _ high: UnsafeMutablePointer<Self>) {
    let (first, second) = (low.pointee, high.pointee)
    let swapped = second .< first
    low.pointee = first.replacing(with: second, where: swapped)
    high.pointee = second.replacing(with: first, where: swapped)
  }

  @inline(__always)
  func doubles(_ part: Int) -> SIMD8<Double> { self }
}

/// Half the work, where nothing is lost: activations are single-precision numbers.
extension SIMD16<Float>: SortedLanes {
  @inline(__always)
  init(_ row: UnsafeMutablePointer<Double>, at places: UnsafeBufferPointer<Int>) {
    self.init()
    for (lane, place) in places.enumerated() { self[lane] = Float(row[place]) }
  }

  @inline(__always)
  static func exchange(_ low: UnsafeMutablePointer<Self>, _ high: UnsafeMutablePointer<Self>) {
    let (first, second) = (low.pointee, high.pointee)
    let swapped = second .< first
    low.pointee = first.replacing(with: second, where: swapped)
    high.pointee = second.replacing(with: first, where: swapped)
  }

  @inline(__always)
  func doubles(_ part: Int) -> SIMD8<Double> { SIMD8<Double>(part == 0 ? lowHalf : highHalf) }
}

/// Sorts lanes by Batcher's merge exchange (Knuth, TAOCP vol. 3, 5.2.2, algorithm M): the comparisons do not depend on
/// the data, so that a vector register sorts a column a lane.
enum SortingNetwork {
  /// Sorts vectors in ascending order, lane by lane, in place. No element may be NaN.
  static func sort<Lanes: SortedLanes>(_ vectors: UnsafeMutableBufferPointer<Lanes>) {
    guard let values = vectors.baseAddress else { return }
    let count = vectors.count
    guard count > 1 else { return }
    let top = 1 << (Int.bitWidth - 1 - (count - 1).leadingZeroBitCount)
    var bit = top
    while bit > 0 {
      var spread = top
      var remainder = 0
      var distance = bit
      while true {
        // The indices with `index & bit == remainder` come in runs of `bit`.
        var start = remainder
        while start < count - distance {
          for index in start..<min(start + bit, count - distance) {
            Lanes.exchange(values + index, values + index + distance)
          }
          start += 2 * bit
        }
        if spread == bit { break }
        distance = spread - bit
        spread >>= 1
        remainder = bit
      }
      bit >>= 1
    }
  }
}
