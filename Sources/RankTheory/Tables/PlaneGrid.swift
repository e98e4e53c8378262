/// The part of the plane of clones that is drawn: around all starts.
struct PlaneGrid {
  /// Values of w₁ = w₂ and of v at which grid lines run.
  private let weights: [Double]
  private let outputs: [Double]

  /// - Parameters:
  ///   - starts: pairs (w, v).
  ///   - count: grid lines in either direction, at least 2.
  init(starts: [[Double]], count: Int) {
    func values(_ coordinate: Int) -> [Double] {
      let given = starts.map { $0[coordinate] }
      guard let least = given.min(), let greatest = given.max() else { return [] }
      let room = max(greatest - least, 0.1) * 0.12
      return (0..<count).map { step in
        least - room + (greatest - least + 2 * room) * Double(step) / Double(count - 1)
      }
    }
    weights = values(0)
    outputs = values(1)
  }

  private func point(_ weight: Double, _ output: Double) -> TwinNetwork.Parameters {
    TwinNetwork.Parameters(first: weight, second: weight, output: output)
  }

  /// The grid lines, each by its two ends.
  var lines: [[TwinNetwork.Parameters]] {
    guard let left = weights.first, let right = weights.last, let front = outputs.first,
      let back = outputs.last
    else { return [] }
    return weights.map { [point($0, front), point($0, back)] }
      + outputs.map { [point(left, $0), point(right, $0)] }
  }

  /// The middles of the grid's cells.
  var middles: [TwinNetwork.Parameters] {
    func between(_ values: [Double]) -> [Double] { zip(values, values.dropFirst()).map { ($0 + $1) / 2 } }
    return between(weights).flatMap { weight in between(outputs).map { point(weight, $0) } }
  }

  /// Half the drawn width of a cell.
  var arrowLength: Double { weights.count > 1 ? weights[1] - weights[0] : 0 }

  /// The front left corner, where the coordinates' arrows begin.
  var origin: TwinNetwork.Parameters { point(weights.first ?? 0, outputs.first ?? 0) }

  /// The directions of w₁ + w₂, v and w₁ − w₂.
  let axes = [
    TwinNetwork.Parameters(first: 1, second: 1, output: 0),
    TwinNetwork.Parameters(first: 0, second: 0, output: 1),
    TwinNetwork.Parameters(first: 1, second: -1, output: 0),
  ]

  /// The drawn length of the coordinates' arrows.
  var axisLength: Double { 2 * arrowLength }
}
