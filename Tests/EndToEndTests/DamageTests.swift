import Foundation
import Testing

/// Promise: a damaged entry is found, named, set aside and made again.
@Suite struct DamageTests {
  @Test func aFlippedByteIsFoundOnReadingAndTheEntryIsMadeAgain() throws {
    let bench = try Workbench()
    try bench.make("fig-t.1")
    let csv = bench.contents(bench.figures + "/fig-t.1.csv")
    let entry = try #require(
      bench.entries("train").first { FileManager.default.fileExists(atPath: $0 + "/history.csv") })
    try flipByte(in: entry + "/history.csv")
    // A changed threshold makes measure read every run again.
    try bench.change(TinyChapter(duplicateCosine: "0.9"))
    let outcome = try bench.make("fig-t.1")
    #expect(outcome.code == 0, "\(outcome.text)")
    #expect(outcome.text.contains("history.csv is damaged"))
    #expect(outcome.text.contains((entry as NSString).lastPathComponent))
    #expect(outcome.text.contains("set-aside"))
    #expect(try bench.make("verify").code == 0, "what was made again is right")
    #expect(bench.contents(bench.figures + "/fig-t.1.csv") == csv)
  }

  @Test func verifyFindsWhatNobodyReads() throws {
    let bench = try Workbench()
    try bench.make("fig-t.1")
    let entry = try #require(bench.entries("measure").first)
    try flipByte(in: entry + "/metrics.csv")
    let verified = try bench.make("verify")
    #expect(verified.code == 2, "make's own code for a failed command")
    #expect(verified.text.contains(entry))
    #expect(verified.text.contains("metrics.csv"))
    #expect(try bench.planned("fig-t.1") == ["measure"])
    #expect(try bench.make("fig-t.1").code == 0)
    #expect(try bench.make("verify").code == 0)
  }

  @Test func aDamagedFigureIsNotPublished() throws {
    let bench = try Workbench()
    try bench.make("fig-t.1")
    let entry = try #require(bench.entries("plot").first)
    try flipByte(in: entry + "/fig-t.1.csv")
    let outcome = try bench.make("fig-t.1")
    #expect(outcome.code != 0)
    #expect(outcome.text.contains("fig-t.1.csv is damaged"))
    #expect(try bench.make("fig-t.1").code == 0)
  }

  @Test func pruneDropsWhatNoArtifactRefersTo() throws {
    let bench = try Workbench()
    try bench.make("fig-t.1")
    let before = Set(bench.allEntries)
    try bench.change(TinyChapter(cloneNoise: "0.03"))
    try bench.make("fig-t.1")
    let changed = Set(bench.allEntries)
    #expect(changed.count == before.count + 4)
    #expect(try bench.make("prune").code == 0)
    #expect(bench.allEntries.count == before.count)
    #expect(try bench.planned("fig-t.1").isEmpty, "nothing that is needed went")
  }

  private func flipByte(in path: String) throws {
    var data = try Data(contentsOf: URL(fileURLWithPath: path))
    data[data.count / 2] ^= 1
    try data.write(to: URL(fileURLWithPath: path))
  }
}
