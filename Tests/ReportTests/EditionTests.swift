import Foundation
import Manuscript
import Testing

@testable import Report

@Suite struct EditionTests {
  @Test func aQuotedClaimLeadsToTheClaim() throws {
    let line = try Samples().woven("R² is {{fig-2.1: leaves}}.")
    #expect(line.hasPrefix("R² is `<a class=\"quoted\" href=\"#claim-fig-2.1-leaves\""))
    #expect(line.contains(">0.0302</a>`{=html}."))
    #expect(!line.contains("|"), "a bar would end a table's cell")
    #expect(line.contains("It leaves &#124; &lt;far&gt;"))
  }

  @Test func anExpressionIsEvaluatedOnWhatIsDrawn() throws {
    let line = try Samples().woven("{{fig-2.1: 1 - final(r2.clone) as 0.0}}")
    #expect(line.contains("href=\"#provenance-fig-2.1\""))
    #expect(line.contains(">0.2</a>"))
  }

  @Test func aRecordIsQuotedByItsProfile() throws {
    let line = try Samples().woven("{{fig-2.1@standard: leaves}} {{fig-2.1@standard: final(r2.clone)}}")
    #expect(line.contains("href=\"#record-standard-fig-2.1-leaves\"") && line.contains(">0.400</a>"))
    #expect(line.contains("href=\"#record-standard-fig-2.1\"") && line.contains(">0.500</a>"))
  }

  @Test func factsOfTheWholeAreQuoted() throws {
    let plain = PlainLanguage()
    #expect(try Samples().woven("{{report: reproduced}} of {{report: claims}}", as: plain) == "1 of 2")
    #expect(try Samples().woven("{{report: runs}} runs, {{report: commit}}", as: plain) == "1 runs, abc")
  }

  @Test(
    arguments: [
      ("{{fig-2.1: nothing}}", "has no claim 'nothing'; it has leaves, stays-2"),
      ("{{fig-9.9: leaves}}", "no chapter declares 'fig-9.9'"),
      ("{{fig-2.1: final(r2.other)}}", "draws no 'r2.other'; it draws r2.clone"),
      ("{{fig-2.1: final(r2.clone}}", "lacks a ')'"),
      ("{{fig-2.1@paper: leaves}}", "there is no record of fig-2.1 at paper"),
      ("{{fig-2.1@slow: leaves}}", "'slow' is no profile"),
      ("{{report: weather}}", "'weather' is no fact of the report"),
      ("{{fig-2.1: leaves as x}}", "'x' is no pattern of a number"),
      ("{{fig-2.1: at(r2.clone, 1000000) as 0.0}}", "'at(r2.clone, 1000000)' is not a number in fig-2.1"),
    ])
  func aQuotationOfNothingIsAnErrorWithItsLine(quotation: String, message: String) throws {
    let samples = try Samples()
    let edition = try samples.edition("First.\n\n" + quotation)
    do {
      _ = try ChapterWeaver(edition: edition, language: PageLanguage()).weave(edition.chapters[0])
      Issue.record("nothing was thrown")
    } catch let error as ManuscriptError {
      #expect(error.file == "paper/01-a-chapter.md")
      #expect(error.line == 5)
      #expect(error.message.contains(message), "\(error)")
    }
  }

  @Test func aFigureOfAnotherProfileIsRefused() throws {
    let samples = try Samples()
    #expect(throws: ReportError.self) { try samples.edition(profile: .standard) }
  }

  @Test func aMissingFigureSaysHowToMakeIt() throws {
    let samples = try Samples()
    try FileManager.default.removeItem(atPath: samples.figures + "/fig-2.1.json")
    do {
      _ = try samples.edition()
      Issue.record("nothing was thrown")
    } catch let error as ReportError { #expect(error.description.contains("run 'make fig-2.1'")) }
  }

  @Test func aResultIsKeptAndFoundAgain() throws {
    let samples = try Samples()
    let shelf = try samples.edition().records
    let files = try shelf.files(of: PublishedFigure("fig-2.1", in: samples.figures))
    try shelf.keep(files)
    #expect(files.map { ($0.path as NSString).lastPathComponent } == ["fig-2.1.json", "fig-2.1.csv"])
    #expect(try samples.woven("{{fig-2.1@quick: leaves}}", as: PlainLanguage()) == "0.0302")
  }

  @Test func sharedRunsCountOnce() throws {
    let samples = try Samples()
    let record = try PublishedFigure("fig-2.1", in: samples.figures).record
    let work = Work([record, record])
    #expect((work.runs, work.seconds, work.longest) == (1, 4, 3))
  }
}
