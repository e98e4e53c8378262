import Claims
import Foundation
import Tables
import Testing

@testable import Figures

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

  /// What is drawn of three seeds: a line, a curve that one of them lacks, a dot a task, and a line with a gap.
  private static func drawn() throws -> ([PanelSpecification], FigureData) {
    func series(_ id: String, _ more: String, dots: Bool = false) -> String {
      """
      {"id": "\(id)", "label": "\(id)", \(more),
       "style": {"color": 0, "line": "solid"\(dots ? ", \"dots\": true" : "")}}
      """
    }
    let all = [
      series("a", "\"runs\": [\"r\"], \"metric\": \"loss\""),
      series(
        "dots", "\"runs\": [\"r\"], \"metric\": \"loss\", \"averagedOver\": \"task\", \"against\": \"rank\"",
        dots: true),
      series("some", "\"table\": \"t\", \"curve\": \"some\""),
      series("whole", "\"table\": \"u\", \"curve\": \"part-*\""),
    ].joined(separator: ", ")
    let text = """
      [{"id": "p", "title": "p", "x": {"label": "x"}, "y": {"label": "y"}, "series": [\(all)]}]
      """
    let panels = try JSONDecoder().decode([PanelSpecification].self, from: Data(text.utf8))
    let tables = [
      "t/40": CurveTable(curves: ["some": [(1, 2), (2, .nan)]]), "t/41": CurveTable(curves: ["some": []]),
      "t/42": CurveTable(curves: ["some": [(2, 4)], "undrawn": [(1, 1)]]),
      "u": CurveTable(curves: ["part-1": [(0, 1), (0, 2)], "part-2": [(0, 3)]]),
    ]
    func rows(of task: Int, seed: UInt64) -> [MetricRow] {
      func row(_ metric: String, _ value: Double) -> MetricRow {
        MetricRow(step: 10 * task + 5, task: task, layer: "", probe: "", metric: metric, value: value)
      }
      let loss = Double(seed) / 3 + Double(task) / 9
      return [row("loss", loss), row("rank", 0.5)]
    }
    let data = try FigureData(panels: panels, seeds: [40, 41, 42], tables: tables) { _, seed in
      rows(of: 0, seed: seed) + rows(of: 1, seed: seed) + rows(of: 2, seed: seed)
    }
    return (panels, data)
  }

  @Test func itsNumbersTellTheSeedsApart() throws {
    let (panels, data) = try Self.drawn()
    let path = FileManager.default.temporaryDirectory.path + "/seeds-\(UUID().uuidString).csv"
    try data.table.write(path)
    defer { unlink(path) }
    #expect(data.table.columns.suffix(3) == ["seed_40", "seed_41", "seed_42"])
    let kept = try FigureData(panels: panels, seeds: [40, 41, 42], kept: path)
    #expect(kept.tellsSeeds)
    #expect(try kept.table == CSVReader.read(path))
    for name in ["p.a", "p.dots", "p.some", "p.whole"] {
      for seed: UInt64 in [40, 41, 42] {
        // As text, in which numbers that are none are equal.
        #expect(
          try "\(kept.points(of: name, seed: seed))" == "\(data.points(of: name, seed: seed))",
          "\(name) \(seed)")
      }
    }
    #expect(
      try !FigureData(panels: panels, seeds: [40, 43], kept: path).tellsSeeds, "seeds that were not run")
  }

  @Test func anExpressionThatIsNewIsJudgedOnTheSeedsOfThen() throws {
    let (panels, data) = try Self.drawn()
    let path = FileManager.default.temporaryDirectory.path + "/seeds-\(UUID().uuidString).csv"
    try data.table.write(path)
    defer { unlink(path) }
    let kept = try FigureData(panels: panels, seeds: [40, 41, 42], kept: path)
    let record = try record(
      "\"criterion\": \"final(p.a) < 1\", \"measured\": 0.5, \"perSeed\": [0.5, 0.5, 0.5]")
    func judged(_ measure: String) throws -> (then: ClaimResult, now: ClaimResult) {
      let text = """
        {"id": "c", "says": "s", "measure": "\(measure)", "comparison": ">", "threshold": 0.1}
        """
      let claim = try JSONDecoder().decode(ClaimSpecification.self, from: Data(text.utf8))
      return (
        try ClaimResult(claim, kept: record, curves: kept, profile: .quick),
        try ClaimResult(claim, data: data, profile: .quick)
      )
    }
    for measure in ["final(p.a) - initial(p.a)", "mean(p.dots)", "final(p.whole)"] {
      let (then, now) = try judged(measure)
      #expect(then == now, "\(measure)")
      #expect(then.verdict == .reproduced)
      #expect(then.perSeed.count == 3)
    }
    #expect(try judged("final(p.some)").then.note == judged("final(p.some)").now.note)
    #expect(try judged("final(p.a)").then.perSeed == [0.5, 0.5, 0.5], "a value that was kept stands")
    let undrawn = try judged("final(t.undrawn)").then
    #expect(undrawn.verdict == .undecided)
    #expect(undrawn.note == "the kept record has no value of this expression")
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
