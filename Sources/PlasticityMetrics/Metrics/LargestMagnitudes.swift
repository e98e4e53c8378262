import LinearAlgebra

/// The largest magnitudes of each unit among all that go by, exactly.
///
/// Beside those of a unit that are kept there is room for half as many more. When it is full the smallest are
/// dropped, and from then on nothing below those that remain is taken in: after a few parts hardly anything is.
final class LargestMagnitudes {
  private let kept: Int
  private let rows: Int
  /// Magnitudes that there is room for, of a unit.
  private let room: Int
  private let candidates: Matrix<Double>
  private let arena: Arena<Double>
  private var counts: [Int]
  /// Only what is larger is taken in. Zeros never are: what is missing counts as zero.
  private let floors: Matrix<Double>

  /// - Parameters:
  ///   - rows: how many rows will come.
  ///   - kept: how many magnitudes of each unit are wanted, 0 to `rows` + 1.
  init(units: Int, rows: Int, kept: Int) {
    self.kept = kept
    self.rows = rows
    room = min(rows, kept + max(kept / 2, 16))
    arena = Arena(
      capacity: Arena<Double>.footprint(rows: units, columns: room)
        + Arena<Double>.footprint(rows: 1, columns: units))
    candidates = arena.take(rows: units, columns: room)
    floors = arena.take(rows: 1, columns: units)
    counts = [Int](repeating: 0, count: units)
  }

  func add(_ rows: Matrix<Double>) {
    guard kept > 0, kept <= self.rows else { return }
    let units = rows.columns
    let floors = floors.elements
    for row in 0..<rows.rows {
      let values = rows.elements + row * units
      var unit = 0
      while unit + 16 <= units {
        let excess = Double.larger(values.magnitudes(at: unit) - floors.vector(at: unit), .zero)
        if excess.laneSum > 0 { take(values, units: unit..<unit + 16) }
        unit += 16
      }
      take(values, units: unit..<units)
    }
  }

  /// The smallest of the magnitudes that are kept of a unit; infinite if none are, and −1, smaller than all, if
  /// more are wanted than there are rows.
  func smallestKept(_ unit: Int) -> Double {
    guard kept > 0 else { return .infinity }
    guard kept <= rows else { return -1 }
    guard counts[unit] >= kept else { return 0 }
    let place = candidates.elements + unit * room
    Self.select(place, count: counts[unit], largest: kept)
    return place[kept - 1]
  }

  private func take(_ values: UnsafeMutablePointer<Double>, units: Range<Int>) {
    for unit in units where values[unit].magnitude > floors.elements[unit] {
      let place = candidates.elements + unit * room
      place[counts[unit]] = values[unit].magnitude
      counts[unit] += 1
      if counts[unit] == room { shrink(unit) }
    }
  }

  private func shrink(_ unit: Int) {
    guard kept < room else { return }
    let place = candidates.elements + unit * room
    Self.select(place, count: room, largest: kept)
    counts[unit] = kept
    floors.elements[unit] = place[kept - 1]
  }

  /// Moves the `wanted` largest of `count` values to the front, the smallest of them to the end of these (Hoare's
  /// selection, 1961).
  private static func select(_ values: UnsafeMutablePointer<Double>, count: Int, largest wanted: Int) {
    var low = 0
    var high = count - 1
    while low < high {
      let pivot = median(values[low], values[(low + high) / 2], values[high])
      var left = low
      var right = high
      while left <= right {
        while values[left] > pivot { left += 1 }
        while values[right] < pivot { right -= 1 }
        guard left <= right else { break }
        (values[left], values[right]) = (values[right], values[left])
        left += 1
        right -= 1
      }
      if wanted - 1 <= right {
        high = right
      } else if wanted - 1 >= left {
        low = left
      } else {
        return
      }
    }
  }

  private static func median(_ a: Double, _ b: Double, _ c: Double) -> Double {
    max(min(a, b), min(max(a, b), c))
  }
}

extension UnsafeMutablePointer<Double> {
  /// The magnitudes of the sixteen values from `offset` on.
  fileprivate func magnitudes(at offset: Int) -> SIMD16<Double> {
    let values = vector(at: offset)
    return Double.larger(values, -values)
  }
}
