/// The plane of a feature space in which two classes are looked at: along the line between their means, and across it in
/// the direction of the largest spread.
struct FeaturePlane {
  private let middle: [Double]
  private let along: [Double]
  private let across: [Double]

  /// - Parameters:
  ///   - features: of the first class, then of the second.
  ///   - firstClass: how many are of the first.
  init(_ features: [[Double]], firstClass: Int) {
    let size = features.first?.count ?? 0
    func mean(_ rows: some Collection<[Double]>) -> [Double] {
      (0..<size).map { unit in rows.reduce(0) { $0 + $1[unit] } / Double(max(rows.count, 1)) }
    }
    let (first, second) = (mean(features.prefix(firstClass)), mean(features.dropFirst(firstClass)))
    let middle = zip(first, second).map { ($0 + $1) / 2 }
    // Equal means leave the choice free.
    let along =
      Self.unit(zip(second, first).map { $0 - $1 }) ?? (0..<size).map { $0 == 0 ? 1 : 0 }
    let rest = features.map { Self.rest(of: zip($0, middle).map { $0 - $1 }, beside: along) }
    self.middle = middle
    self.along = along
    across = Self.largestSpread(of: rest, beside: along)
  }

  func place(of feature: [Double]) -> (x: Double, y: Double) {
    let offset = zip(feature, middle).map { $0 - $1 }
    return (Self.product(offset, along), Self.product(offset, across))
  }

  /// By power iteration; without any spread, or in one dimension, zero.
  private static func largestSpread(of rows: [[Double]], beside along: [Double]) -> [Double] {
    // Begins with the row that is farthest out, so that the direction is never orthogonal to all rows.
    let farthest = rows.max { product($0, $0) < product($1, $1) } ?? along.map { _ in 0 }
    guard var direction = unit(farthest) else { return along.map { _ in 0 } }
    for _ in 0..<100 {
      var sum = direction.map { _ in 0.0 }
      for row in rows {
        let share = product(row, direction)
        for unit in sum.indices { sum[unit] += share * row[unit] }
      }
      guard let next = unit(rest(of: sum, beside: along)) else { break }
      direction = next
    }
    return direction
  }

  private static func rest(of vector: [Double], beside along: [Double]) -> [Double] {
    let share = product(vector, along)
    return zip(vector, along).map { $0 - share * $1 }
  }

  private static func product(_ one: [Double], _ other: [Double]) -> Double {
    zip(one, other).reduce(0) { $0 + $1.0 * $1.1 }
  }

  private static func unit(_ vector: [Double]) -> [Double]? {
    let length = product(vector, vector).squareRoot()
    return length > 1e-12 ? vector.map { $0 / length } : nil
  }
}
