import Foundation
import Testing

/// Promise: what cannot be meant ends with code 2 and one line that names file and field, and the store gets no
/// entry.
@Suite struct BadInputTests {
  /// A wrong block and what the message must say.
  struct Mistake: Sendable, CustomTestStringConvertible {
    let name: String
    let find: String
    let replace: String
    let says: [String]
    var testDescription: String { name }
  }

  static let mistakes = [
    Mistake(
      name: "unknown key", find: "learningRate: 0.01", replace: "learningRat: 0.01",
      says: ["chapter.md:", "learningRat"]),
    Mistake(
      name: "unknown key at the top", find: "batchSize: 16,", replace: "batchSize: 16, colour: 3,",
      says: ["chapter.md:", "colour", "not a key"]),
    Mistake(
      name: "wrong type", find: "batchSize: 16", replace: "batchSize: \"16\"",
      says: ["chapter.md:13", "fig-t.1: batchSize", "whole number"]),
    Mistake(
      name: "negative learning rate", find: "learningRate: 0.01", replace: "learningRate: -0.01",
      says: ["chapter.md:12", "fig-t.1: optimizer.learningRate", "positive"]),
    Mistake(
      name: "clone of nothing", find: "clone: 2,", replace: "clone: 0,", says: ["runs[2].clone", "2…64"]),
    Mistake(
      name: "unknown run", find: "from: \"training\" }", replace: "from: \"trainin\" }",
      says: ["runs[1].from", "trainin", "training"]),
    Mistake(
      name: "unknown experiment", find: "image-classification", replace: "alchemy",
      says: ["experiment", "alchemy", "image-classification"]),
    Mistake(
      name: "unknown data set", find: "\"cifar-10\"", replace: "\"cifar-11\"",
      says: ["data.set", "cifar-11", "cifar-10"]),
    Mistake(
      name: "claim about nothing", find: "final(r2.clone)", replace: "final(r2.clown)",
      says: ["claims[0].measure", "r2.clown"]),
    Mistake(
      name: "a profile that there is not", find: "seeds: { quick: 1,", replace: "seeds: { quik: 2, quick: 1,",
      says: ["chapter.md:9", "seeds", "'quik'", "standard"]),
    Mistake(
      name: "a word that there is not", find: "comparison: \"<\",\n      threshold",
      replace: "comparison: \"<<\",\n      threshold",
      says: ["claims[0].comparison is '<<'"]),
    Mistake(
      name: "misspelt metric", find: "metric: \"cloningR2\"", replace: "metric: \"clonigR2\"",
      says: ["chapter.md:", "panels[1].series[0].metric", "clonigR2", "effectiveRank"]),
    Mistake(
      name: "a metric of networks that there is not",
      find: "metric: \"trainingLoss\",\n          style: { color: 1",
      replace: "metric: \"trainingLos\",\n          style: { color: 1",
      says: ["chapter.md:", "panels[0].series[1].metric", "trainingLos", "validationLoss"]),
    Mistake(
      name: "a pattern without layers", find: "\"act_*\"", replace: "\"akt_*\"",
      says: ["chapter.md:", "panels[1].series[0].layers", "akt_*", "act_1"]),
    Mistake(
      name: "a clone's metric of none", find: "runs: [\"clone\"], metric: \"cloningR2\"",
      replace: "runs: [\"base\"], metric: \"cloningR2\"", says: ["panels[1].series[0].metric", "clone"]),
    Mistake(
      name: "a key twice", find: "batchSize: 16,", replace: "batchSize: 16,\n  batchSize: 32,",
      says: ["chapter.md:14", "batchSize stands there a second time"]),
    Mistake(
      name: "a key twice, once in quotes", find: "padding: 4,", replace: "padding: 4, \"padding\": 0,",
      says: ["chapter.md:10", "data.padding stands there a second time"]),
    Mistake(
      name: "a run whose name a shell would read", find: "name: \"base\"",
      replace: "name: \"$(touch pwned)\"",
      says: ["runs[1].name", "letters, digits"]),
    Mistake(
      name: "a fence with a blank", find: "```artifact fig-t.1", replace: "``` artifact fig-t.1",
      says: ["chapter.md:5", "three backquotes"]),
    Mistake(
      name: "no artifact at all", find: "```artifact fig-t.1", replace: "```",
      says: ["/paper: has no chapter", "CHAPTERS"]),
    Mistake(
      name: "not JSON5", find: "claims: [", replace: "claims: (", says: ["chapter.md:", "JSON5"]),
    Mistake(
      name: "a profile without value", find: "quick: 1, ", replace: "", says: ["seeds", "'quick'"]),
  ]

