/// A value for each cell of an even grid, shown by colours.
public struct HeatMap: Hashable, Sendable {
  /// A cell with its middle.
  public struct Cell: Hashable, Sendable {
    public var x: Double
    public var y: Double
    /// Not drawn if it is not finite.
    public var value: Double

    public init(_ x: Double, _ y: Double, value: Double) {
      self.x = x
      self.y = y
      self.value = value
    }
  }

  public var cells: [Cell]

  public init(_ cells: [Cell]) { self.cells = cells }

  /// The least distance between middles along an axis, the side of a cell; nil if all are at one place.
  static func side(_ places: [Double]) -> Double? {
    let sorted = places.filter(\.isFinite).sorted()
    // Places that differ by rounding are one.
    let least = ((sorted.last ?? 0) - (sorted.first ?? 0)) * 1e-6
    return zip(sorted, sorted.dropFirst()).map { $1 - $0 }.filter { $0 > least }.min()
  }

  /// From the edge of the first cell to that of the last.
  static func extent(_ places: [Double]) -> [Double] {
    guard let low = places.min(), let high = places.max(), let side = side(places) else { return places }
    return [low - side / 2, high + side / 2]
  }
}
