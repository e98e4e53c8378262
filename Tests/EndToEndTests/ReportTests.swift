import Foundation
import Testing

/// Promise: from any sentence about a result a reader comes to its figure, its data, its run and its command.
@Suite struct ReportTests {
  private static let tables = """
    ```artifact table-claims
    { table: "claims", title: "All claims", note: "One line each." }
    ```

    ```artifact table-setup
    { table: "setup", title: "The setup", note: "As planned." }
    ```

    ```artifact table-compute
    { table: "compute", title: "The cost", note: "In core time." }
    ```
    """

  private static func text(_ prose: String) -> String {
    TinyChapter(prose: prose).text + "\n\n" + tables + "\n"
  }

  /// Without LaTeX, which takes longer than everything else and is tried once, below.
  private func make(_ bench: Workbench, _ arguments: String...) throws -> Workbench.Outcome {
    try bench.start(arguments + ["TYPESET=true", "REPORT=\(bench.folder)/report"]).wait()
  }

  private func page(_ bench: Workbench) throws -> String {
    String(decoding: try #require(bench.contents(bench.folder + "/report/index.html")), as: UTF8.self)
  }

  @Test func theReportHoldsWhatTheRunsSay() throws {
    let bench = try Workbench(
      chapter: Self.text(
        "R² ends at {{fig-t.1: leaves}}, {{fig-t.1: final(r2.clone) as 0.00}}, in fig-t.1; $x^2$."))
    let outcome = try make(bench, "paper")
    #expect(outcome.code == 0, "\(outcome.text)")
    let page = try page(bench)
    let json = try #require(bench.contents(bench.figures + "/fig-t.1.json"))
    let record = try #require(try JSONSerialization.jsonObject(with: json) as? [String: Any])
    let claims = try #require(record["claims"] as? [[String: Any]])
    let measured = try #require(claims.first?["measured"] as? Double)
    #expect(page.contains("href=\"#claim-fig-t.1-leaves\""))
    #expect(page.contains(">" + String(format: "%.2f", measured) + "</a>"))
    // Figure, data, run, command, block.
    #expect(page.contains("id=\"fig-t.1\"") && page.contains("id=\"claim-fig-t.1-leaves\""))
    #expect(page.contains("download=\"fig-t.1.csv\""))
    for entry in bench.entries("train") { #expect(page.contains((entry as NSString).lastPathComponent)) }
    #expect(page.contains("make fig-t.1 PROFILE=quick DATA=real SEEDS=1"))
    #expect(page.contains("snapshotEvery: 1,"))
    #expect(page.contains("<math"))
    for table in ["claims", "setup", "compute"] {
      #expect(page.contains("id=\"table-\(table)\""))
      for ending in ["csv", "md", "tex"] {
        #expect(bench.contents("\(bench.figures)/table-\(table).\(ending)")?.isEmpty == false)
      }
    }
    let setup = String(
      decoding: try #require(bench.contents(bench.figures + "/table-setup.csv")), as: UTF8.self)
    #expect(setup.contains("MLP,quick,2 × 16; 2 × 32,"))
    #expect(setup.contains("noisy SGD 0.01 (σ 0.01; λ 0.99)"))
    let gallery = String(decoding: try #require(bench.contents(bench.figures + "/README.md")), as: UTF8.self)
    #expect(gallery.contains("![fig-t.1](fig-t.1.png)"))
    let numbers = String(
      decoding: try #require(bench.contents(bench.folder + "/report/numbers.tex")), as: UTF8.self)
    #expect(numbers.contains("\\newcommand{\\figTOneLeaves}{$"))
  }

  @Test(.enabled(if: Tool.isThere("chromium"), "Chromium is not installed"))
  func aBrowserShowsThePage() throws {
    let bench = try Workbench(
      chapter: Self.text(
        "R² ends at {{fig-t.1: leaves}}, {{fig-t.1: final(r2.clone)}}, {{fig-t.1@quick: leaves}}."))
    #expect(try make(bench, "record-fig-t.1").code == 0)
    #expect(try make(bench, "paper").code == 0)
    let check = Workbench.repository + "/Scripts/check-page"
    let whole = try Running(check, [bench.folder + "/report/index.html"]).wait()
    #expect(whole.code == 0, "\(whole.text)")
    #expect(whole.text.contains("1 drawings"))
    // The check itself must see what is wrong.
    try bench.write(
      page(bench).replacingOccurrences(of: "id=\"claim-fig-t.1-leaves\"", with: "")
        .replacingOccurrences(
          of: "</main>", with: "<img src=\"missing.png\"><script>nothing()</script></main>"),
      to: bench.folder + "/report/broken.html")
    let broken = try Running(check, [bench.folder + "/report/broken.html"]).wait()
    #expect(broken.code == 1)
    for problem in [
      "a link leads nowhere: #claim-fig-t.1-leaves", "an image is missing", "nothing is not defined",
    ] {
      #expect(broken.text.contains(problem), "\(problem)")
    }
  }

  @Test(.enabled(if: Tool.isThere("pdflatex"), "LaTeX is not installed"))
  func theAppendixCompiles() throws {
    let bench = try Workbench(chapter: Self.text("Some prose."))
    let outcome = try bench.start(["paper", "REPORT=\(bench.folder)/report"]).wait()
    #expect(outcome.code == 0, "\(outcome.text)")
    let document = try #require(bench.contents(bench.folder + "/report/appendix.pdf"))
    #expect(document.starts(with: Data("%PDF-".utf8)))
    #expect(bench.contents(bench.folder + "/report/typeset.log") == nil, "nothing of its working is left")
    let again = try bench.start(["paper", "REPORT=\(bench.folder)/report"]).wait()
    #expect(again.text.contains("as it was"), "\(again.text)")
  }

  @Test func theArtifactIsTheSameBytesAgain() throws {
    let bench = try Workbench(chapter: Self.text("Some prose."))
    // What an earlier make of other chapters has left is none of it.
    try bench.write("{}", to: bench.figures + "/fig-old.json")
    let first = try make(bench, "artifact")
    #expect(first.code == 0, "\(first.text)")
    let archive = bench.folder + "/report/barriers-artifact.tar.zst"
    let bytes = try #require(bench.contents(archive))
    #expect(try make(bench, "artifact").code == 0)
    #expect(bench.contents(archive) == bytes)

    try FileManager.default.createDirectory(atPath: bench.folder + "/x", withIntermediateDirectories: true)
    #expect(
      try Running("/usr/bin/tar", ["--zstd", "-xf", archive, "-C", bench.folder + "/x"]).wait().code == 0)
    let root = bench.folder + "/x/barriers-artifact"
    let check = try Running("/bin/sh", ["-c", "cd '\(root)' && sha256sum --check --quiet SHA256SUMS"]).wait()
    #expect(check.code == 0, "\(check.text)")
    for file in [
      "README.md", "CHECKLIST.md", "sources/Makefile", "sources/figures/ABOUT.md", "figures/fig-t.1.csv",
      "figures/fig-t.1.claims.txt", "report/index.html",
    ] {
      #expect(bench.contents(root + "/" + file) != nil, "\(file)")
    }
    #expect(bench.contents(root + "/figures/fig-old.json") == nil)
    #expect(bench.contents(root + "/figures/README.md") != nil)
    for entry in bench.entries("train") {
      let key = (entry as NSString).lastPathComponent
      #expect(
        bench.contents("\(root)/manifests/train/\(key).json") == bench.contents(entry + "/manifest.json"))
    }
    let readme = String(decoding: try #require(bench.contents(root + "/README.md")), as: UTF8.self)
    #expect(!readme.contains("{{"))
  }

  @Test func aQuotationOfNothingStopsTheReportAndLeavesTheOldOne() throws {
    let bench = try Workbench(chapter: Self.text("R² ends at {{fig-t.1: leaves}}."))
    #expect(try make(bench, "paper").code == 0)
    let before = try page(bench)
    try bench.write(Self.text("R² ends at {{fig-t.1: leave}}."), to: bench.chapter)
    let outcome = try make(bench, "paper")
    #expect(outcome.code == 2)
    #expect(
      outcome.text.contains("paper/chapter.md:3: fig-t.1 has no claim 'leave'; it has leaves, later"),
      "\(outcome.text)")
    #expect(try page(bench) == before)
  }

  @Test func aTableNeedsOnlyTheFiguresThatItSpeaksOf() throws {
    let bench = try Workbench(chapter: Self.text("Some prose."))
    #expect(try bench.planned("table-setup").isEmpty)
    #expect(try bench.planned("table-claims").contains("plot"))
    let outcome = try bench.make("table-setup")
    #expect(outcome.code == 0, "\(outcome.text)")
    #expect(bench.allEntries.isEmpty)
    #expect(try bench.make("why-table-setup").text.contains("written anew whenever it is asked for"))
    let unknown = try bench.make("table-weather")
    #expect(unknown.code == 2)
    #expect(unknown.text.contains("no chapter declares 'table-weather'; there are: fig-t.1, table-claims"))
  }
}

/// A program that a test needs and a machine may lack.
enum Tool {
  static func isThere(_ name: String) -> Bool {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
      .contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(name)") }
  }
}
