import Tables

/// Computes the tables of planar tasks.
enum PlanarTable {
  /// The table of a run, with the columns `curve`, `x` and `y`.
  ///
  /// Over tasks, counted from 1, or over the epochs of a single one: `train` and `test` accuracy; for each way to read an exponent (`secant`, `field`,
  /// `directional`) `within-secant-before`, `within-secant-after`, the same `between`, `log-beta-secant` and
  /// `log-alpha-secant`, what a task changes of them, and `sum-log-beta-secant` and `sum-log-alpha-secant`, their sums so
  /// far; `dead-points`, the share of places where nothing is stretched; `dead-units`, `variability` (NC1), `spread`
  /// (tr Σ_W / tr Σ_B), of more than two classes `equinorm`, `equiangularity` and `simplex-angles` (NC2), `misalignment`
  /// (NC3), `disagreement` (NC4), `rank`, `norm`. Means of exponents are over pairs of which something is left, `dead-within` and `dead-between`
  /// the share of the others before a task, by secants; rates are over pairs that are alive before and after. Over
  /// the width of the representation, one point each: `late-train`, `late-test`, `late-within`, `late-between` and
  /// `late-dead`, means over the last quarter of the tasks, if anything lives there, the exponents and the share of
  /// dead pairs of a class those of secants before a task.
  ///
  /// - Parameter report: told how many tasks are done; what it throws ends the computation.
  static func compute(_ specification: PlanarSpecification, report: (Int) throws -> Void) throws -> Table {
    let course = try PlanarCourse(specification)
    var readings: [PlanarCourse.Reading] = []
    for number in 0..<specification.tasks {
      try course.learn(number) { readings.append($0) }
      try report(number + 1)
    }
    var rows: [[String]] = []
    func add(_ curve: String, _ values: [Double]) {
      for (reading, value) in zip(readings, values) where value.isFinite {
        rows.append([curve, "\(reading.number)", "\(value)"])
      }
    }
    add("train", readings.map(\.trainingAccuracy))
    add("test", readings.map(\.testAccuracy))
    let kinds: [(String, KeyPath<PairExponents, PairExponents.Reading>)] = [
      ("secant", \.secant), ("field", \.field), ("directional", \.directional),
    ]
    for (name, kind) in kinds {
      for (pair, side) in [("within", \PairExponents.Means.within), ("between", \.between)] {
        let before = readings.map { $0.before[keyPath: kind].means[keyPath: side] }
        let after = readings.map { $0.after[keyPath: kind].means[keyPath: side] }
        let rates = readings.map {
          $0.after[keyPath: kind].rates(since: $0.before[keyPath: kind])[keyPath: side]
        }
        let rate = pair == "within" ? "log-beta" : "log-alpha"
        add("\(pair)-\(name)-before", before)
        add("\(pair)-\(name)-after", after)
        add("\(rate)-\(name)", rates)
        var sum = 0.0
        add(
          "sum-\(rate)-\(name)",
          rates.map {
            // A task in which no pair lives has no rate.
            if $0.isFinite { sum += $0 }
            return sum
          })
      }
    }
    for (pair, side) in [("within", \PairExponents.Means.within), ("between", \.between)] {
      add("dead-\(pair)", readings.map { $0.before.secant.dead[keyPath: side] })
    }
    add("dead-points", readings.map(\.before.dead))
    add("dead-units", readings.map(\.deadUnits))
    add("variability", readings.map(\.collapse.variability))
    add("spread", readings.map(\.collapse.spread))
    // Of two classes NC2 says nothing.
    if specification.classesOrDefault > 2 {
      add("equinorm", readings.map(\.collapse.equinorm))
      add("equiangularity", readings.map(\.collapse.equiangularity))
      add("simplex-angles", readings.map(\.collapse.simplexAngles))
    }
    add("misalignment", readings.map(\.collapse.misalignment))
    add("disagreement", readings.map(\.collapse.disagreement))
    add("rank", readings.map(\.effectiveRank))
    add("norm", readings.map(\.weightNorm))
    let last = readings.suffix((readings.count + 3) / 4)
    for (name, value) in [
      ("late-train", \PlanarCourse.Reading.trainingAccuracy), ("late-test", \.testAccuracy),
      ("late-within", \.before.secant.means.within), ("late-between", \.before.secant.means.between),
      ("late-dead", \.before.secant.dead.within),
    ] {
      let values = last.map { $0[keyPath: value] }.filter(\.isFinite)
      guard !values.isEmpty else { continue }
      let mean = values.reduce(0, +) / Double(values.count)
      rows.append([name, "\(specification.representation)", "\(mean)"])
    }
    return Table(columns: ["curve", "x", "y"], rows: rows)
  }
}
