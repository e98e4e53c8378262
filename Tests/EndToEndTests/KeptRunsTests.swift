import ContentStore
import Foundation
import Publishing
import Testing

/// Promise: a record that is kept with the chapters can be doubted by whoever has the chapters. Its runs are repeated and
/// compared, although nothing of them was kept but digests and the curves of training.
@Suite struct KeptRunsTests: PublishedFigure {
  /// A machine that has made the figure at a profile whose runs are kept, and its records.
  private func keeper(_ chapter: String = TinyChapter().text) throws -> (bench: Workbench, records: String) {
    let bench = try Workbench(chapter: chapter)
    let records = bench.folder + "/records"
    let outcome = try bench.make("record-fig-t.1", "PROFILE=standard", "RECORDS=\(records)")
    try #require(outcome.code == 0, "\(outcome.text)")
    return (bench, records)
  }

  private func challenge(_ records: String, _ more: String...) throws -> (Workbench, Workbench.Outcome) {
    let reader = try Workbench()
    return (reader, try reader.start(["challenge", "FROM=records", "RECORDS=\(records)"] + more).wait())
  }

  /// Changes what is kept of the figure's runs, everything else as it would be if it had come out so.
  private func changeRuns(in records: String, _ body: (inout KeptRuns) throws -> Void) throws {
    try change(records) { index in
      let file = try #require(index.artifacts[0].runs)
      let scratch = FileManager.default.temporaryDirectory.path + "/kept-\(UUID().uuidString)"
      defer { try? FileManager.default.removeItem(atPath: scratch) }
      var runs = try KeptRuns(file, at: .folder(records), scratch: scratch, patience: .init())
      try body(&runs)
      index.artifacts[0].runs = try runs.write(to: BlobShelf(folder: records), scratch: scratch)
    }
  }

  @Test func aKeptRecordIsRepeatedByWhoeverHasTheChapters() throws {
    let (publisher, records) = try keeper()
    let status = try Workbench().make("status", "FROM=records", "RECORDS=\(records)")
    #expect(status.text.contains("its runs can be challenged"), "\(status.text)")
    let unknown = try Workbench().make("status-fig-t.2", "FROM=records", "RECORDS=\(records)")
    #expect(unknown.code == 2 && unknown.text.contains("no chapter declares 'fig-t.2'"), "\(unknown.text)")
    // Neither networks nor their metrics are kept.
    let blobs = try FileSystem.files(below: records + "/blobs").map { "\(records)/blobs/\($0)" }
    #expect(blobs.count == 7, "six histories, and what the figure was drawn from")
    let (reader, honest) = try challenge(records, "RUNS=6")
    #expect(honest.code == 0, "\(honest.text)")
    #expect(
      honest.text.contains("6 runs repeated and none different: at most 39 % of all 6 runs"), "\(honest.text)"
    )
    #expect(honest.text.components(separatedBy: "identical").count == 7, "\(honest.text)")
    // Whoever draws it is told.
    let drawn = try pull(reader, from: "records", "RECORDS=\(records)")
    #expect(drawn.code == 0, "\(drawn.text)")
    #expect(try record(reader).contains("6 of 6 runs repeated here: identical"))
    #expect(try numbers(reader) == numbers(publisher))

