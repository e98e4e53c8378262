import Tables

extension BitFlippingRun {
  /// All curves so far, see ``BitFlippingTable``.
  var table: Table {
    var rows: [[String]] = []
    func add(_ curve: String, _ points: some Sequence<(x: Int, y: Double)>) {
      for point in points { rows.append([curve, "\(point.x)", "\(point.y)"]) }
    }
    let start = specification.replacementStart ?? 0
    for name in curves.names {
      let points = curves.points[name] ?? []
      add(name, points)
      // Windows are equally long, so the mean of their means is the mean.
      let end = points.filter { $0.x > specification.stream.examples - specification.readings.last }
      add("last-\(name)", [(specification.stream.examples, end.map(\.y).reduce(0, +) / Double(end.count))])
      if start > 0 {
        add("before-\(name)", points.filter { $0.x <= start })
        add("after-\(name)", points.filter { $0.x > start })
      }
    }
    return Table(columns: ["curve", "x", "y"], rows: rows)
  }
}
