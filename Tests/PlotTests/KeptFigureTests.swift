import Claims
import Figures
import Foundation
import Tables
import Testing

/// A figure that was kept as it was drawn is drawn again to the same numbers, and its claims are put to what was measured.
@Suite struct KeptFigureTests {
  private static func panels() throws -> [PanelSpecification] {
    func series(_ id: String, dots: Bool = false) -> String {
      """
      {"id": "\(id)", "label": "\(id)", "table": "t", "curve": "\(id)",
       "style": {"color": 0, "line": "solid"\(dots ? ", \"dots\": true" : "")}}
      """
    }
    let all = [series("a"), series("b", dots: true), series("new")].joined(separator: ", ")
    let text = """
      [{"id": "p", "title": "p", "x": {"label": "x"}, "y": {"label": "y"}, "series": [\(all)]}]
      """
    return try JSONDecoder().decode([PanelSpecification].self, from: Data(text.utf8))
  }

  private static let text = """
    panel,series,x,y,y_low,y_high,n,seed,task,size
    p,a,1.0,2.0,1.5,2.5,3,,,
    p,a,nan,nan,nan,nan,0,,,
    p,a,2.0,2.25,1.75,2.75,3,,,
    p,b,0.5,0.75,0.75,0.75,1,40,1,0.25
    p,b,0.625,0.5,0.5,0.5,1,40,2,

    """

  @Test func itsNumbersAreTheSame() throws {
    let path = FileManager.default.temporaryDirectory.path + "/kept-\(UUID().uuidString).csv"
    try Self.text.write(toFile: path, atomically: true, encoding: .utf8)
    defer { unlink(path) }
    let data = try FigureData(panels: Self.panels(), seeds: [40, 41, 42], kept: path)
    #expect(data.curves.map(\.name) == ["p.a", "p.b"], "what a chapter has had since is left out")
    #expect(try data.table.rows == CSVReader.read(path).rows)
    #expect(data.curves[1].points.map { $0.task?.progress } == [0.5, 1])
    #expect(data.curves[0].spread == .band)
  }

  private func record(_ claim: String) throws -> FigureRecord {
    let text = """
      {"artifact": "fig-t.1", "title": "t", "profile": "quick", "seeds": [40, 41, 42], "dataSets": [], "runs": [],
       "tables": [], "runEnds": {}, "fingerprints": {}, "computeSeconds": 1, "host": "there", "command": "make",
       "claims": [{"id": "old-name", "says": "s", "verdict": "undecided", \(claim)}]}
      """
    return try JSONDecoder().decode(FigureRecord.self, from: Data(text.utf8))
  }

  private func judged(
    _ record: FigureRecord, _ measure: String, _ comparison: String, _ threshold: Double
  ) throws -> ClaimResult {
    let text = """
      {"id": "c", "says": "s", "measure": "\(measure)", "comparison": "\(comparison)", "threshold": \(threshold)}
      """
    let claim = try JSONDecoder().decode(ClaimSpecification.self, from: Data(text.utf8))
    return try ClaimResult(claim, kept: record, profile: .quick)
  }

  @Test func claimsAreJudgedByTodaysCriterionOnTheValuesOfThen() throws {
    let kept = try record(
      "\"criterion\": \"final(p.a) - 1 < 0.5\", \"measured\": 0.31, \"perSeed\": [0.3, 0.31, 0.32]")
    let held = try judged(kept, "final(p.a) - 1", "<", 0.5)
    #expect(held.verdict == .reproduced)
    #expect(abs((held.measured ?? 0) - 0.31) < 1e-12)
    #expect(held.interval?.count == 2)
    #expect(try judged(kept, "final(p.a) - 1", ">", 0.5).verdict == .notReproduced)
    #expect(try judged(kept, "final(p.a) - 1", "<", 0.31).verdict == .undecided)
    #expect(try judged(kept, "final(p.a) - 1", "within", 0.1).verdict == .notReproduced)
    let other = try judged(kept, "final(p.a)", "<", 0.5)
    #expect(other.verdict == .undecided)
    #expect(other.measured == nil)
    #expect(other.note == "the kept record has no value of this expression")
  }

  @Test func aSeedWithoutANumberDecidesNothing() throws {
    let kept = try record(
      "\"criterion\": \"|final(p.a)| ≤ 0.5\", \"measured\": 0.31, \"perSeed\": [0.3, 0.31]")
    #expect(try judged(kept, "final(p.a)", "within", 0.5).verdict == .undecided)
  }

  @Test func aRecordThatWouldSpeakToTheTerminalIsRefused() throws {
    let path = FileManager.default.temporaryDirectory.path + "/record-\(UUID().uuidString).json"
    defer { unlink(path) }
    var record = try record(
      "\"criterion\": \"final(p.a) < 1\", \"measured\": 0.5, \"perSeed\": [0.5, 0.5, 0.5]")
    try JSONEncoder().encode(record).write(to: URL(fileURLWithPath: path))
    #expect(try FigureRecord(contentsOf: path).claims.count == 1)
    record.host = "there\u{1b}[2J"
    try JSONEncoder().encode(record).write(to: URL(fileURLWithPath: path))
    #expect(throws: (any Error).self) { try FigureRecord(contentsOf: path) }
  }
}
