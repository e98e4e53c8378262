import Claims
import Testing

@testable import Report

/// Promise: a report of kept results says of what scale they are, and which command makes it again.
@Suite struct ReportScaleTests {
  private let best = ReportScale(profile: .quick, source: "records", isBest: true)

  @Test func figuresAtTheirBestAreCountedByProfile() throws {
    let samples = try Samples()
    let quick = try FigureRecord(published: "fig-2.1", in: samples.figures)
    let standard = try FigureRecord(published: "fig-2.1", in: samples.records + "/standard")
    var theory = quick
    theory.seeds = []
    let records = [theory, standard, quick, quick]
    #expect(best.words(of: records) == "best kept: 2 at quick, 1 at standard, 1 theory")
    #expect(ReportScale.costs(of: records) == "4.0 s at quick, 4.0 s at standard, 4.0 s for theory")
    #expect(ReportScale(profile: .quick).words(of: records) == "profile quick")
  }

  @Test func theReportSaysHowItIsMadeAgain() throws {
    let line = "{{report: scale}}; make paper {{report: settings}}; {{report: core-time-by-profile}}"
    let samples = try Samples()
    func woven(_ scale: ReportScale) throws -> String {
      try ChapterWeaver(edition: samples.edition(scale: scale), language: PlainLanguage()).inline(line)
    }
    #expect(try woven(best) == "best kept: 1 at quick; make paper FROM=records; 4.0 s at quick")
    #expect(
      try woven(ReportScale(profile: .quick, source: "results"))
        == "profile quick; make paper FROM=results PROFILE=quick; 4.0 s at quick")
    #expect(try SummarySection(samples.edition(scale: best)).html.contains("<b>Best kept: 1 at quick</b>"))
    #expect(
      try NumberMacros.latex(samples.edition(scale: best)).contains(
        "\\newcommand{\\barriersScale}{best kept: 1 at quick}"))
  }
}
