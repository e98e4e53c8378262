import Claims
import Foundation
import Testing

@testable import Report

@Suite struct LargerRecordTests {
  private func claims(_ samples: Samples) throws -> [ClaimResult] {
    try PublishedFigure("fig-2.1", in: samples.figures).record.claims
  }

  @Test func whatALargerRecordDecidesOtherwiseIsTold() throws {
    let samples = try Samples()
    let record = try PublishedFigure("fig-2.1", in: samples.figures).record
    let shelf = RecordShelf(folder: samples.records)
    let larger = try #require(try shelf.larger(than: record))
    #expect(larger.profile == .standard)
    var leaves = record.claims[0]
    #expect(larger.remark(on: leaves) == nil, "both say the same")
    leaves.verdict = .undecided
    #expect(larger.remark(on: leaves) == "at standard, as kept: reproduced, 0.400")
    #expect(!larger.contradicts(leaves))
    leaves.verdict = .notReproduced
    #expect(larger.contradicts(leaves))
    leaves.criterion = "another"
    #expect(larger.remark(on: leaves) == nil, "another criterion decides something else")
  }

  @Test func anUndecidedRecordSaysNothing() throws {
    let samples = try Samples()
    var record = try PublishedFigure("fig-2.1", in: samples.records + "/standard").record
    record.claims[0].verdict = .undecided
    let claim = try claims(samples)[0]
    let made = try PublishedFigure("fig-2.1", in: samples.figures).record
    let larger = try #require(LargerRecord(record, beside: made))
    #expect(larger.remark(on: claim) == nil)
  }

  @Test func thereIsNothingLargerThanTheLargestNorForStandIns() throws {
    let samples = try Samples()
    let shelf = RecordShelf(folder: samples.records)
    let kept = try PublishedFigure("fig-2.1", in: samples.records + "/standard").record
    #expect(try shelf.larger(than: kept) == nil)
    var record = try PublishedFigure("fig-2.1", in: samples.figures).record
    record.dataSets[0].synthetic = true
    #expect(try shelf.larger(than: record) == nil)
  }

  @Test func thePageTellsIt() throws {
    let samples = try Samples()
    let path = samples.figures + "/fig-2.1.json"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try text.replacingOccurrences(of: "\"verdict\": \"reproduced\"", with: "\"verdict\": \"undecided\"")
      .write(toFile: path, atomically: true, encoding: .utf8)
    let figure = try PublishedFigure("fig-2.1", in: samples.figures)
    let kept = try PublishedFigure("fig-2.1", in: samples.records + "/standard")
    let section = FigureSection(figure: figure, block: nil, recorded: nil, larger: kept, commit: "")
    #expect(section.claims { $0 }.contains("at standard, as kept: reproduced, 0.400"))
  }
}
