import Foundation
import Testing

/// Promise: a figure of the drifting target needs no data, and its numbers do not depend on how many stages run
/// at once.
@Suite struct BitFlippingTests {
  private static let chapter = """
    # A chapter

    ```artifact fig-t.2
    {
      experiment: "bit-flipping",
      title: "A tiny stream",
      seeds: { quick: 2, standard: 3, paper: 3 },
      stream: {
        bits: 20, flippingBits: 15, period: 1000, targetUnits: 100, beta: 0.7, target: "released",
        examples: 20000,
      },
      activation: "ReLU",
      widths: [5, 20],
      readings: { every: 200, activationsEvery: 1000, window: 2000, last: 4000, samples: 64 },
      methods: {
        sgd: { learningRate: 0.01 },
        cbp: {
          learningRate: 0.01,
          continualBackpropagation: {
            variant: "published", replacementRate: 1e-3, maturity: 100, decay: 0.99, from: 0.5,
          },
        },
        dropout: { learningRate: 0.01, dropout: 0.2, widths: [5] },
      },
      panels: [
        { id: "loss", title: "Loss", x: { label: "Examples (thousands)", per: 1000 }, y: { label: "Loss" },
          right: { label: "Effective rank" },
          series: [
            { id: "sgd", label: "SGD", tables: ["sgd-5"], curve: "loss", style: { color: 0, line: "solid" } },
            { id: "rank", label: "rank", tables: ["cbp-5"], curve: "effectiveRank", onRight: true,
              style: { color: 1, line: "dashed", errorBars: true } },
          ] },
        { id: "end", title: "End", x: { label: "Width", categories: ["5", "20"] }, y: { label: "Loss" },
          series: [
            { id: "sgd", label: "SGD", tables: ["sgd-5", "sgd-20"], curve: "last-loss",
              style: { color: 0, line: "solid", bars: true } },
          ] },
      ],
      claims: [
        { id: "wider-is-better", says: "The wider learner errs less", comparison: "<", threshold: 0,
          measure: "final(end.sgd) - initial(end.sgd)" },
        { id: "replaces", says: "Units are replaced after the switch", comparison: ">", threshold: 0,
          measure: "final(cbp-5.after-replacements)" },
      ],
    }
    ```
    """

  @Test func numbersAreTheSameHoweverManyStagesRunAtOnce() throws {
    let first = try Workbench(chapter: Self.chapter, images: false)
    let second = try Workbench(chapter: Self.chapter, images: false)
    let outcome = try first.make("-j1", "fig-t.2")
    #expect(outcome.code == 0, "\(outcome.text)")
    #expect(try second.make("-j4", "fig-t.2").code == 0)
    #expect(first.entries("compute").count == 10)
    let csv = try #require(first.contents(first.figures + "/fig-t.2.csv"))
    #expect(second.contents(second.figures + "/fig-t.2.csv") == csv)
    let lines = String(decoding: csv, as: UTF8.self).split(separator: "\n")
    // Ten windows of the curve, five of them with activations every half, and two bars; a header.
    #expect(lines.count == 1 + 10 + 10 + 2)
    #expect(lines.contains { $0.hasPrefix("loss,sgd,2000.0,") })
    // Of two seeds: the mean, both ends, how many, and each of them.
    let bar = try #require(lines.first { $0.hasPrefix("end,sgd,1.0,") }).split(separator: ",")
    #expect(bar.count == 9 && bar[6] == "2")
    #expect(Set(bar[7...]) == Set(bar[4...5]))
    #expect(outcome.text.contains("2 claims: 1 reproduced, 1 undecided"), "\(outcome.text)")
  }

  @Test func theRecordNamesEveryRun() throws {
    let bench = try Workbench(chapter: Self.chapter, images: false)
    try bench.make("fig-t.2", "SEEDS=1")
    let data = try #require(bench.contents(bench.figures + "/fig-t.2.json"))
    let record = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let tables = try #require(record["tables"] as? [[String: Any]])
    #expect(tables.count == 5)
    #expect(tables.allSatisfy { $0["seed"] as? Int == 40 && ($0["key"] as? String)?.count == 64 })
    let prints = try #require(record["fingerprints"] as? [String: String])
    #expect(Set(prints.keys) == ["compute BitFlipping", "judge", "plot"])
    #expect((record["command"] as? String) == "make fig-t.2 PROFILE=quick SEEDS=1")
    #expect(try bench.planned("fig-t.2", "SEEDS=1").isEmpty)
  }

  @Test func anImpossibleMethodIsRefusedBeforeAnythingRuns() throws {
    let bench = try Workbench(
      chapter: Self.chapter.replacingOccurrences(of: "dropout: 0.2", with: "dropout: 1.2"), images: false)
    let outcome = try bench.make("fig-t.2")
    #expect(outcome.code == 2)
    #expect(
      outcome.text.contains("chapter.md:23: fig-t.2: methods.dropout.dropout is 1.2"), "\(outcome.text)")
    #expect(bench.allEntries.isEmpty)
  }
}
