import Foundation
import Testing

/// Promise: one command makes the figure, its numbers and the verdicts, and a second one does nothing.
@Suite struct MakeFigureTests {
  @Test func everythingIsThereAfterOneMake() throws {
    let bench = try Workbench()
    let outcome = try bench.make("fig-t.1")
    #expect(outcome.code == 0, "\(outcome.text)")
    #expect(
      !outcome.text.contains("warning"), "the make that this one calls shares its places: \(outcome.text)")
    for ending in ["pdf", "svg", "png", "csv", "json"] {
      #expect(bench.contents(bench.figures + "/fig-t.1." + ending)?.isEmpty == false, "\(ending)")
    }
    let csv = String(decoding: try #require(bench.contents(bench.figures + "/fig-t.1.csv")), as: UTF8.self)
    #expect(csv.hasPrefix("panel,series,x,y,y_low,y_high,n,seed_40\n"))
    // Two epochs of ten steps before cloning, three after it.
    #expect(csv.contains("loss,base,20.0,"))
    #expect(csv.contains("loss,base,50.0,"))
    #expect(csv.contains("r2,clone,20.0,1.0,"))
    #expect(outcome.text.contains("fig-t.1  A tiny figure"))
    #expect(outcome.text.contains("not tested at this profile"))
  }

  @Test func theRecordSaysWhereTheNumbersComeFrom() throws {
    let bench = try Workbench()
    try bench.make("fig-t.1")
    let data = try #require(bench.contents(bench.figures + "/fig-t.1.json"))
    let record = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(record["profile"] as? String == "quick")
    #expect((record["seeds"] as? [Int]) == [40])
    let sets = try #require(record["dataSets"] as? [[String: Any]])
    #expect(sets.first?["synthetic"] as? Bool == false)
    #expect((sets.first?["sourceDigest"] as? String)?.count == 64)
    let runs = try #require(record["runs"] as? [[String: Any]])
    #expect(Set(runs.compactMap { $0["run"] as? String }) == ["training", "base", "clone"])
    let keys = runs.compactMap { $0["trainKey"] as? String }
    #expect(Set(keys) == Set(bench.entries("train").map { ($0 as NSString).lastPathComponent }))
    let prints = try #require(record["fingerprints"] as? [String: String])
    #expect(Set(prints.keys) == ["prepare", "train", "measure", "judge", "plot"])
    #expect((record["claims"] as? [[String: Any]])?.count == 2)
  }

  @Test func aSecondMakeRunsNoStage() throws {
    let bench = try Workbench()
    try bench.make("fig-t.1")
    #expect(try bench.planned("fig-t.1").isEmpty)
    let before = try bench.allEntries.map { try modificationDate($0 + "/manifest.json") }
    let outcome = try bench.make("fig-t.1")
    #expect(outcome.code == 0)
    #expect(try bench.allEntries.map { try modificationDate($0 + "/manifest.json") } == before)
    #expect(outcome.text.contains("A tiny figure"), "the verdicts are printed again")
  }

  @Test func withoutDataTheSyntheticSetIsUsedAndNamed() throws {
    let bench = try Workbench(
      chapter: TinyChapter().text.replacingOccurrences(
        of: "set: \"cifar-10\",", with: "set: \"cifar-10\", trainingImages: 160, validationImages: 40,"),
      images: false)
    let outcome = try bench.make("fig-t.1")
    #expect(outcome.code == 0, "\(outcome.text)")
    #expect(outcome.text.lowercased().contains("synthetic"))
    let record = String(
      decoding: try #require(bench.contents(bench.figures + "/fig-t.1.json")), as: UTF8.self)
    #expect(record.contains("\"synthetic\" : true"))
    let svg = String(decoding: try #require(bench.contents(bench.figures + "/fig-t.1.svg")), as: UTF8.self)
    #expect(!svg.isEmpty)
  }

  private func modificationDate(_ path: String) throws -> Date? {
    try FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date
  }
}
