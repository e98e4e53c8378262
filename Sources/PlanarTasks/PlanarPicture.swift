import LinearAlgebra
import Tables

/// What a network makes of the plane after a task: the field of stretchings over the inputs, the border between the
/// classes, and the representation of the task's points.
package struct PlanarPicture {
  /// A place with what its colour shows.
  package struct Spot {
    var x: Double
    var y: Double
    /// log Λ₁; nil for places that are no stretchings.
    var stretching: Double?
  }

  /// Places on a side of the grid.
  static let side = 56
  /// The grid goes as far from the middle in each direction, in standard deviations of the inputs.
  static let reach = 2.6
  /// Points of each class that are shown.
  static let shown = 200

  /// log Λ₁ on the grid, row by row.
  package let field: [Spot]
  /// Where both classes are as likely, between neighbours of the grid.
  package let border: [Spot]
  /// For each class, the places of training points.
  let points: [[Spot]]
  /// For each class, test points in the plane of the representation that holds the line between the classes' means, which
  /// is drawn along x, and the direction of the largest spread across it; with log Λ₁ at the point.
  let representation: [[Spot]]

  /// - Parameter outputs: the network's, for the points that ``Stretching/represent(_:)`` was asked about last.
  init(of task: PlanarTask, by stretching: Stretching, outputs: () -> Matrix<Float>) {
    (field, border) = Self.plane(reach: Self.reach, by: stretching) { row in
      let outputs = outputs()
      return Double(outputs[row, 1]) - Double(outputs[row, 0])
    }
    let classes = Int32(0)..<Int32(PlanarTask.usualClasses)
    points = classes.map { label in
      task.training.labels.indices.filter { task.training.labels[$0] == label }.prefix(Self.shown).map {
        let place = task.training.coordinates[$0]
        return Spot(x: Double(place.x), y: Double(place.y))
      }
    }
    let chosen = classes.map { label in
      Array(task.test.labels.indices.filter { task.test.labels[$0] == label }.prefix(Self.shown))
    }
    let places = chosen.joined().map { task.test.coordinates[$0] }
    let stretchings = stretching.field(at: places).largest
    let rows = stretching.represent(places)
    let features = (0..<rows.rows).map { row in (0..<rows.columns).map { Double(rows[row, $0]) } }
    let plane = FeaturePlane(features, firstClass: chosen[0].count)
    var next = 0
    representation = chosen.map { group in
      group.map { _ in
        defer { next += 1 }
        let (x, y) = plane.place(of: features[next])
        return Spot(x: x, y: y, stretching: stretchings[next])
      }
    }
  }

  /// The field of stretchings on an even grid, and the border where `margin` changes its sign.
  ///
  /// - Parameters:
  ///   - reach: from the middle to the edge of the grid.
  ///   - margin: of a row of the network's last pass: how much more likely the second class is.
  package static func plane(
    reach: Double, by stretching: Stretching, margin: (Int) -> Double
  ) -> (field: [Spot], border: [Spot]) {
    let ticks = (0..<side).map { reach * (2 * (Double($0) + 0.5) / Double(side) - 1) }
    var field: [Spot] = []
    var margins: [[Double]] = []
    for y in ticks {
      let line = ticks.map { SIMD2(Float($0), Float(y)) }
      let stretchings = stretching.field(at: line).largest
      field += zip(ticks, stretchings).map { Spot(x: $0, y: y, stretching: $1) }
      margins.append((0..<side).map(margin))
    }
    var border: [Spot] = []
    for row in 0..<side {
      for column in 0..<side {
        for (down, right) in [(0, 1), (1, 0)] where row + down < side && column + right < side {
          let (one, other) = (margins[row][column], margins[row + down][column + right])
          guard (one > 0) != (other > 0) else { continue }
          let share = one / (one - other)
          border.append(
            Spot(
              x: ticks[column] + share * (ticks[column + right] - ticks[column]),
              y: ticks[row] + share * (ticks[row + down] - ticks[row])))
        }
      }
    }
    return (field, border)
  }

  /// The table of pictures, with the columns `curve`, `x`, `y` and `z`: for the n-th picture `field-n`, `border-n`,
  /// `points-n-k` and `representation-n-k` of class k, from 1.
  static func table(_ specification: PlanarSpecification, report: (Int) throws -> Void) throws -> Table {
    let course = try PlanarCourse(specification)
    var rows: [[String]] = []
    let wanted = specification.pictures ?? []
    for number in 0..<(wanted.last ?? 0) {
      try course.learn(number) { _ in }
      if let place = wanted.firstIndex(of: number + 1) {
        rows += course.picture(of: number).rows(number: place + 1)
      }
      try report(number + 1)
    }
    return Table(columns: ["curve", "x", "y", "z"], rows: rows)
  }

  private func rows(number: Int) -> [[String]] {
    var rows = Self.rows("field-\(number)", field) + Self.rows("border-\(number)", border)
    for (place, spots) in points.enumerated() { rows += Self.rows("points-\(number)-\(place + 1)", spots) }
    for (place, spots) in representation.enumerated() {
      rows += Self.rows("representation-\(number)-\(place + 1)", spots)
    }
    return rows
  }

  /// Rows of a table with a third number; −∞, which nothing can be told of, is kept. Places are drawn, and single
  /// precision is finer than any drawing. A curve without places, such as the border of a network that knows one class
  /// alone, is a row of its name.
  package static func rows(_ curve: String, _ spots: [Spot]) -> [[String]] {
    guard !spots.isEmpty else { return [[curve, "", "", ""]] }
    return spots.map {
      [curve, "\(Float($0.x))", "\(Float($0.y))", $0.stretching.map { "\(Float($0))" } ?? ""]
    }
  }
}
