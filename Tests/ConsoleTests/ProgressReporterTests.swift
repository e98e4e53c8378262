import Foundation
import Synchronization
import Testing

@testable import Console

/// A clock that is set by hand and a terminal that remembers.
private final class Fake: Sendable {
  let time = Mutex(0.0)
  let output = Mutex<[String]>([])

  func surroundings(width: Int = 80) -> ProgressReporter.Surroundings {
    ProgressReporter.Surroundings(
      write: { text in self.output.withLock { $0.append(text) } }, now: { self.time.withLock { $0 } },
      width: { width })
  }

  func advance(_ seconds: Double) { time.withLock { $0 += seconds } }
  var written: [String] { output.withLock { $0 } }
}

@Suite struct ProgressReporterTests {
  private func reporter(
    _ fake: Fake, style: ProgressStyle, alreadyDone: Double = 0, width: Int = 80, log: String? = nil
  ) -> ProgressReporter {
    ProgressReporter(
      title: "train", total: 100, alreadyDone: alreadyDone, style: style, log: log,
      surroundings: fake.surroundings(width: width))
  }

  @Test func plainLinesBeginAfterASecondAndAreFew() {
    let fake = Fake()
    let progress = reporter(fake, style: .plain)
    for done in 1...100 {
      fake.advance(0.25)
      progress.update(done: Double(done), note: "epoch \(done)")
    }
    progress.finish(note: "loss 1")
    progress.finish()
    progress.update(done: 3)
    #expect(fake.written.count == 4)
    #expect(fake.written.first == "train:    4%  epoch 4  24 s left\n")
    #expect(fake.written.last == "train:  100%  loss 1  in 25 s\n")
  }

  @Test func lineIsRedrawnAtMostTenTimesASecondAndFits() {
    let fake = Fake()
    let progress = reporter(fake, style: .line, width: 40)
    for done in 1...100 {
      fake.advance(0.01)
      progress.update(done: Double(done), note: "a note that is much longer than the terminal is wide")
    }
    progress.finish()
    #expect((9...12).contains(fake.written.count))
    for text in fake.written {
      #expect(text.hasPrefix("\r"))
      let visible = text.dropFirst().replacing("\u{1B}[K", with: "").replacing("\n", with: "")
      #expect(TextWidth.columns(String(visible)) <= 39)
    }
    #expect(fake.written.last == "\rtrain  100%  in 1.0 s\u{1B}[K\n")
  }

  @Test func barShowsTheShare() {
    let fake = Fake()
    let progress = reporter(fake, style: .line)
    progress.update(done: 50)
    #expect(fake.written == ["\rtrain  [==============>             ]   50%\u{1B}[K"])
  }

  @Test func notesAreNotMadeInVain() {
    let fake = Fake()
    let progress = reporter(fake, style: .plain)
    fake.advance(1)
    let made = Mutex(0)
    for done in 1...1000 {
      progress.update(
        done: Double(done),
        note: made.withLock {
          $0 += 1
          return "\($0)"
        })
    }
    #expect(made.withLock { $0 } == 1)
  }

  @Test func resumedWorkDoesNotCountAsSpeed() {
    for resumesLater in [false, true] {
      let fake = Fake()
      let progress = reporter(fake, style: .plain, alreadyDone: resumesLater ? 0 : 80)
      fake.advance(5)
      if resumesLater { progress.resume(at: 80) }
      fake.advance(10)
      progress.update(done: 81)
      #expect(
        fake.written == [resumesLater ? "train:   81%  3 min 10 s left\n" : "train:   81%  4 min 45 s left\n"]
      )
    }
  }

  @Test func recentWorkCountsMost() {
    var estimate = ProgressEstimate(done: 0, now: 0)
    #expect(estimate.secondsLeft(total: 10) == nil)
    for second in 1...600 { estimate.update(done: Double(second), now: Double(second)) }
    for second in 1...240 { estimate.update(done: 600 + 10 * Double(second), now: 600 + Double(second)) }
    #expect(abs((estimate.rate ?? 0) - 10) < 0.3)
  }

  @Test func logGetsPlainLines() throws {
    let path = FileManager.default.temporaryDirectory.path + "/progress-\(UUID().uuidString).log"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let fake = Fake()
    let progress = reporter(fake, style: .silent, log: path)
    fake.advance(1)
    progress.update(done: 10, note: "a")
    progress.finish(note: "b")
    #expect(fake.written.isEmpty)
    #expect(
      try String(contentsOfFile: path, encoding: .utf8)
        == "train:   10%  a  9.0 s left\ntrain:   10%  b  in 1.0 s\n")
  }

  @Test func logThatFailsIsMentionedOnce() {
    let fake = Fake()
    let progress = reporter(fake, style: .silent, log: "/dev/full")
    progress.update(done: 1)
    progress.finish()
    #expect(fake.written == ["cannot write the log file: No space left on device; going on without\n"])
  }

  @Test func styleFollowsTheSurroundings() {
    func style(_ isTerminal: Bool, _ environment: [String: String]) -> ProgressStyle {
      ProgressStyle.choose(isTerminal: isTerminal, environment: environment)
    }
    #expect(style(true, [:]) == .line)
    #expect(style(false, [:]) == .plain)
    #expect(style(true, ["TERM": "dumb"]) == .plain)
    #expect(style(true, ["MAKEFLAGS": " -j4 --jobserver-auth=3,4"]) == .plain)
    #expect(style(true, ["MAKEFLAGS": "ks --jobserver-fds=3,4 -j"]) == .plain)
    #expect(style(true, ["MAKEFLAGS": " -j1"]) == .line)
    #expect(style(true, ["MAKEFLAGS": "k -- NAME=-j4"]) == .line)
  }
}
