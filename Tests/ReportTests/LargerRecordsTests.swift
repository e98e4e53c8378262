import Claims
import Foundation
import Testing

@testable import Report

@Suite struct LargerRecordsTests {
  private func claims(_ samples: Samples) throws -> [ClaimResult] {
    try PublishedFigure("fig-2.1", in: samples.figures).record.claims
  }

  @Test func whatALargerRecordDecidesOtherwiseIsTold() throws {
    let samples = try Samples()
    let record = try PublishedFigure("fig-2.1", in: samples.figures).record
    let shelf = RecordShelf(folder: samples.records)
    let larger = try shelf.larger(than: record)
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
    let larger = LargerRecords([record], beside: made)
    #expect(larger.remark(on: claim) == nil)
  }

  @Test func ofSeveralRecordsTheLargestThatDecidesIsTold() throws {
    let samples = try Samples()
    var made = try PublishedFigure("fig-2.1", in: samples.figures).record
    made.claims[0].verdict = .undecided
    let standard = try PublishedFigure("fig-2.1", in: samples.records + "/standard").record
    var paper = standard
    paper.profile = .paper
    func remark() -> String? {
      LargerRecords([standard, paper], beside: made).remark(on: made.claims[0])
    }
    paper.claims[0].verdict = .notReproduced
    #expect(remark() == "at paper, as kept: not reproduced, 0.400")
    paper.claims[0].criterion = "another"
    #expect(remark() == "at standard, as kept: reproduced, 0.400", "another criterion decides something else")
    paper.claims = standard.claims
    paper.claims[0].verdict = .undecided
    #expect(remark() == "at standard, as kept: reproduced, 0.400", "the largest leaves it open")
    paper.claims = []
    #expect(remark() == "at standard, as kept: reproduced, 0.400", "the largest does not know it")
  }

  /// As they lie in the folder of records.
  @Test func anUndecidedRecordDoesNotHideASmallerOne() throws {
    let samples = try Samples()
    let folder = samples.records + "/paper"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try samples.publish(in: folder, profile: .paper, measured: 0.2, last: 0.5)
    let path = folder + "/fig-2.1.json"
    try String(contentsOfFile: path, encoding: .utf8)
      .replacingOccurrences(of: "\"verdict\": \"reproduced\"", with: "\"verdict\": \"undecided\"")
      .write(toFile: path, atomically: true, encoding: .utf8)
    var made = try PublishedFigure("fig-2.1", in: samples.figures).record
    made.claims[0].verdict = .notReproduced
    let larger = try RecordShelf(folder: samples.records).larger(than: made)
    #expect(larger.remark(on: made.claims[0]) == "at standard, as kept: reproduced, 0.400")
    #expect(larger.contradicts(made.claims[0]))
  }

  @Test func thereIsNothingLargerThanTheLargestNorForStandIns() throws {
    let samples = try Samples()
    let shelf = RecordShelf(folder: samples.records)
    var kept = try PublishedFigure("fig-2.1", in: samples.records + "/standard").record
    kept.claims[0].verdict = .undecided
    #expect(try shelf.larger(than: kept).remark(on: kept.claims[0]) == nil)
    var record = try PublishedFigure("fig-2.1", in: samples.figures).record
    record.claims[0].verdict = .undecided
    #expect(try shelf.larger(than: record).remark(on: record.claims[0]) != nil)
    record.dataSets[0].synthetic = true
    #expect(try shelf.larger(than: record).remark(on: record.claims[0]) == nil)
  }

  @Test func thePageTellsIt() throws {
    let samples = try Samples()
    let path = samples.figures + "/fig-2.1.json"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try text.replacingOccurrences(of: "\"verdict\": \"reproduced\"", with: "\"verdict\": \"undecided\"")
      .write(toFile: path, atomically: true, encoding: .utf8)
    let figure = try PublishedFigure("fig-2.1", in: samples.figures)
    let kept = try RecordShelf(folder: samples.records).larger(than: figure.record)
    let section = FigureSection(figure: figure, block: nil, recorded: nil, deciding: kept, commit: "")
    #expect(section.claims { $0 }.contains("at standard, as kept: reproduced, 0.400"))
  }
}
