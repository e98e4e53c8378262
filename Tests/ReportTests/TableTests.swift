import Manuscript
import Testing

@testable import Report

@Suite struct TableTests {
  private func declared(_ text: String) throws -> TableSpecification.Declared {
    let chapter = try Chapter(file: "c.md", text: "```artifact table-x\n\(text)\n```")
    return try TableSpecification.Declared(chapter.tables[0], profile: .quick)
  }

  private func table(
    _ text: String, _ samples: Samples, scale: ReportScale = ReportScale(profile: .quick)
  ) throws -> ReportTable {
    try TableBuilder(
      samples.edition(scale: scale), plan: { _ in throw ReportError("no plan") }, setups: { [] },
      estimate: nil, source: { _, _ in throw ReportError("no source") }
    ).table(declared(text))
  }

  @Test func theClaimsAreThere() throws {
    let table = try table("{ table: \"claims\", title: \"All\", note: \"A note.\" }", Samples())
    #expect(table.csv.rows.count == 2)
    #expect(
      table.csv.rows[0] == [
        "fig-2.1", "leaves", "It leaves | <far>", "1 - final(r2.clone) > 0.001", "0.03021", "–", "–",
        "reproduced",
        "quick",
      ])
    #expect(table.csv.rows[1][4].isEmpty, "what is no number is an empty field")
    #expect(table.markdown.contains("| fig-2.1 | `leaves` | It leaves \\| \\<far\\> |"))
    #expect(table.latex.contains("\\barriersref{fig-2.1}{fig-2.1} & \\texttt{leaves}"))
    #expect(table.latex.contains("It leaves \\textbar{} \\textless{}far\\textgreater{}"))
    #expect(table.html.contains("<a href=\"#claim-fig-2.1-leaves\"><code>leaves</code></a>"))
    #expect(table.html.contains("<span class=\"verdict reproduced\">✓ reproduced</span>"))
  }

  /// What was kept has its time, once, and what was not run here is not estimated by what is not known here.
  @Test func keptFiguresCostWhatTheyTook() throws {
    let samples = try Samples()
    try samples.giveOrigin("results of commit abc")
    let best = ReportScale(profile: .quick, source: "records", isBest: true)
    let table = try table("{ table: \"compute\", title: \"t\", note: \"n\" }", samples, scale: best)
    #expect(
      table.csv.rows == [
        ["fig-2.1", "quick", "measured, kept record", "1", "1", "4.0", "3.0", "not recorded"],
        ["fig-2.1", "standard", "measured, kept record", "1", "1", "4.0", "3.0", "not recorded"],
        ["all, shared runs once", "best kept", "measured", "", "1", "4.0", "3.0", "1"],
      ])
  }

  /// The record at standard is the better one.
  @Test func theOverviewCountsVerdictsAtTheBestProfile() throws {
    let table = try table("{ table: \"overview\", title: \"t\", note: \"n\" }", Samples())
    #expect(
      table.csv.columns == [
        "Artifact", "Profile", "Seeds", "Claims", "Reproduced", "Not reproduced", "Undecided",
        "Not tested at this profile",
      ])
    #expect(
      table.csv.rows == [
        ["fig-2.1", "standard", "1", "2", "1", "1", "0", "0"],
        ["all figures", "", "", "2", "1", "1", "0", "0"],
      ])
  }

  @Test func differencesQuoteResults() throws {
    let text = """
      { table: "differences", title: "t", note: "n",
        rows: [{ matter: "m", text: "a", code: "b", ours: "c", effect: "{{fig-2.1: leaves}} in fig-2.1" }] }
      """
    let table = try table(text, Samples())
    #expect(table.csv.rows == [["m", "a", "b", "c", "0.0302 in fig-2.1"]])
    #expect(table.html.contains("href=\"#claim-fig-2.1-leaves\""))
    #expect(table.html.contains("in <a href=\"#fig-2.1\">fig-2.1</a>"))
    #expect(table.latex.contains("$0.0302$ in \\barriersref{fig-2.1}{fig-2.1}"))
    #expect(try declared(text).figures(among: ["fig-1.1", "fig-2.1"]) == ["fig-2.1"])
    let whole = text.replacingOccurrences(of: "\"m\"", with: "\"of {{report: claims}}\"")
    #expect(try declared(whole).figures(among: ["fig-1.1", "fig-2.1"]) == ["fig-1.1", "fig-2.1"])
  }

  @Test func aQuotationOfNothingNamesTheRow() throws {
    let text = """
      { table: "differences", title: "t", note: "n",
        rows: [{ matter: "m", text: "a", code: "b", ours: "c", effect: "{{fig-2.1: x}}" }] }
      """
    do {
      _ = try table(text, Samples())
      Issue.record("nothing was thrown")
    } catch let error as ManuscriptError {
      #expect(error.message.contains("table-x: rows[0]: fig-2.1 has no claim"))
    }
  }

  @Test(
    arguments: [
      ("{ table: \"claims\", title: \"t\", note: \"n\", rows: [] }", "rows belong to tables of differences"),
      ("{ table: \"differences\", title: \"t\", note: \"n\" }", "rows belong to tables of differences"),
      (
        "{ table: \"claims\", title: \"t\", note: \"n\", colour: 1 }",
        "colour is not a key that is known here"
      ),
      ("{ table: \"weather\", title: \"t\", note: \"n\" }", "table"),
    ])
  func badBlocksAreRefused(text: String, message: String) {
    do {
      _ = try declared(text)
      Issue.record("nothing was thrown")
    } catch { #expect("\(error)".contains(message), "\(error)") }
  }

  @Test func everyClaimHasAMacro() throws {
    let samples = try Samples()
    let text = try NumberMacros.latex(samples.edition())
    #expect(text.contains("\\newcommand{\\figTwoOneLeaves}{$0.0302$}"))
    #expect(text.contains("\\newcommand{\\figTwoOneStaysTwoVerdict}{not reproduced}"))
    #expect(text.contains("\\@namedef{barriers@value@fig-2.1: leaves}{\\figTwoOneLeaves}"))
    #expect(text.contains("\\newcommand{\\barriersReproduced}{1}"))
  }

  @Test func foreignLettersDoNotStopLaTeX() {
    #expect(Markup.latex("50 % of R² ≤ {1}") == "50 \\% of R$^2$ $\\le$ \\{1\\}")
    #expect(Markup.latex("ü字") == "ü\\texttt{U+5B57}")
  }
}
