import ContentStore
import Foundation
import Testing

/// Promise: who has a published folder can doubt it. Runs that are repeated show a single number that is not what comes out,
/// and a figure says what was repeated.
@Suite struct ChallengeTests: PublishedFigure {
  @Test func aChallengePassesAndFindsASingleChangedNumber() throws {
    let reader = try Workbench()
    let folder = try copy(in: reader)
    let honest = try reader.make("challenge", "FROM=\(folder)", "RUNS=3", "DRAW=7")
    #expect(honest.code == 0, "\(honest.text)")
    #expect(
      honest.text.contains("3 runs repeated and none different: at most 63 % of all 3 runs"), "\(honest.text)"
    )
    #expect(honest.text.contains("identical"))
    // The figure says that its runs were repeated.
    let drawn = try pull(reader, from: folder)
    #expect(drawn.code == 0, "\(drawn.text)")
    let record = try self.record(reader)
    #expect(record.contains("3 of 3 runs repeated here: identical"))

    let victim = try Workbench()
    let tampered = try copy(in: victim)
    try change(
      "metrics.csv", line: 5, of: { $0.stage == "measure" }, in: tampered,
      original: { key in "\(reader.store)/pulled/measure/\(key.prefix(2))/\(key)/metrics.csv" })
    let outcome = try victim.make("challenge", "FROM=\(tampered)", "RUNS=3")
    #expect(outcome.code != 0)
    #expect(outcome.text.contains("1 of 3 repeated runs came out different"), "\(outcome.text)")
    #expect(outcome.text.contains("measure: metrics.csv"), "\(outcome.text)")
    #expect(!outcome.text.contains("none different"))
    // Drawing from it says so from now on.
    let figure = try pull(victim, from: tampered)
    #expect(figure.code == 0, "\(figure.text)")
    let words = try self.record(victim)
    #expect(words.contains("3 of 3 runs repeated here: 1 different"), "\(outcome.text)")
  }

  @Test func aRepetitionBeginsWithAPublishedNetwork() throws {
    let publisher = try Self.publisher.get().bench
    let reader = try Workbench()
    let folder = reader.folder + "/with-networks"
    let shared = try publisher.make("publish", "TO=\(folder)", "SNAPSHOTS=last")
    #expect(shared.code == 0, "\(shared.text)")
    let outcome = try reader.make("challenge", "FROM=\(folder)", "RUNS=3")
    #expect(outcome.code == 0, "\(outcome.text)")
    #expect(
      outcome.text.components(separatedBy: "from a published network").count == 3,
      "both phases: \(outcome.text)")
    // The first phase was repeated once, for itself.
    let files = try FileSystem.files(below: reader.store + "/pulled/challenge")
    #expect(files.count { $0.hasPrefix("whole/train/") && $0.hasSuffix("/manifest.json") } == 1)
    #expect(files.count { $0.hasPrefix("segments/train/") && $0.hasSuffix("/history.csv") } == 2)
  }

  /// Long runs keep checkpoints; with them a part of the run is enough to find what is wrong in that part.
  @Test func aPartOfALongRunIsRepeatedFromItsCheckpoint() throws {
    var chapter = TinyChapter(baseEpochs: 4, cloneEpochs: 6)
    chapter.runValues = " checkpoints: 2,"
    let publisher = try Workbench(chapter: chapter.text)
    #expect(try publisher.make("fig-t.1").code == 0)
    let folder = publisher.folder + "/published"
    let shared = try publisher.make("publish", "TO=\(folder)", "SNAPSHOTS=checkpoints")
    #expect(shared.code == 0, "\(shared.text)")
    let reader = try Workbench(chapter: chapter.text)
    var parts: Set<String> = []
    for draw in 1...4 {
      let outcome = try reader.make("challenge", "FROM=\(folder)", "RUNS=3", "DRAW=\(draw)")
      #expect(outcome.code == 0, "\(outcome.text)")
      #expect(outcome.text.contains("of long runs a part was repeated"), "\(outcome.text)")
      let rows = outcome.text.split(separator: "\n").filter { $0.contains("rows of tables, epochs ") }
      #expect(rows.count == 3 && rows.allSatisfy { $0.contains("identical") }, "\(outcome.text)")
      for row in rows { parts.insert(String(row.components(separatedBy: "tables, ")[1].prefix(16))) }
    }
    #expect(parts.count > 3, "parts are drawn by chance: \(parts)")
    // Nothing was trained but parts.
    let files = try FileSystem.files(below: reader.store + "/pulled/challenge")
    #expect(!files.contains { $0.hasPrefix("whole/") || $0.hasPrefix("segments/") })
    let drawn = try pull(reader, from: folder)
    #expect(drawn.code == 0, "\(drawn.text)")
    let record = try self.record(reader)
    #expect(record.contains("3 of 3 runs repeated here, 3 in part: identical"), "\(record.prefix(3000))")
    // A budget cuts a part to what fits, and to an epoch at least.
    let cut = try reader.make("challenge", "FROM=\(folder)", "BUDGET=10min", "DRAW=1")
    #expect(cut.code == 0 && cut.text.contains("epochs "), "\(cut.text)")

    // One number of one epoch of a history.
    try change(
      "history.csv", line: 4, field: 3, of: { $0.stage == "train" && $0.title.contains("clone") }, in: folder,
      original: { "\(publisher.store)/train/\($0.prefix(2))/\($0)/history.csv" })
    // It lies in the second of three parts, which some draw takes.
    let victim = try Workbench(chapter: chapter.text)
    let outcomes = try (1...8).map { try victim.make("challenge", "FROM=\(folder)", "RUNS=3", "DRAW=\($0)") }
    let found = outcomes.filter { $0.code != 0 }
    #expect(!found.isEmpty && found.count < outcomes.count)
    #expect(found.allSatisfy { $0.text.contains("train: history.csv") })
  }

  @Test func aBudgetSaysHowItBiasesTheDraw() throws {
    let reader = try Workbench()
    let outcome = try reader.make(
      "challenge", "FROM=\(try Self.publisher.get().folder)", "BUDGET=10min", "fig-t.1")
    #expect(outcome.code == 0, "\(outcome.text)")
    #expect(outcome.text.contains("3 of 3 runs"))
    let none = try reader.make("challenge", "FROM=\(try Self.publisher.get().folder)", "BUDGET=0.000001s")
    #expect(none.code == 2)
    #expect(none.text.contains("no run fits"), "\(none.text)")
  }
}
