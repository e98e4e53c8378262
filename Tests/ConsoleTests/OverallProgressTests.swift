import Testing

@testable import Console

@Suite struct OverallProgressTests {
  private func plan(slots: Int = 2) -> ProgressPlan {
    ProgressPlan(
      began: 900, planned: 1_000, slots: slots, figures: 3, jobs: 10, unfinished: [["c"], ["d"]],
      missing: [
        .init(key: "a", seconds: 100, chain: 160), .init(key: "b", seconds: 200, chain: 200),
        .init(key: "c", seconds: 40, chain: 40), .init(key: "d", seconds: 20, chain: 20),
      ])
  }

  @Test func aPlanIsReadAsItWasWritten() {
    #expect(ProgressPlan(text: plan().text) == plan())
    #expect(ProgressPlan(text: "") == nil)
    #expect(ProgressPlan(text: "make 1 2\n") == nil)
    #expect(ProgressPlan(text: plan().text + "half a l") == nil)
  }

  @Test func atTheBeginningTheEstimateIsThePlanners() {
    let progress = OverallProgress(plan(), done: [], now: 1_000)
    #expect(progress.figures == (1, 3) && progress.jobs == (6, 10))
    #expect(progress.share == 0)
    // The longest job takes longer than half of everything.
    #expect(progress.secondsLeft == 200)
    #expect(progress.text == "1/3 figures  6/10 jobs  ≈ 3 min left")
    #expect(OverallProgress(plan(slots: 1), done: [], now: 1_000).secondsLeft == 360)
  }

  @Test func whatIsDoneAndWhatRunsCounts() {
    let progress = OverallProgress(
      plan(slots: 1), done: ["a", "d", "other"], running: ["b": 0.5], now: 1_220)
    #expect(progress.figures == (2, 3) && progress.jobs == (8, 10))
    #expect(abs(progress.share - 220.0 / 360) < 1e-12)
    // As fast as expected.
    #expect(abs(progress.secondsLeft - 140) < 1e-9)
    let end = OverallProgress(plan(), done: ["a", "b", "c", "d"], now: 2_000)
    #expect(end.figures == (3, 3) && end.jobs == (10, 10) && end.share == 1 && end.secondsLeft == 0)
  }

  @Test func aSlowMachineIsFoundOut() {
    let progress = OverallProgress(plan(slots: 1), done: ["a"], now: 1_740)
    // A hundred seconds of work took 740: with a minute's trust in the planner, five times as long.
    #expect(abs(progress.secondsLeft - 260 * 5) < 1e-9)
    let short = ProgressPlan(
      began: 0, planned: 0, slots: 1, figures: 1, jobs: 2, unfinished: [["b"]],
      missing: [.init(key: "a", seconds: 5, chain: 10), .init(key: "b", seconds: 5, chain: 5)])
    // Of little work nobody trusts the planner for a minute.
    #expect(abs(OverallProgress(short, done: ["a"], now: 103).secondsLeft - 5 * 15) < 1e-9)
    #expect(OverallProgress(short, done: ["a"], now: -1).secondsLeft > 0)
  }

  @Test func theLineFitsTheTerminal() {
    let progress = OverallProgress(plan(), done: ["b"], now: 1_100)
    let wide = progress.line(of: "fig-2.1 train clone seed 41", note: "epoch 3/20", columns: 200)
    #expect(
      wide
        == "[==========>       ]  1/3 figures  7/10 jobs  ≈ 3 min left  fig-2.1 train clone seed 41  epoch 3/20"
    )
    for columns in [30, 60, 80] {
      #expect(TextWidth.columns(progress.line(of: "a title", note: "a note", columns: columns)) < columns)
    }
  }

  @Test func estimatesAreRough() {
    let expected: [(Double, String)] = [
      (0, "5 s"), (12, "10 s"), (57, "55 s"), (58, "1 min"), (845, "14 min"), (3_569, "59 min"),
      (3_600, "1 h"), (7_700, "2 h 10 min"), (200_000, "2.3 d"), (.infinity, "unknown"),
    ]
    for (seconds, text) in expected { #expect(Format.roughly(seconds) == text) }
  }

  @Test func makeSaysHowManyJobsRunAtOnce() {
    #expect(ProgressStyle.jobs(makeFlags: "") == 1)
    #expect(ProgressStyle.jobs(makeFlags: "k -j1") == 1)
    #expect(ProgressStyle.jobs(makeFlags: " -j4 --jobserver-auth=3,4 -- RUN=-j9") == 4)
    #expect(ProgressStyle.jobs(makeFlags: " -j --jobserver-auth=3,4") == nil)
  }
}
