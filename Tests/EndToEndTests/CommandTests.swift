import Foundation
import Testing

/// Promise: make answers as its user expects.
@Suite struct CommandTests {
  @Test func helpListsTheArtifacts() throws {
    let bench = try Workbench()
    let outcome = try bench.make("help")
    #expect(outcome.code == 0)
    #expect(outcome.text.contains("make figures"))
    #expect(outcome.text.contains("fig-t.1"))
    #expect(outcome.text.contains("A tiny figure"))
  }

  @Test func expandWritesABlockOut() throws {
    let bench = try Workbench()
    let expanded = try bench.make("expand-fig-t.1")
    #expect(expanded.code == 0)
    #expect(expanded.text.contains("\"title\" : \"A tiny figure\""))
    let unknown = try bench.make("expand-fig-t.2")
    #expect(unknown.code == 2)
    #expect(unknown.text.contains("no chapter declares 'fig-t.2'"))
  }

  @Test(arguments: [
    ("figure", "did you mean 'make figures'?"), ("figt.1", "did you mean 'make fig-t.1'?"),
    ("stauts", "did you mean 'make status'?"), ("weather-report", "'make help' lists"),
  ])
  func aMisspeltGoalIsToldInALine(goal: String, hint: String) throws {
    let outcome = try Workbench().make(goal)
    #expect(outcome.code == 2 && outcome.text.contains("'\(goal)' is no goal; \(hint)"), "\(outcome.text)")
    #expect(outcome.text.split(separator: "\n").count == 1, "\(outcome.text)")
  }

  @Test func whatIsNoStoreIsNotPruned() throws {
    let bench = try Workbench()
    for command in ["prune", "verify"] {
      let outcome = try bench.make(command)
      #expect(outcome.code == 2 && outcome.text.contains(bench.store), "\(outcome.text)")
    }
  }

  @Test func statusCountsWhatIsCached() throws {
    let bench = try Workbench()
    let before = try bench.make("status")
    #expect(before.text.contains("0/3"), "\(before.text)")
    #expect(before.text.contains("(real)"))
    try bench.make("fig-t.1")
    let after = try bench.make("status")
    #expect(after.text.contains("3/3"))
    #expect(after.text.contains("nothing to do"))
    try bench.change(TinyChapter(cloneNoise: "0.5"))
    #expect(try bench.make("status").text.contains("2/3"))
  }

  @Test func aDryRunMakesNothing() throws {
    let bench = try Workbench()
    let planned = try bench.planned("figures")
    #expect(planned.filter { $0 == "train" }.count == 3)
    #expect(planned.last == "plot")
    #expect(bench.allEntries.isEmpty)
  }

  @Test func oneFailureDoesNotStopTheOthersUnderK() throws {
    let bench = try Workbench()
    let diverging = TinyChapter(learningRate: "1e30").text
      .replacingOccurrences(of: "fig-t.1", with: "fig-s.1")
      .replacingOccurrences(of: "\"batch\"", with: "\"none\"")
    try bench.write(diverging, to: bench.folder + "/paper/another.md")
    let outcome = try bench.make("-k", "figures")
    #expect(outcome.code == 2)
    // Many run at once: the one line says which it was.
    let line = try #require(
      outcome.text.split(separator: "\n").first { $0.hasPrefix("train: fig-s.1 train ") })
    #expect(line.contains(" seed 40: the loss is not finite"))
    #expect(bench.contents(bench.figures + "/fig-t.1.csv") != nil)
    #expect(bench.contents(bench.figures + "/fig-s.1.csv") == nil)
    #expect(try bench.make("verify").code == 0)
  }

  @Test func seedsAndPrefixAreHonoured() throws {
    let bench = try Workbench()
    let outcome = try bench.make("fig-t.1", "SEEDS=2", "RUN=env COUNTED=1")
    #expect(outcome.code == 0)
    #expect(bench.entries("train").count == 6)
    let csv = String(decoding: try #require(bench.contents(bench.figures + "/fig-t.1.csv")), as: UTF8.self)
    #expect(csv.hasPrefix("panel,series,x,y,y_low,y_high,n,seed_40,seed_41\n"))
    #expect(
      csv.split(separator: "\n").dropFirst().allSatisfy { $0.split(separator: ",")[6] == "2" })
    #expect(
      try bench.start(["-n", "fig-t.1", "SEEDS=3", "RUN=srun -c 1"]).wait().text.contains("srun -c 1 .build"))
  }

  @Test func logsStayBesideTheEntries() throws {
    let bench = try Workbench()
    let outcome = try bench.make("fig-t.1")
    for entry in bench.entries("train") {
      let log = String(decoding: try #require(bench.contents(entry + ".log")), as: UTF8.self)
      #expect(log.contains("validation accuracy"))
      #expect(log.contains("loss"))
      #expect(log.contains("100%"))
    }
    #expect(!outcome.text.contains("\r"), "plain lines when nobody looks at a terminal")
  }

  @Test func everyToolHasHelp() throws {
    for tool in ["prepare", "train", "measure", "compute", "plot", "judge", "weave"] {
      let outcome = try Running(Workbench.repository + "/.build/release/" + tool, ["--help"]).wait()
      #expect(outcome.code == 0)
      #expect(outcome.text.contains("usage"), "\(outcome.text)")
    }
  }
}
