/// Parameter space of a ``TwinNetwork`` as it is drawn: w₁ + w₂ to the right, v backwards (up and to the right),
/// w₁ − w₂ upwards. The plane of clones is seen from above, at a slant.
enum ObliqueProjection {
  /// What a unit of v adds to the right and upwards.
  private static let depth = (x: 1.1, y: 1.0)
  /// What a unit of w₁ − w₂ adds upwards.
  private static let height = 0.62

  static func place(_ point: TwinNetwork.Parameters) -> (x: Double, y: Double) {
    (
      point.first + point.second + depth.x * point.output,
      height * (point.first - point.second) + depth.y * point.output
    )
  }
}
