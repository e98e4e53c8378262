import Console
import Foundation
import Manuscript

/// What `weave status` says of the work ahead, in lines.
struct ScheduleText {
  let work: RemainingWork
  let plan: Plan
  /// The number of cores that was asked for; some usual ones if nil.
  let cores: Int?

  /// The most expensive kinds that are told one by one.
  private static let kinds = 12

  var lines: [String] {
    guard !work.missing.isEmpty else { return [] }
    let schedule = work.schedule
    return [
      "", "What is missing, by what should take longest; estimates for one core, and what they rest on:", "",
    ]
      + expected + [
        "", "work left: \(hours(schedule.total)) in \(Format.grouped(work.missing.count)) results",
      ]
      + chain(schedule) + [
        "", "Time by the number of cores, each always at the longest result that can be made:", "",
      ]
      + times(schedule)
  }

  private var expected: [String] {
    let rows = ExpectedWork(work, of: plan).rows
    var table = TextTable(
      .left("stage"), .left("network"), .right("batch"), .right("results"), .right("core hours"),
      .left("known from"))
    for row in rows.prefix(Self.kinds) {
      table.add([
        row.kind.stage, row.kind.network, row.kind.batchSize.map { "\($0)" } ?? "", Format.grouped(row.count),
        String(format: "%.2f", row.seconds / 3600), row.basis.words,
      ])
    }
    let rest = rows.dropFirst(Self.kinds)
    var lines = table.text().split(separator: "\n").map(String.init)
    if !rest.isEmpty {
      lines.append("and \(rest.count) other kinds: \(hours(rest.map(\.seconds).reduce(0, +)))")
    }
    return lines
  }

  private func chain(_ schedule: WorkSchedule) -> [String] {
    ["longest chain, which no number of cores shortens: \(Format.duration(schedule.longestSeconds))"]
      + schedule.longestChain.map { place in
        let missing = work.missing[place]
        return "    \(plan.jobs[missing.place].job.title)  \(Format.duration(missing.seconds))"
      }
  }

  private func times(_ schedule: WorkSchedule) -> [String] {
    let here = ProcessInfo.processInfo.activeProcessorCount
    let numbers = cores.map { [$0] } ?? Set([1, here, 10, 100, 500])
    var table = TextTable(.right("cores"), .right("time"), .left(""))
    for number in numbers.sorted() {
      table.add([
        Format.grouped(number), Format.duration(schedule.seconds(cores: number)),
        number == here ? "this machine" : "",
      ])
    }
    return table.text().split(separator: "\n").map(String.init)
  }

  private func hours(_ seconds: Double) -> String { String(format: "%.1f core hours", seconds / 3600) }
}
