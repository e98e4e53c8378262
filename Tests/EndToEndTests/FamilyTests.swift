import Foundation
import Testing

/// Promise: artifacts share the runs of a family, on images that are made smaller, with remedies at work.
@Suite struct FamilyTests {
  private static let chapter = """
    # A chapter

    ```family small
    {
      data: { set: "cifar-10", downsample: 2, padding: 2, flip: true },
      model: { architecture: "cnn", channels: [4, 4], hiddenSizes: [8], normalization: "batch", dropout: 0 },
      optimizer: { kind: "sgd", learningRate: 0.01 },
      batchSize: 16, epochs: 2, snapshotEvery: 1, measure: { probeImages: 40 },
      runs: [
        { name: "training", epochs: 1 },
        { name: "clone", from: "training", clone: 2 },
        { name: "replaced", from: "training", clone: 2,
          optimizer: { continualBackpropagation: { replacementRate: 0.1, maturity: 1, decay: 0.9 } } },
        { name: "perturbed", from: "training", clone: 2,
          optimizer: { shrinkAndPerturb: { shrink: 0.999, standardDeviation: 0.001 } } },
        { name: "anchored", from: "training", clone: 2, optimizer: { l2ToInitial: { strength: 0.1 } } },
      ],
    }
    ```

    \(artifact("fig-t.1", prefix: "a", runs: ["clone", "replaced"]))

    \(artifact("fig-t.2", prefix: "b", runs: ["clone", "perturbed", "anchored"]))
    """

  private static func artifact(_ id: String, prefix: String, runs: [String]) -> String {
    let series = runs.map { run in
      """
      { id: "\(run)", label: "\(run)", runs: ["\(prefix)-\(run)"], metric: "cloningR2", layers: "act_*",
              style: { color: 0, line: "solid" } }
      """
    }
    return """
      ```artifact \(id)
      {
        experiment: "image-classification", title: "t", seeds: 1, families: { \(prefix): "small" },
        panels: [{ id: "r2", title: "R²", x: { label: "Step" }, y: { label: "R²" },
          series: [\(series.joined(separator: ", "))] }],
        claims: [],
      }
      ```
      """
  }

  /// The values of a curve, in order.
  private func curve(_ series: String, of figure: String, on bench: Workbench) throws -> [Double] {
    let table = String(
      decoding: try #require(bench.contents(bench.figures + "/\(figure).csv")), as: UTF8.self)
    return table.split(separator: "\n").filter { $0.hasPrefix("r2,\(series),") }
      .compactMap { Double($0.split(separator: ",")[3]) }
  }

  @Test func runsAreMadeOnceAndOnlyThoseThatAreDrawn() throws {
    let bench = try Workbench(chapter: Self.chapter)
    let first = try bench.make("fig-t.1")
    #expect(first.code == 0, "\(first.text)")
    #expect(bench.entries("train").count == 3, "training, clone, replaced")
    // The clone and what it starts from are there.
    #expect(try bench.planned("fig-t.2").filter { $0 == "train" }.count == 2)
    let second = try bench.make("fig-t.2")
    #expect(second.code == 0, "\(second.text)")
    #expect(bench.entries("train").count == 5)
    let record = String(
      decoding: try #require(bench.contents(bench.figures + "/fig-t.2.json")), as: UTF8.self)
    #expect(record.contains("at 16×16 pixels"))
    // What treats copies alike leaves them alike; what does not, does not.
    #expect(try curve("clone", of: "fig-t.1", on: bench) == [1, 1, 1])
    #expect(try curve("clone", of: "fig-t.2", on: bench) == [1, 1, 1])
    #expect(try curve("anchored", of: "fig-t.2", on: bench) == [1, 1, 1])
    #expect(try #require(try curve("replaced", of: "fig-t.1", on: bench).last) < 0.999)
    #expect(try #require(try curve("perturbed", of: "fig-t.2", on: bench).last) < 0.99999)
  }
}