  @Test(arguments: mistakes) func aWrongBlockIsRefused(_ mistake: Mistake) throws {
    let text = TinyChapter().text
    try #require(text.contains(mistake.find))
    let bench = try Workbench(
      chapter: text.replacingOccurrences(of: mistake.find, with: mistake.replace))
    let outcome = try bench.make("fig-t.1")
    #expect(outcome.code == 2)
    for part in mistake.says { #expect(outcome.text.contains(part), "\(outcome.text)") }
    #expect(outcome.text.split(separator: "\n").filter { $0.hasPrefix("weave:") }.count == 1)
    #expect(bench.allEntries.isEmpty)
    #expect(!FileManager.default.fileExists(atPath: bench.store))
  }

  @Test func wrongSettingsAreRefused() throws {
    let bench = try Workbench()
    for (arguments, says) in [
      (["fig-t.1", "PROFILE=huge"], ["--profile", "quick, standard, paper"]),
      (["fig-t.1", "DATA=unreal"], ["--data", "real, synthetic, auto"]),
      (["fig-t.1", "SEEDS=0"], ["--seeds"]),
      (["fig-t.1", "PROFIL=paper"], ["PROFIL is no setting", "PROFILE"]),
      (["fig-9.9"], ["fig-9.9", "fig-t.1"]),
      (["fig-t.1", "STORE=\(bench.chapter)"], [bench.chapter]),
      (["fig-t.1", "STORE=/proc/store"], ["/proc/store"]),
    ] {
      let outcome = try bench.start(arguments).wait()
      #expect(outcome.code == 2, "\(arguments)")
      for part in says { #expect(outcome.text.contains(part), "\(outcome.text)") }
      #expect(bench.allEntries.isEmpty)
    }
  }

  @Test(arguments: ["a\\n\\ttouch pwned", "$(shell touch pwned)", "a/../../b", "", ".hidden", "a b", "-n"])
  func namesOfTablesReachNeitherMakeNorShell(_ name: String) throws {
    let bench = try Workbench(
      chapter: """
        # A chapter

        ```artifact fig-t.1
        {
          experiment: "theory", title: "Tiny theory",
          tables: { "\(name)": { quantity: "mechanism", sizes: [3, 4, 2], seed: 1 } },
          panels: [{ id: "p", title: "p", x: { label: "x" }, y: { label: "y" },
            series: [{ id: "units", label: "units", table: "\(name)", curve: "frozen-moving-units",
              style: { color: 0, line: "solid" } }] }],
          claims: [],
        }
        ```
        """, images: false)
    let outcome = try bench.make("fig-t.1")
    #expect(outcome.code == 2)
    #expect(outcome.text.contains("chapter.md:6"), "\(outcome.text)")
    #expect(outcome.text.split(separator: "\n").filter { $0.hasPrefix("weave:") }.count == 1)
    #expect(!FileManager.default.fileExists(atPath: Workbench.repository + "/pwned"))
    #expect(bench.allEntries.isEmpty)
  }

  @Test func demandingRealDataWithoutHavingThemIsAnError() throws {
    let bench = try Workbench(images: false)
    let outcome = try bench.make("fig-t.1", "DATA=real")
    #expect(outcome.code == 2)
    #expect(outcome.text.contains("cifar-10-batches-bin"))
    #expect(outcome.text.contains("make data"))
  }

  @Test func brokenDataAreRefused() throws {
    let file = "/cifar-10-batches-bin/data_batch_3.bin"
    let breakages: [(says: [String], change: (inout Data) -> Void)] = [
      (["data_batch_3.bin", "cut off"], { $0 = $0.dropLast(100) }),
      (["data_batch_3.bin", "record 2", "label 77"], { $0[2 * 3_073] = 77 }),
    ]
    for breakage in breakages {
      let bench = try Workbench()
      var data = try #require(bench.contents(bench.data + file))
      breakage.change(&data)
      try data.write(to: URL(fileURLWithPath: bench.data + file))
      let outcome = try bench.make("fig-t.1")
      #expect(outcome.code == 2)
      for part in breakage.says { #expect(outcome.text.contains(part), "\(outcome.text)") }
      #expect(bench.allEntries.isEmpty)
    }
  }

  @Test func truncatedAndForeignArchivesAreRefused() throws {
    let bench = try Workbench(images: false)
    let archive = bench.data + "/cifar-10-binary.tar.gz"
    let tar = try Running("/bin/tar", ["-czf", archive, "-C", bench.folder, "paper"]).wait()
    #expect(tar.code == 0)
    let foreign = try bench.make("fig-t.1")
    #expect(foreign.code == 2)
    #expect(foreign.text.contains("cifar-10-binary.tar.gz"))
    let data = try #require(bench.contents(archive))
    try data.prefix(data.count / 2).write(to: URL(fileURLWithPath: archive))
    let truncated = try bench.make("fig-t.1")
    #expect(truncated.code == 2)
    #expect(truncated.text.contains("cifar-10-binary.tar.gz"))
    #expect(bench.allEntries.isEmpty)
  }

  @Test(.enabled(if: getuid() == 0, "mounting needs root"))
  func aFullDiskLeavesNoEntry() throws {
    let bench = try Workbench()
    try FileManager.default.createDirectory(atPath: bench.store, withIntermediateDirectories: true)
    // Room for the folders and a part of the data set.
    let mount = try Running("/bin/mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", bench.store]).wait()
    try #require(mount.code == 0, "\(mount.text)")
    defer { _ = try? Running("/bin/umount", [bench.store]).wait() }
    let outcome = try bench.make("fig-t.1")
    #expect(outcome.code == 2)
    #expect(outcome.text.contains("space") || outcome.text.contains("full"), "\(outcome.text)")
    #expect(outcome.text.contains(bench.store))
    #expect(bench.allEntries.isEmpty)
  }
}
