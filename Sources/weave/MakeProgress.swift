import Console
import ContentStore
import Foundation
import Manuscript

/// The beginning of a make's progress: what the goals need that is not there.
struct MakeProgress {
  /// The folder of this make, named by its process.
  let folder: String
  let goals: [String]
  /// How many jobs run at once.
  let slots: Int

  /// - Parameter runsElsewhere: whether jobs are sent to other machines, so that this one's cores are no limit.
  init(folder: String, goals: [String], runsElsewhere: Bool) {
    self.folder = folder
    self.goals = goals
    let cores = ProcessInfo.processInfo.activeProcessorCount
    let jobs = ProgressStyle.jobs(makeFlags: ProcessInfo.processInfo.environment["MAKEFLAGS"] ?? "") ?? cores
    slots = runsElsewhere ? jobs : min(jobs, cores)
  }

  /// Writes down what there is to do and, at a make's beginning, returns it in a line; nil where all is there.
  ///
  /// - Parameter rates: how fast this machine works.
  func begin(_ list: WorkList, store: Store, rates: StageRates) throws -> String? {
    let figures = list.figures(for: goals)
    // A single entry, which is made again for a make that has begun, is a part of that make's work.
    guard !figures.isEmpty else { return nil }
    let now = ProgressSession.now
    let began = MakeProcess(folder: folder).began ?? now
    let session = ProgressSession(folder: folder)
    // One that begins anew, once images are prepared or the graph is written, has said so before; another make's that
    // had the same number has not begun at the same time.
    let isFirst = session.plan.map { abs($0.began - began) > 1 } ?? true
    let work = RemainingWork(list, figures: figures, store: store, rates: rates)
    let plan = ProgressPlan(
      began: isFirst ? began : session.plan?.began ?? began, planned: now, slots: slots,
      figures: figures.count, jobs: work.total, unfinished: work.unfinished,
      missing: work.missing.map { .init(key: $0.key, seconds: $0.seconds, chain: $0.chain) })
    if isFirst { try FileSystem.remove(folder) }
    try FileSystem.createFolder(folder)
    session.begin(plan, hasRun: isFirst ? false : session.hasRun)
    Self.removeStale(beside: folder)
    guard isFirst, !work.missing.isEmpty else { return nil }
    let images = list.images.isEmpty ? "" : "; images: \(list.images)"
    return OverallProgress(plan, done: [], now: now).text + images
  }

  /// Removes what makes have left that ended without a word.
  private static func removeStale(beside folder: String) {
    let parent = (folder as NSString).deletingLastPathComponent
    for name in (try? FileSystem.names(in: parent)) ?? [] {
      let other = "\(parent)/\(name)"
      guard other != folder, !MakeProcess(folder: other).isAlive,
        let date = try? FileManager.default.attributesOfItem(atPath: other)[.modificationDate] as? Date,
        // Alive or not is known of this machine's processes alone.
        date.timeIntervalSinceNow < -86_400
      else { continue }
      try? FileSystem.remove(other)
    }
  }
}

/// The process that a folder of progress belongs to.
struct MakeProcess {
  private let identifier: Int32?

  init(folder: String) { identifier = Int32((folder as NSString).lastPathComponent) }

  var isAlive: Bool { identifier.map { kill($0, 0) == 0 || errno == EPERM } ?? false }

  /// When it began, in seconds since 1970; nil where Linux does not say.
  var began: Double? {
    guard let identifier,
      let line = try? String(contentsOfFile: "/proc/\(identifier)/stat", encoding: .utf8),
      // The name, in parentheses, may hold anything.
      let rest = line.split(separator: ")").last?.split(separator: " "), rest.count > 19,
      let ticks = Double(rest[19]),
      let uptime = try? String(contentsOfFile: "/proc/uptime", encoding: .utf8).split(separator: " ").first,
      let up = Double(uptime)
    else { return nil }
    return ProgressSession.now - up + ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
  }
}
