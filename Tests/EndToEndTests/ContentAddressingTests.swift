import Foundation
import Testing

/// Promise: what a result depends on decides what runs, and nothing else does.
@Suite struct ContentAddressingTests {
  @Test func aHyperparameterRerunsExactlyTheRunsThatUseIt() throws {
    let bench = try Workbench()
    try bench.make("fig-t.1")
    try bench.change(TinyChapter(cloneNoise: "0.02"))
    #expect(try bench.planned("fig-t.1").sorted() == ["judge", "measure", "plot", "train"])
    let why = try bench.make("why-fig-t.1")
    #expect(why.text.contains("train clone seed 40"), "\(why.text)")
    #expect(why.text.contains("optimizer.noiseScale"))
    #expect(why.text.contains("0.01") && why.text.contains("0.02"))
    #expect(!why.text.contains("train base seed 40"))

    try bench.change(TinyChapter(learningRate: "0.02"))
    #expect(try bench.planned("fig-t.1").filter { $0 == "train" }.count == 3)
    try bench.change(TinyChapter())
    #expect(try bench.planned("fig-t.1").isEmpty, "going back costs nothing")
  }

  @Test func aPanelRerunsThePlotAloneAndAClaimItsJudgement() throws {
    let bench = try Workbench()
    try bench.make("fig-t.1")
    try bench.change(TinyChapter(panelTitle: "Another title"))
    #expect(try bench.planned("fig-t.1") == ["plot"])
    try bench.change(TinyChapter(threshold: "0.25"))
    #expect(try bench.planned("fig-t.1") == ["judge"])
  }

  @Test func aMetricsThresholdCostsNoTraining() throws {
    let bench = try Workbench()
    try bench.make("fig-t.1")
    try bench.change(TinyChapter(duplicateCosine: "0.9"))
    let planned = try bench.planned("fig-t.1")
    #expect(!planned.contains("train"))
    #expect(planned.filter { $0 == "measure" }.count == 3)
  }

  @Test func proseRerunsNothing() throws {
    let bench = try Workbench()
    try bench.make("fig-t.1")
    try bench.change(TinyChapter(prose: "Entirely different prose."))
    #expect(try bench.planned("fig-t.1").isEmpty)
  }

  @Test func commentsAndBlanksInSourcesRerunNothingAndCodeRerunsItsStage() throws {
    let bench = try Workbench()
    let sources = bench.folder + "/code/Sources"
    try FileManager.default.createDirectory(
      atPath: bench.folder + "/code", withIntermediateDirectories: true)
    for name in ["Sources", "Package.swift"] {
      try FileManager.default.copyItem(
        atPath: Workbench.repository + "/" + name, toPath: bench.folder + "/code/" + name)
    }
    let setting = "SOURCES=\(sources)"
    try bench.make("fig-t.1", setting)
    #expect(try bench.planned("fig-t.1", setting).isEmpty)

    let file = sources + "/Training/Trainer.swift"
    let text = try String(contentsOfFile: file, encoding: .utf8)
    try bench.write("// A comment.\n\n" + text.replacingOccurrences(of: "\n  ", with: "\n     "), to: file)
    #expect(try bench.planned("fig-t.1", setting).isEmpty)

    try bench.write(text + "\nlet somethingElse = 1\n", to: file)
    #expect(try bench.planned("fig-t.1", setting).filter { $0 == "train" }.count == 3)
    let why = try bench.make("why-fig-t.1", setting)
    #expect(why.text.contains("Training/Trainer.swift"), "\(why.text)")
    try bench.write(text, to: file)

    let plot = sources + "/plot/Plot.swift"
    try bench.write(
      try String(contentsOfFile: plot, encoding: .utf8) + "\nlet somethingElse = 1\n", to: plot)
    #expect(try bench.planned("fig-t.1", setting) == ["plot"])
  }

  @Test func anArtifactThatIsAddedSharesTheRunsThatItHasInCommon() throws {
    let bench = try Workbench()
    try bench.make("fig-t.1")
    let second = TinyChapter(panelTitle: "Second").text
      .replacingOccurrences(of: "fig-t.1", with: "fig-t.2")
    try bench.write(second, to: bench.folder + "/paper/second.md")
    #expect(try bench.planned("figures").sorted() == ["judge", "plot"])
  }
}
