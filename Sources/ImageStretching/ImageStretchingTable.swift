import ContentStore
import LinearAlgebra
import NeuralNetwork
import PlanarTasks
import PreparedImages
import Specifications
import Tables
import Training

/// How the networks of a run stretch images, over its tasks, counted from 1: `curves.csv`.
///
/// `train` and `test`: accuracy at the end of every task. Before a task, on its images, and after it, where the run
/// left snapshots of its end and of the end of the one before (`K` is `before` or `after`): `within-secant-K`,
/// `between-secant-K`, the same of `field` and `directional`, the means over pairs that are alive, where any are; `ftle-5-K`, `-25-`,
/// `-50-`, `-75-`, `-95-`, quantiles over images of ℓ⁻¹ log Λ₁, left out where −∞; `dead-pairs-K` and `dead-images-K`,
/// shares of pairs of a class and of images of which nothing is left. After a task alone: `dead-units`, `rank` and, of
/// two classes, `variability` (NC1), `misalignment` (NC3), `disagreement` (NC4).
public enum ImageStretchingTable {
  /// Computes the table.
  ///
  /// - Parameters:
  ///   - file: gives the verified path of a file of the run.
  ///   - checkpoint: keeps what was computed, from which an interrupted computation goes on.
  ///   - report: told how many snapshots are done and how many there are; what it throws ends the work.
  /// - Throws: what reading a snapshot or a decomposition throws.
  public static func compute(
    _ specification: ImageStretchingSpecification, dataSet: PreparedDataSet, snapshots: [SnapshotName],
    file: (String) throws -> String, checkpoint: RowCheckpoint? = nil, report: (Int, Int) throws -> Void
  ) throws -> Table {
    let curriculum = try Curriculum(specification.tasks, dataSet: dataSet, seed: specification.seed)
    let network = try RepresentationNetwork(specification.model, dataSet: dataSet)
    var rows = checkpoint?.rows ?? []
    func add(_ curve: String, _ task: Int, _ y: Double) {
      guard y.isFinite else {
        // There is such a curve, even if it never comes to a point.
        if !rows.contains(where: { $0[0] == curve }) { rows.append([curve, "", ""]) }
        return
      }
      rows.append([curve, "\(task + 1)", "\(y)"])
    }
    if rows.isEmpty {
      for row in try HistoryRow.read(try file("history.csv")) {
        if let value = row.cleanTrainingAccuracy { add("train", row.task, value) }
        if let value = row.validationAccuracy, row.epoch > 0 { add("test", row.task, value) }
      }
    }
    for (index, name) in snapshots.enumerated().dropFirst(checkpoint?.done ?? 0) {
      try network.load(Snapshot(contentsOf: try file("snapshots/" + name.fileName)))
      func look(at lesson: Curriculum.Lesson) throws -> TaskLook {
        try TaskLook(at: lesson, of: dataSet.training, by: network, options: specification.options)
      }
      if let next = curriculum.lessons.first(where: { $0.epochs.lowerBound == name.epoch }) {
        for (curve, value) in try look(at: next).values(suffix: "before") { add(curve, next.task, value) }
      }
      if let last = curriculum.lessons.first(where: { $0.epochs.upperBound == name.epoch }) {
        let look = try look(at: last)
        for (curve, value) in look.values(suffix: "after") + look.ends { add(curve, last.task, value) }
      }
      try checkpoint?.keep(done: index + 1, rows: rows)
      do { try report(index + 1, snapshots.count) } catch {
        try checkpoint?.write()
        throw error
      }
    }
    return Table(columns: ["curve", "x", "y"], rows: rows)
  }
}

extension TaskLook {
  /// What is told before a task and after it.
  fileprivate func values(suffix: String) -> [(curve: String, value: Double)] {
    let readings = [("secant", secant), ("field", field), ("directional", directional)]
    return readings.flatMap { name, reading in
      [
        ("within-\(name)-\(suffix)", reading.means.within),
        ("between-\(name)-\(suffix)", reading.means.between),
      ]
    } + [5, 25, 50, 75, 95].map { ("ftle-\($0)-\(suffix)", exponent(below: Double($0) / 100)) } + [
      ("dead-pairs-\(suffix)", secant.dead.within), ("dead-images-\(suffix)", deadImages),
    ]
  }

  /// What is told after it alone.
  fileprivate var ends: [(curve: String, value: Double)] {
    var values = [("dead-units", spread.deadUnits), ("rank", spread.effectiveRank)]
    if let collapse {
      values += [
        ("variability", collapse.variability), ("misalignment", collapse.misalignment),
        ("disagreement", collapse.disagreement),
      ]
    }
    return values
  }
}
