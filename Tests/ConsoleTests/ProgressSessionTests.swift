import Foundation
import Synchronization
import Testing

@testable import Console

/// A folder, a clock that is set by hand and a terminal that remembers.
private final class Make: Sendable {
  let folder = FileManager.default.temporaryDirectory.path + "/progress-\(UUID().uuidString)"
  let time = Mutex(1_000.0)
  let output = Mutex<[String]>([])

  init(keys: [String] = ["a", "b"]) {
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    stage(isTerminal: false).begin(plan(keys))
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func plan(_ keys: [String]) -> ProgressPlan {
    ProgressPlan(
      began: 1_000, planned: 1_000, slots: 1, figures: 1, jobs: keys.count, unfinished: [keys],
      missing: keys.map { .init(key: $0, seconds: 100, chain: 100) })
  }

  /// As another process would see the folder.
  func stage(isTerminal: Bool) -> ProgressSession {
    ProgressSession(
      folder: folder,
      surroundings: ProgressSession.Surroundings(
        isTerminal: isTerminal, write: { text in self.output.withLock { $0.append(text) } },
        now: { self.time.withLock { $0 } }, width: { 100 }))
  }

  func advance(_ seconds: Double) { time.withLock { $0 += seconds } }

  /// What was written since the last time.
  func written() -> [String] {
    output.withLock { lines in
      defer { lines = [] }
      return lines
    }
  }
}

@Suite struct ProgressSessionTests {
  @Test func intoAPipeGoesALineInHalfAMinute() {
    let make = Make()
    let (one, other) = (make.stage(isTerminal: false), make.stage(isTerminal: false))
    one.begin("a", title: "train a")
    other.begin("b", title: "train b")
    for step in 1...90 {
      make.advance(1)
      one.update(share: Double(step) / 100, note: "note")
      other.update(share: Double(step) / 200, note: "note")
    }
    let lines = make.written()
    #expect(lines.count == 3)
    #expect(lines.allSatisfy { $0.hasPrefix("0/1 figure  0/2 jobs  ≈ ") && $0.hasSuffix(" left\n") })
  }

  @Test func onATerminalOneStageWritesTheLine() {
    let make = Make()
    let (one, other) = (make.stage(isTerminal: true), make.stage(isTerminal: true))
    make.advance(2)
    one.begin("a", title: "train a")
    other.begin("b", title: "train b")
    for step in 1...10 {
      make.advance(0.5)
      one.update(share: Double(step) / 100, note: "note")
      other.update(share: Double(step) / 100, note: "note")
    }
    let lines = make.written()
    #expect(lines.count == 11)
    #expect(lines.allSatisfy { $0.hasPrefix("\r[") && $0.contains("train a") && $0.hasSuffix("\u{1B}[K") })
    // When it has nothing more to say, the other takes over.
    make.advance(2)
    other.update(share: 0.5)
    #expect(make.written().first?.contains("train b") == true)
  }

  @Test func theLastStageLeavesAnEmptyLine() {
    let make = Make()
    let (one, other) = (make.stage(isTerminal: true), make.stage(isTerminal: true))
    one.begin("a", title: "train a")
    other.begin("b", title: "train b")
    _ = make.written()
    one.end(isDone: true)
    #expect(!make.written().contains(ProgressSession.emptyLine))
    other.end(isDone: false)
    #expect(make.written().last == ProgressSession.emptyLine)
    #expect(make.stage(isTerminal: true).overall()?.jobs.done == 1, "what failed is not done")
  }

  @Test func aStageThatDiedCountsForNothing() {
    let make = Make()
    do {
      let dying = make.stage(isTerminal: false)
      dying.begin("a", title: "train a")
      make.advance(1)
      dying.update(share: 0.5)
      #expect(make.stage(isTerminal: false).overall()?.share == 0.25)
      dying.die()
    }
    #expect(FileManager.default.fileExists(atPath: make.folder + "/running/a"))
    #expect(make.stage(isTerminal: false).overall()?.share == 0)
    // It is started again.
    let next = make.stage(isTerminal: false)
    next.begin("a", title: "train a")
    make.advance(1)
    next.update(share: 0.1)
    #expect(make.stage(isTerminal: false).overall()?.share == 0.05)
    next.end(isDone: true)
    #expect(make.stage(isTerminal: false).overall()?.share == 0.5)
  }

  @Test func whatAnEarlierPlanSawDoneIsForgotten() {
    let make = Make()
    let stage = make.stage(isTerminal: false)
    stage.begin("a", title: "train a")
    stage.end(isDone: true)
    #expect(stage.overall()?.jobs.done == 1)
    stage.begin(make.plan(["b"]), hasRun: stage.hasRun)
    #expect(stage.overall()?.jobs.done == 0 && stage.overall()?.jobs.total == 1)
    #expect(stage.hasRun)
  }

  @Test func theEndIsToldOnce() {
    let make = Make()
    let goals = ["figures", "tables"]
    #expect(!make.stage(isTerminal: false).reach("tables", of: goals))
    #expect(make.stage(isTerminal: false).reach("figures", of: goals))
    #expect(!make.stage(isTerminal: false).reach("figures", of: goals))
  }

  @Test func aReporterOfAMakeWritesNoLineOfItsOwn() throws {
    let make = Make()
    let session = make.stage(isTerminal: false)
    session.begin("a", title: "train a")
    let log = make.folder + "/log"
    let reporter = ProgressReporter(title: "train a", total: 4, log: log, session: session)
    make.advance(40)
    reporter.update(done: 2, note: "half")
    #expect(make.written() == ["0/1 figure  0/2 jobs  ≈ 2 min left\n"])
    reporter.finish(note: "loss 1")
    #expect(make.written().isEmpty)
    #expect(try String(contentsOfFile: log, encoding: .utf8).contains("100%") == false)
    #expect(try String(contentsOfFile: log, encoding: .utf8).contains("loss 1"))
    #expect(session.overall()?.share == 0.25)
  }

  @Test func withoutItsFolderNothingHappens() {
    let make = Make()
    let session = make.stage(isTerminal: false)
    try? FileManager.default.removeItem(atPath: make.folder)
    session.begin("a", title: "train a")
    make.advance(100)
    session.update(share: 0.5)
    session.end(isDone: true)
    #expect(make.written().isEmpty && session.overall() == nil)
  }
}
