import Foundation
import LinearAlgebra
import PlanarTasks
import Tables

/// Computes the tables of the circle.
enum CircleTable {
  /// Distances from the centre at which the ridge is measured, in radii of the circle.
  private static let distances = (1...50).map { Double($0) / 40 }
  /// Directions from the centre.
  private static let directions = 96

  /// The columns `curve`, `x` and `y`: over distance from the centre, in radii, `ridge`, the mean of log Λ₁ around the
  /// circle, and `ridge-untrained`, the same of the network as it was made; over epochs `accuracy` on the points that it
  /// did not learn from. For a picture `field` and `border`, with a fourth column `z`, as of `PlanarPicture`.
  ///
  /// - Parameter report: told how many epochs are done; what it throws ends the computation.
  static func compute(_ specification: CircleSpecification, report: (Int) throws -> Void) throws -> Table {
    let course = CircleCourse(specification)
    var rows = ridge("ridge-untrained", of: course)
    for epoch in 0..<specification.epochs {
      course.train(epoch: epoch)
      rows.append(["accuracy", "\(epoch + 1)", "\(course.testAccuracy)"])
      try report(epoch + 1)
    }
    guard specification.picture == true else {
      return Table(columns: ["curve", "x", "y"], rows: rows + ridge("ridge", of: course))
    }
    let (field, border) = PlanarPicture.plane(reach: 1, by: course.stretching) { row in
      -Double(course.outputs[row, 0])
    }
    return Table(
      columns: ["curve", "x", "y", "z"],
      rows: PlanarPicture.rows("field", field) + PlanarPicture.rows("border", border))
  }

  private static func ridge(_ curve: String, of course: CircleCourse) -> [[String]] {
    distances.map { distance in
      let radius = distance * CircleCourse.radius
      let places = (0..<directions).map { number -> SIMD2<Float> in
        let angle = 2 * Double.pi * Double(number) / Double(directions)
        return SIMD2(Float(radius * cos(angle)), Float(radius * sin(angle)))
      }
      let stretchings = course.stretching.field(at: places).largest
      return [curve, "\(distance)", "\(stretchings.reduce(0, +) / Double(directions))"]
    }
  }
}