    // A digest that is not what comes out.
    try changeRuns(in: records) { runs in
      let victim = try #require(runs.entries.firstIndex { $0.manifest.job.stage == "measure" })
      let old = try #require(runs.entries[victim].manifest.files["metrics.csv"]?.digest.hex)
      let text = String(decoding: try JSONEncoder().encode(runs.entries[victim]), as: UTF8.self)
      runs.entries[victim] = try JSONDecoder().decode(
        PublishedIndex.Entry.self,
        from: Data(text.replacingOccurrences(of: old, with: Digest(of: "another table").hex).utf8))
    }
    let (_, found) = try challenge(records, "RUNS=6")
    #expect(found.code != 0)
    #expect(found.text.contains("1 of 6 repeated runs came out different"), "\(found.text)")
    #expect(found.text.contains("measure: metrics.csv"), "\(found.text)")
    // What was repeated was another record.
    let again = try pull(reader, from: "records", "RECORDS=\(records)")
    #expect(again.code == 0, "\(again.text)")
    #expect(try record(reader).contains("5 of 6 runs repeated here: identical"))
  }

  @Test func inAnotherEnvironmentCurvesOfTrainingAreCompared() throws {
    let (publisher, records) = try keeper()
    try changeRuns(in: records) { runs in
      var index = PublishedIndex()
      index.entries = runs.entries
      let closure = PublishedResults(index).closure(of: runs.results.map(\.key))
      #expect(closure.count == runs.entries.count)
      let slots = runs.results.map(\.slot)
      try index.remade(with: "openblas", "0.0.1", changing: "")
      runs.entries = index.entries
      runs.results = index.entries.filter { slots.contains($0.manifest.job.title) }.map {
        PublishedIndex.Result(slot: $0.manifest.job.title, recipe: $0.recipe, key: $0.manifest.key)
      }
    }
    let (_, outcome) = try challenge(records, "RUNS=6")
    #expect(outcome.code == 0, "\(outcome.text)")
    #expect(outcome.text.components(separatedBy: "within tolerance").count == 7, "\(outcome.text)")
    #expect(outcome.text.contains("openblas: 0.0.1 →"), "\(outcome.text)")
    // Without these there is nothing to compare with.
    var blob = ""
    try changeRuns(in: records) { runs in
      let clone = try #require(runs.entries.first { $0.manifest.job.title == "fig-t.1 train clone seed 40" })
      blob = try #require(clone.file("history.csv")?.place)
    }
    try FileManager.default.removeItem(atPath: "\(records)/\(blob)")
    let (_, missing) = try challenge(records, "RUNS=6")
    #expect(missing.code != 0)
    #expect(missing.text.contains("\(blob): it is missing"), "\(missing.text)")
    withExtendedLifetime(publisher) {}
  }

  @Test func theTablesAreOfTheRecord() throws {
    let tables = ["setup", "compute"].map {
      "```artifact table-\($0)\n{ table: \"\($0)\", title: \"t\", note: \"n\" }\n```"
    }
    let chapter = ([TinyChapter().text] + tables).joined(separator: "\n\n")
    let (publisher, records) = try keeper(chapter)
    let reader = try Workbench(chapter: chapter, images: false)
    let outcome = try reader.make("tables", "FROM=records", "RECORDS=\(records)")
    #expect(outcome.code == 0, "\(outcome.text)")
    func rows(_ table: String) throws -> [Substring] {
      let file = try #require(reader.contents("\(reader.figures)/table-\(table).csv"))
      return String(decoding: file, as: UTF8.self).split(separator: "\n").dropFirst().map { $0 }
    }
    let setup = try rows("setup")
    #expect(!setup.isEmpty)
    for row in setup {
      #expect(row.hasPrefix("MLP,standard,"), "\(row)")
      #expect(!row.contains("synthetic") && row.contains("cifar-10"), "\(row)")
    }
    let compute = try rows("compute")
    #expect(compute.count == 2, "\(compute)")
    #expect(compute.first?.hasPrefix("fig-t.1,standard,\"measured, kept record\",2,6,") == true, "\(compute)")
    #expect(compute.last?.contains(",best kept,") == true, "\(compute)")
    withExtendedLifetime(publisher) {}
  }

  @Test func withoutARecordNothingIsTrainedFromRecords() throws {
    let (publisher, records) = try keeper()
    let reader = try Workbench()
    let settings = ["FROM=records", "RECORDS=\(records)", "PROFILE=paper"]
    for goals in [["figures"], ["-n", "fig-t.1"]] {
      let refused = try reader.start(goals + settings).wait()
      #expect(refused.code == 2, "\(refused.text)")
      #expect(
        refused.text.contains(
          "no record is kept at paper of fig-t.1; 'make fig-t.1 PROFILE=paper', without FROM, makes the runs"),
        "\(refused.text)")
    }
    for stage in Workbench.stages { #expect(pulledEntries(stage, reader).isEmpty) }
    let status = try reader.start(["status"] + settings).wait()
    #expect(status.code == 0 && status.text.contains("no record"), "\(status.text)")
    // From any other folder, what is missing is made.
    let folder = try reader.start(["-n", "fig-t.1", "FROM=\(records)", "PROFILE=paper"]).wait()
    #expect(folder.code == 0, "\(folder.text)")
    withExtendedLifetime(publisher) {}
  }

  @Test func whatTheChapterSaysOtherwiseNowIsTold() throws {
    let (publisher, records) = try keeper()
    let smaller = TinyChapter().text.replacingOccurrences(of: "flip: true", with: "flip: true, downsample: 2")
    let reader = try Workbench(chapter: smaller, images: false)
    let outcome = try pull(reader, from: "records", "RECORDS=\(records)")
    #expect(outcome.code == 0, "\(outcome.text)")
    let changed = try record(reader)
    for words in [
      "settings have changed since: images were CIFAR-10, now CIFAR-10 at 16×16 pixels",
      "settings have changed since: train data.downsample: absent → 2",
      "SEEDS=2  # by the settings of now, which are others", "\"hasOtherSettings\" : true",
    ] {
      #expect(changed.contains(words), "\(words)")
    }
    let status = try reader.make("status", "FROM=records", "RECORDS=\(records)")
    #expect(status.text.contains("now CIFAR-10 at 16×16 pixels"), "\(status.text)")
    // What is as it was says nothing of the kind.
    let same = try Workbench(images: false)
    #expect(try pull(same, from: "records", "RECORDS=\(records)").code == 0)
    #expect(try !record(same).contains("settings") && record(same).contains("\"differences\" : [\n\n"))
    #expect(try record(same).contains("\"words\" : \"kept results of "))
    withExtendedLifetime(publisher) {}
  }

  @Test func aRecordOfResultsThatAreGoneSaysSo() throws {
    let (bench, records) = try keeper()
    let outcome = try Running(
      ".build/release/weave",
      [
        "record", "--store", bench.folder + "/empty", "--figures", bench.figures, "--records", records,
        "fig-t.1",
      ]
    ).wait()
    #expect(outcome.code == 0, "\(outcome.text)")
    #expect(outcome.text.contains("nobody can repeat its runs by this record"), "\(outcome.text)")
    // The figure is the same, and so is what was kept of its runs.
    let (_, challenge) = try challenge(records, "RUNS=1", "fig-t.1")
    #expect(challenge.code == 0, "\(challenge.text)")
  }

  /// A record is replaced as a whole, with what the index says of it, or not at all.
  @Test func whereAnythingIsMissingNothingIsReplaced() throws {
    let (bench, _) = try keeper()
    let records = bench.folder + "/others"
    func record(_ names: String...) throws -> Workbench.Outcome {
      try Running(
        ".build/release/weave",
        ["record", "--store", bench.store, "--figures", bench.figures, "--records", records] + names
      ).wait()
    }
    func kept() throws -> [String] {
      try FileSystem.files(below: records).filter { !$0.hasPrefix("blobs/") }
    }
    // A figure that is not there, and a result that is not what its manifest says.
    #expect(try record("fig-t.1", "fig-t.9").code != 0)
    #expect(try kept() == [])
    let history = try #require(bench.entries("train").first) + "/history.csv"
    let whole = try FileSystem.contents(of: history)
    try Data("spoilt\n".utf8).write(to: URL(fileURLWithPath: history))
    #expect(try record("fig-t.1").code != 0)
    #expect(try kept() == [])
    try whole.write(to: URL(fileURLWithPath: history))
    #expect(try record("fig-t.1").code == 0)
    #expect(try kept().contains("index.json") && kept().count == 4)
  }

  @Test func aSmallerRunTellsWhatTheRecordSaysOtherwise() throws {
    let (bench, records) = try keeper()
    func claims() throws -> String {
      String(decoding: try #require(bench.contents(bench.figures + "/fig-t.1.claims.txt")), as: UTF8.self)
    }
    let (remark, quick) = ("at standard, as kept: ", ["RECORDS=\(records)", "PROFILE=quick"])
    // One seed decides nothing.
    #expect(try bench.start(["fig-t.1"] + quick).wait().code == 0)
    let one = try claims()
    #expect(one.contains(remark), "\(one)")
    // Two decide as the record does.
    let same = try bench.start(["fig-t.1", "SEEDS=2"] + quick).wait()
    #expect(same.code == 0 && !same.text.contains(remark), "\(same.text)")
    let two = try claims()
    #expect(!two.contains(remark), "\(two)")
    let path = records + "/standard/fig-t.1.json"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let other =
      text.contains("\"not reproduced\"")
      ? text.replacingOccurrences(of: "\"not reproduced\"", with: "\"reproduced\"")
      : text.replacingOccurrences(of: "\"reproduced\"", with: "\"not reproduced\"")
    try bench.write(other, to: path)
    let outcome = try bench.start(["fig-t.1", "SEEDS=2"] + quick).wait()
    #expect(outcome.code == 0 && outcome.text.contains(remark), "\(outcome.text)")
    let all = try bench.start(["figures", "SEEDS=2"] + quick).wait()
    #expect(all.text.contains("otherwise at a larger profile, as kept: fig-t.1 "), "\(all.text)")
  }
}
