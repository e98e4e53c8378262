import Foundation
import Testing

/// Promise: a figure of runs through tasks comes out of make; snapshots go after measuring unless they are kept, and
/// what needs them again makes them again.
@Suite struct ContinualTests {
  private static func chapter(deadShare: String = "0.95") -> String {
    """
    # A chapter

    ```family tasks
    {
      data: { set: "cifar-10", downsample: 2, padding: 2, flip: true, colorJitter: 0.1 },
      model: { architecture: "mlp", hiddenSizes: [16, 16], normalization: "none", dropout: 0 },
      optimizer: { kind: "adam", learningRate: 0.01 },
      batchSize: 8,
      tasks: { count: 3, classes: 3, epochs: 4, imagesPerClass: 8 },
      snapshotEvery: 2,
      measure: { probeImages: 20, deadShare: \(deadShare) },
      runs: [
        { name: "none" },
        { name: "layer", model: { normalization: "layer", affine: false } },
        { name: "anew", tasks: { start: "reinitialized", trained: [1, 3] } },
      ],
    }
    ```

    ```artifact fig-t.1
    {
      experiment: "image-classification", title: "t", seeds: 2, families: { m: "tasks" }, columns: 3,
      panels: [
        { id: "accuracy", title: "accuracy", x: { label: "Task" }, y: { label: "Online accuracy" },
          series: [{ id: "none", label: "none", runs: ["m-none"], metric: "trainingAccuracy", averagedOver: "task",
            style: { color: 0, line: "solid" } }] },
        { id: "bars", title: "dead", x: { label: "", categories: ["none", "layer"] }, y: { label: "Dead" },
          series: [{ id: "plain", label: "plain", runs: ["m-none", "m-layer"], metric: "deadFraction",
            layers: "act_*", averagedOver: "run", style: { color: 1, line: "solid", bars: true } }] },
        { id: "dots", title: "dots", x: { label: "Dead" }, y: { label: "Duplicate" },
          series: [{ id: "none", label: "none", runs: ["m-none"], metric: "duplicateFraction", layers: "act_*",
            against: "deadFraction", sizedBy: "trainingAccuracy", averagedOver: "task",
            style: { color: 2, line: "solid", dots: true } }] },
        { id: "gap", title: "gap", x: { label: "Task" }, y: { label: "Gap" },
          series: [{ id: "none", label: "none", runs: "m-none", minus: "m-anew", metric: "trainingAccuracy",
            averagedOver: "task", style: { color: 0, line: "solid" } }] },
      ],
      claims: [],
    }
    ```
    """
  }

  private func snapshots(_ bench: Workbench) -> [Int] {
    bench.entries("train").map { entry in
      (try? FileManager.default.contentsOfDirectory(atPath: entry + "/snapshots").count) ?? 0
    }
  }

  @Test func aFigureOfTasksComesOutOfMake() throws {
    let bench = try Workbench(chapter: Self.chapter())
    let first = try bench.make("fig-t.1")
    #expect(first.code == 0, "\(first.text)")
    let table = String(decoding: try #require(bench.contents(bench.figures + "/fig-t.1.csv")), as: UTF8.self)
    let lines = table.split(separator: "\n")
    #expect(lines.filter { $0.hasPrefix("accuracy,none,") }.count == 3)
    #expect(lines.filter { $0.hasPrefix("bars,plain,") }.count == 2)
    #expect(lines.filter { $0.hasPrefix("dots,none,") }.count == 6)
    // New networks learn the first and the third task, the first of them as the network that goes on does.
    let gap = lines.filter { $0.hasPrefix("gap,none,") }
    #expect(
      gap.count == 2 && gap[0].hasPrefix("gap,none,1.0,0.0,0.0,0.0,2") && gap[1].hasPrefix("gap,none,3.0,"))
    #expect(snapshots(bench) == [1, 1, 1, 1, 1, 1], "the last of each run")
    // Nothing is missed until somebody looks at the runs anew.
    #expect(try bench.planned("fig-t.1") == [])
    let verified = try bench.make("verify")
    #expect(verified.code == 0, "\(verified.text)")

    try bench.write(Self.chapter(deadShare: "0.5"), to: bench.chapter)
    let status = try bench.make("status")
    #expect(status.text.contains("0/6"), "\(status.text)")
    let second = try bench.make("fig-t.1")
    #expect(second.code == 0, "\(second.text)")
    #expect(second.text.contains("KEEP_SNAPSHOTS=1"))
    // The same runs, bit for bit: what does not depend on the threshold is as it was.
    let again = String(decoding: try #require(bench.contents(bench.figures + "/fig-t.1.csv")), as: UTF8.self)
    #expect(
      again.split(separator: "\n").filter { $0.hasPrefix("accuracy,") }
        == lines.filter { $0.hasPrefix("accuracy,") })
  }

  @Test func snapshotsCanBeKept() throws {
    let bench = try Workbench(chapter: Self.chapter())
    let first = try bench.make("fig-t.1", "KEEP_SNAPSHOTS=1")
    #expect(first.code == 0, "\(first.text)")
    // The untrained network and two in each of three tasks, or of two.
    #expect(snapshots(bench).sorted() == [5, 5, 7, 7, 7, 7])
    try bench.write(Self.chapter(deadShare: "0.5"), to: bench.chapter)
    #expect(
      try bench.planned("fig-t.1", "KEEP_SNAPSHOTS=1") == Array(repeating: "measure", count: 6) + [
        "judge", "plot",
      ])
    let pruned = try bench.make("prune")
    #expect(pruned.code == 0, "\(pruned.text)")
    // Nothing has been measured with the new threshold yet.
    #expect(snapshots(bench).sorted() == [5, 5, 7, 7, 7, 7])
    let second = try bench.make("fig-t.1")
    #expect(second.code == 0, "\(second.text)")
    #expect(!second.text.contains("KEEP_SNAPSHOTS=1"), "nothing had to be made again")
    #expect(snapshots(bench) == [1, 1, 1, 1, 1, 1])
  }
}
