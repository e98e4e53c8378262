extension TheoryTable {
  /// Gradient flow of a ``TwinNetwork`` on and near the plane w₁ = w₂, drawn by ``ObliqueProjection``.
  ///
  /// Drawn: `plane-*`, the grid of the plane; `arrow-*`, directions of −∇L at its points, all of one length;
  /// `axis-*`, arrows along the three coordinates; `stay-N`, the flow from the N-th start, and `stay-ends`;
  /// `leave`, the flow from a point off the plane by the perturbation, and `leave-end`.
  ///
  /// For claims: `tangency`, |component of ∇L normal to the plane| at each point of the grid; over time,
  /// `stay-distance` and `leave-distance`, |w₁ − w₂|, and `stay-loss` and `leave-loss`.
  static func addConfinement(_ specification: TheorySpecification, to rows: inout CurveRows) {
    guard let inputs = specification.inputs, let slopes = specification.slopes,
      let starts = specification.starts, let leaver = specification.leaver,
      let perturbation = specification.perturbation, let duration = specification.duration,
      let count = specification.points
    else { return }
    let network = TwinNetwork(inputs: inputs, slopes: slopes)
    let grid = PlaneGrid(starts: starts + [leaver], count: count)
    addPlane(grid, of: network, to: &rows)
    for (index, start) in starts.enumerated() {
      let path = path(of: network, from: onPlane(start), duration: duration)
      add(path, named: "stay-\(index + 1)", to: &rows)
      if let end = path.last { rows.add("stay-ends", end.point) }
      addRecord(of: path, in: network, named: "stay", to: &rows)
    }
    var start = onPlane(leaver)
    start.first += perturbation / 2
    start.second -= perturbation / 2
    let path = path(of: network, from: start, duration: duration)
    add(path, named: "leave", to: &rows)
    if let end = path.last { rows.add("leave-end", end.point) }
    addRecord(of: path, in: network, named: "leave", to: &rows)
  }

  private static func onPlane(_ start: [Double]) -> TwinNetwork.Parameters {
    TwinNetwork.Parameters(first: start[0], second: start[0], output: start[1])
  }

  // MARK: Trajectories

  private typealias Moment = (time: Double, point: TwinNetwork.Parameters)

  /// The time of a Runge–Kutta step: well below 2.8 over the greatest curvature of the loss near the starts.
  private static let timeStep = 0.05

  /// The flow's points, closer together while it is fast: one whenever it has moved by a hundredth, and the last.
  private static func path(
    of network: TwinNetwork, from start: TwinNetwork.Parameters, duration: Double
  ) -> [Moment] {
    var path: [Moment] = [(0, start)]
    var point = start
    var last = start
    let count = Int((duration / timeStep).rounded(.up))
    for step in 1...count {
      point = network.flow(from: point, time: timeStep)
      let way = point + (-1) * last
      let distance = max(abs(way.first), abs(way.second), abs(way.output))
      if distance >= 0.01 || step == count {
        path.append((Double(step) * timeStep, point))
        last = point
      }
    }
    return path
  }

  private static func add(_ path: [Moment], named name: String, to rows: inout CurveRows) {
    for moment in path { rows.add(name, moment.point) }
  }

  private static func addRecord(
    of path: [Moment], in network: TwinNetwork, named name: String, to rows: inout CurveRows
  ) {
    for (time, point) in path {
      rows.add(name + "-distance", time, point.separation)
      rows.add(name + "-loss", time, network.loss(point))
    }
  }

  // MARK: The plane

  private static func addPlane(
    _ grid: PlaneGrid, of network: TwinNetwork, to rows: inout CurveRows
  ) {
    for (index, line) in grid.lines.enumerated() {
      for point in line { rows.add("plane-\(index)", point) }
    }
    for (index, point) in grid.middles.enumerated() {
      let gradient = network.gradient(point)
      rows.add("tangency", Double(index), abs(gradient.normalComponent))
      rows.addArrow("arrow-\(index)", from: point, along: (-1) * gradient, length: grid.arrowLength)
    }
    for (index, axis) in grid.axes.enumerated() {
      rows.addArrow("axis-\(index)", from: grid.origin, along: axis, length: grid.axisLength)
    }
  }
}

extension CurveRows {
  mutating func add(_ curve: String, _ point: TwinNetwork.Parameters) {
    let place = ObliqueProjection.place(point)
    add(curve, place.x, place.y)
  }

  /// A shaft and a head in one stroke, `length` units of the drawing long.
  mutating func addArrow(
    _ curve: String, from point: TwinNetwork.Parameters, along direction: TwinNetwork.Parameters,
    length: Double
  ) {
    let tail = ObliqueProjection.place(point)
    let end = ObliqueProjection.place(point + direction)
    let (dx, dy) = (end.x - tail.x, end.y - tail.y)
    let norm = (dx * dx + dy * dy).squareRoot()
    guard norm > 0 else { return }
    let (ux, uy) = (dx / norm, dy / norm)
    let tip = (x: tail.x + length * ux, y: tail.y + length * uy)
    // Barbs as long on short arrows as on long ones, 25 degrees from the shaft.
    let (along, across) = (0.1, 0.047)
    add(curve, tail.x, tail.y)
    for side in [1.0, -1.0] {
      add(curve, tip.x, tip.y)
      add(
        curve, tip.x - along * ux - side * across * uy, tip.y - along * uy + side * across * ux)
    }
    add(curve, tip.x, tip.y)
  }
}
