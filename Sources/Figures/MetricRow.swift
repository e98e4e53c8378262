import Tables

/// A row of `metrics.csv`: one number that `measure` found.
public struct MetricRow: Hashable, Sendable {
  /// Optimiser steps since the network was new.
  public let step: Int
  /// The task that was trained last, counted from 0; 0 where there are none.
  public var task = 0
  /// The layer's name; empty for quantities of the whole network.
  public let layer: String
  /// `training` or `validation` images; empty where it does not apply.
  public let probe: String
  public let metric: String
  public let value: Double

  /// More than any run has.
  private static let mostTasks = 1_000_000_000

  /// The name of the file in a store entry.
  public static let fileName = "metrics.csv"

  /// The rows of a table that `measure` wrote, and the last step that it has a row of.
  ///
  /// - Parameter metrics: the metrics to keep; the rest of a large table is passed over.
  public static func read(_ path: String, metrics: Set<String>) throws -> (rows: [MetricRow], end: Int?) {
    let table = try CSVReader.read(path)
    let column = try table.index(of: "metric")
    let end = try table.integers("step").max()
    let selected = table.filter { metrics.contains($0[column]) }
    let names = try selected.column("metric")
    let steps = try selected.integers("step")
    let tasks = try selected.integers("task")
    for (row, task) in tasks.enumerated() where !(0...Self.mostTasks).contains(task) {
      throw TableError.notNumber(path: path, place: "step \(steps[row])", column: "task", text: "\(task)")
    }
    let layers = try selected.column("layer")
    let probes = try selected.column("probe")
    let values = try selected.numbers("value")
    let rows = names.indices.map {
      MetricRow(
        step: steps[$0], task: tasks[$0], layer: layers[$0], probe: probes[$0], metric: names[$0],
        value: values[$0])
    }
    return (rows, end)
  }
}
