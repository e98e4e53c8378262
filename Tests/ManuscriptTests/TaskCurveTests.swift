import Experiments
import Testing

@testable import Figures
@testable import Manuscript

/// Curves of runs through tasks: a value for each task, for each run, a dot for each task.
@Suite struct TaskCurveTests {
  private static let axis = PanelSpecification.AxisSpecification(label: "")

  /// Two tasks of two recordings each; seed 41 is 10 above seed 40, the run "b" 100 above "a".
  private static func rows(_ run: String, _ seed: UInt64) -> [MetricRow] {
    let shift = (seed == 40 ? 0.0 : 10) + (run == "a" ? 0 : 100)
    func row(_ step: Int, _ task: Int, _ metric: String, _ value: Double, layer: String = "act_1")
      -> MetricRow
    {
      MetricRow(
        step: step, task: task, layer: layer, probe: layer.isEmpty ? "" : "training", metric: metric,
        value: value + (layer.isEmpty ? 0 : shift))
    }
    return [
      row(0, 0, "rank", 50), row(5, 0, "rank", 1), row(10, 0, "rank", 3), row(15, 1, "rank", 4),
      row(20, 1, "rank", 8), row(5, 0, "dead", 20), row(10, 0, "dead", 40), row(20, 1, "dead", 60),
      row(5, 0, "accuracy", 0.5, layer: ""), row(10, 0, "accuracy", 0.7, layer: ""),
      row(20, 1, "accuracy", 0.25, layer: ""),
    ]
  }

  private func data(
    axis: PanelSpecification.AxisSpecification = axis, _ change: (inout SeriesSpecification) -> Void
  ) throws -> FigureData {
    var series = SeriesSpecification(
      id: "s", label: "s", runs: ["a"], metric: "rank", layers: "act_*", averagedOver: .task,
      style: .init(color: 0, line: "solid"))
    change(&series)
    let panel = PanelSpecification(id: "p", title: "", x: axis, y: Self.axis, series: [series])
    try panel.validate(runs: ["a", "b", "half"], tables: [], at: [])
    return try FigureData(panels: [panel], seeds: [40, 41]) { run, seed in
      Self.rows(run, seed).filter { run != "half" || $0.task == 1 }
    }
  }

  @Test func aTaskIsOnePoint() throws {
    let data = try data { _ in }
    let points = try data.points(of: "p.s", seed: 40)
    // The untrained network, then the means of what was recorded in each task.
    #expect(points.map(\.x) == [0, 1, 2] && points.map(\.y) == [50, 2, 6])
    #expect(try data.points(of: "p.s").map(\.y) == [55, 7, 11])
    #expect(data.table.columns.suffix(3) == ["n", "seed_40", "seed_41"])
    #expect(
      data.table.rows.map { $0.suffix(3) } == [
        ["2", "50.0", "60.0"], ["2", "2.0", "12.0"], ["2", "6.0", "16.0"],
      ])
    let accuracy = try self.data {
      $0.metric = "accuracy"
      $0.layers = nil
    }
    #expect(try accuracy.points(of: "p.s").map(\.y) == [0.6, 0.25])
  }

  @Test func aRunIsOneBar() throws {
    var categories = Self.axis
    categories.categories = ["none", "batch"]
    let data = try data(axis: categories) {
      $0.runs = ["a", "b"]
      $0.averagedOver = .run
      $0.style.bars = true
    }
    // Tasks weigh alike, whatever was recorded in them, and the untrained network does not count.
    let points = try data.points(of: "p.s", seed: 40)
    #expect(points.map(\.x) == [0, 1] && points.map(\.y) == [4, 104])
  }

  @Test func whatIsTakenOffLeavesTheDifferenceWhereBothAre() throws {
    let data = try data {
      $0.runs = ["b"]
      $0.minus = ["a"]
    }
    #expect(try data.points(of: "p.s", seed: 41).map(\.x) == [0, 1, 2])
    #expect(try data.points(of: "p.s", seed: 41).map(\.y) == [100, 100, 100])
    // "half" was measured in the second task alone.
    let some = try self.data { $0.minus = ["half"] }
    #expect(try some.points(of: "p.s", seed: 40).map(\.x) == [2])
    #expect(try some.points(of: "p.s", seed: 40).map(\.y) == [6 - 106])
    let steps = try self.data {
      $0.averagedOver = nil
      $0.minus = ["half"]
    }
    #expect(try steps.points(of: "p.s", seed: 40).map(\.x) == [15, 20])
    var categories = Self.axis
    categories.categories = ["none", "batch"]
    let bars = try self.data(axis: categories) {
      $0.runs = ["a", "b"]
      $0.minus = ["half", "a"]
      $0.averagedOver = .run
      $0.style.bars = true
    }
    #expect(try bars.points(of: "p.s", seed: 40).map(\.y) == [-100, 100])
  }

  @Test func aTaskIsOneDot() throws {
    let data = try data {
      $0.against = "dead"
      $0.sizedBy = "accuracy"
      $0.style.dots = true
    }
    let points = data.curves[0].points
    #expect(points.map(\.x) == [30, 60, 40, 70] && points.map(\.y) == [2, 6, 12, 16])
    #expect(points.compactMap(\.task).map(\.seed) == [40, 40, 41, 41])
    #expect(points.compactMap(\.task).map(\.progress) == [0.5, 1, 0.5, 1])
    #expect(points.compactMap(\.task?.size) == [0.6, 0.25, 0.6, 0.25])
    #expect(data.table.columns.suffix(5) == ["seed", "task", "size", "seed_40", "seed_41"])
    #expect(data.table.rows[3].suffix(5) == ["41", "2", "0.25", "", "16.0"])
    #expect(try data.points(of: "p.s", seed: 41).map(\.y) == [12, 16])
  }

  @Test func whatDoesNotFitIsRefused() {
    func key(_ change: (inout SeriesSpecification) -> Void) -> String? {
      do { _ = try data(change) } catch { return (error as? BlockProblem)?.path.last }
      return nil
    }
    #expect(key { $0.averagedOver = .run } == "averagedOver")
    #expect(key { $0.against = "dead" } == "against")
    #expect(key { $0.sizedBy = "accuracy" } == "sizedBy")
    #expect(key { $0.minus = ["a", "b"] } == "minus")
    #expect(key { $0.minus = ["c"] } == "0")
    #expect(
      key {
        $0.minus = ["b"]
        $0.against = "dead"
        $0.style.dots = true
      } == "minus")
    var categories = Self.axis
    categories.categories = ["none", "batch"]
    #expect(throws: BlockProblem.self) { try data(axis: categories) { $0.runs = ["a", "b"] } }
    #expect(throws: BlockProblem.self) { try data(axis: categories) { $0.averagedOver = .run } }
  }
}
