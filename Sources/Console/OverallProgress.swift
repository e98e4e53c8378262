/// How far a whole make is: figures, jobs and time left, from its plan and from what has been done since.
public struct OverallProgress: Sendable, Equatable {
  public let figures: (done: Int, total: Int)
  public let jobs: (done: Int, total: Int)
  /// Of the work that was missing when the make began, by estimated seconds, in 0...1.
  public let share: Double
  /// Estimated; 0 when all is done.
  public let secondsLeft: Double

  /// For so long the planner's estimate counts more than the pace that was measured since: so many seconds, or this
  /// share of all the work if that is less.
  private static let trust = (seconds: 60.0, share: 0.2)

  /// - Parameters:
  ///   - done: the keys of the jobs that ended since the plan was made.
  ///   - running: key → the share done, of those under way.
  ///   - now: in seconds since 1970.
  public init(_ plan: ProgressPlan, done: Set<String>, running: [String: Double] = [:], now: Double) {
    var (all, left, longest) = (0.0, 0.0, 0.0)
    var open = 0
    for job in plan.missing {
      all += job.seconds
      if done.contains(job.key) { continue }
      open += 1
      let ahead = job.seconds * max(0, min(1, running[job.key] ?? 0))
      left += job.seconds - ahead
      longest = max(longest, job.chain - ahead)
    }
    let slots = Double(max(1, plan.slots))
    let worked = (all - left) / slots
    let elapsed = max(0, now - plan.planned)
    let trust = min(Self.trust.seconds, Self.trust.share * all / slots)
    let pace = worked + trust > 0 ? (elapsed + trust) / (worked + trust) : 1
    let openFigures = plan.unfinished.filter { !done.isSuperset(of: $0) }.count
    figures = (plan.figures - openFigures, plan.figures)
    jobs = (plan.jobs - open, plan.jobs)
    share = all > 0 ? (all - left) / all : 1
    secondsLeft = max(left / slots, longest) * pace
  }

  public static func == (left: OverallProgress, right: OverallProgress) -> Bool {
    left.figures == right.figures && left.jobs == right.jobs && left.share == right.share
      && left.secondsLeft == right.secondsLeft
  }

  /// `3/29 figures  143/562 jobs  ≈ 14 min left`.
  public var text: String {
    "\(figures.done)/\(figures.total) \(figures.total == 1 ? "figure" : "figures")  "
      + "\(jobs.done)/\(jobs.total) \(jobs.total == 1 ? "job" : "jobs")  ≈ \(Format.roughly(secondsLeft)) left"
  }

  /// The same for a terminal of some columns, with a bar and, where there is room, what is at work.
  public func line(of title: String, note: String = "", columns: Int) -> String {
    let inner = 18
    let filled = Int(max(0, min(1, share)) * Double(inner))
    let bar = String(repeating: "=", count: filled) + (filled < inner ? ">" : "")
    let parts = ["[\(TextWidth.pad(bar, to: inner))]", text, title, note].filter { !$0.isEmpty }
    return TextWidth.fit(parts.joined(separator: "  "), to: max(20, columns - 1))
  }
}
