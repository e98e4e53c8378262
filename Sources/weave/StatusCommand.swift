import Console
import ContentStore
import Foundation
import Manuscript
import Publishing

/// `weave status`: what is cached, what would run, and what the cached results cost.
enum StatusCommand {
  static func run(_ arguments: [String]) throws {
    var options = PlanOptions("status", "Says what is cached, what would run, and how long that would take.")
    let untimed = options.flag(
      "untimed", help: "time no steps of networks that nothing is known of; estimate by others")
    let cores = options.number(
      "cores", value: "N", in: 1...1_000_000,
      help: "how long it takes on so many cores, instead of some numbers of them")
    let names = options.positionals("GOALS", help: "such as fig-2.1; all figures if none is named")
    let parsed = try options.parse(arguments)
    if let source = try parsed.foreign(isFresh: true) {
      return try printForeign(source, parsed, names: parsed.arguments[names])
    }
    let plan = try parsed.plan()
    let list = WorkList(plan, tables: try parsed.tableTargets())
    let figures = try figures(parsed.arguments[names], in: list)
    let store = try parsed.store()
    let data = Set(
      plan.artifacts.flatMap(\.dataSets).map { "\($0.set) (\($0.synthetic ? "synthetic" : "real"))" }
    ).sorted()
    print("profile \(parsed.profile.rawValue), data: \(data.joined(separator: ", "))\n")
    let rates = try StepTimings(list: list, figures: figures, store: store) { place, _ in plan.jobs[place].job
    }
    .rates(timingFrom: parsed.arguments[untimed] ? nil : 0)
    var table = TextTable(
      [
        TextTable.Column.left("artifact")
      ] + Stage.allCases.map { .right($0.rawValue) } + [.right("would take, one core")])
    for figure in figures {
      let status = PlanStatus(figure, in: list, store: store, rates: rates)
      table.add(
        [status.artifact] + status.stages.map { "\($0.cached)/\($0.total)" }
          + [status.missing == 0 ? "nothing to do" : "≈ " + Format.duration(status.seconds)])
    }
    print(table.text())
    print("\nEach column counts results that are cached, of all that the artifact needs.")
    let work = RemainingWork(list, figures: figures, store: store, rates: rates)
    for line in ScheduleText(work: work, plan: plan, cores: parsed.arguments[cores]).lines { print(line) }
    printCosts(FinishedWork(plan, store: store))
  }

  /// The figures that goals need, of all if none is named.
  ///
  /// - Throws: `UnknownArtifact` for a goal that needs none.
  private static func figures(_ goals: [String], in list: WorkList) throws -> [WorkList.Artifact] {
    for goal in goals where list.figures(for: [goal]).isEmpty {
      throw UnknownArtifact(id: goal, known: list.artifacts.map(\.id))
    }
    return list.figures(for: goals.isEmpty ? ["figures"] : goals)
  }

  /// What of the figures is published, how near that is to what would be made here, and what is fetched already.
  private static func printForeign(
    _ source: ForeignSource, _ parsed: PlanOptions.Parsed, names: [String]
  ) throws {
    let (plan, all) = try parsed.foreignPlan(source).plan(parsed.profile, isBest: parsed.isBest)
    let list = WorkList(plan, tables: try parsed.tableTargets())
    let wanted = Set(try figures(names, in: list).map(\.id))
    let findings = all.filter { wanted.contains($0.artifact) }
    var table = TextTable(
      .left("artifact"), .left("profile"), .right("found"), .right("fetched"), .left("what"))
    for finding in findings {
      let artifact = try plan.artifact(finding.artifact)
      let foreign = artifact.jobs.filter(\.isForeign)
      let fetched = try source.held(Set(foreign.map(\.key))).count
      table.add([
        finding.artifact, finding.profile.rawValue,
        finding.isKept ? "curves" : "\(finding.found)/\(finding.total)",
        "\(fetched)/\(foreign.count)",
        finding.origin.map { $0.words + (finding.keepsRuns ? "; its runs can be challenged" : "") }
          ?? (finding.isPublished
            ? "nothing that fits the chapter"
            : parsed.isKeptOnly && !artifact.seeds.isEmpty ? "no record" : "not published; made here"),
      ])
    }
    print(table.text())
    print("")
    for line in ForeignText.brief(findings, source: source) { print(line) }
  }

  /// What the results that are there took.
  private static func printCosts(_ work: FinishedWork) {
    guard work.count > 0 else { return }
    var table = TextTable(
      .left("stage"), .left("network"), .right("batch"), .right("results"), .right("core seconds"),
      .right("share"), .right("GFLOP/s"))
    for row in work.rows {
      table.add([
        row.kind.stage, row.kind.network, row.kind.batchSize.map { "\($0)" } ?? "",
        Format.grouped(row.count), tenths(row.seconds), tenths(100 * row.share) + " %",
        tenths(row.rate / 1e9),
      ])
    }
    print("\nWhat the cached results cost, by stage, network and batch size; operations are estimates:\n")
    print(table.text())
    print(
      "total: \(Format.grouped(work.count)) results, \(tenths(work.seconds)) core seconds "
        + "(\(Format.duration(work.seconds)))")
  }

  private static func tenths(_ value: Double) -> String { String(format: "%.1f", value) }
}

/// `weave why`: which input changed.
enum WhyCommand {
  static func run(_ arguments: [String]) throws {
    var options = PlanOptions("why", "Says which input changed, for everything that would run.")
    let name = options.positional("ARTIFACT", help: "such as fig-2.1")
    let parsed = try options.parse(arguments)
    let id = parsed.arguments[name]
    if try parsed.chapters().contains(where: { $0.tables.contains { $0.id == id } }) {
      print("\(id) is written anew whenever it is asked for, from the figures that it speaks of")
      return
    }
    let plan = try parsed.plan()
    let artifact = try plan.artifact(id)
    let store = try parsed.store()
    let record = try PublishedRecords(store).record(
      of: artifact.artifact.block.id, profile: parsed.profile, synthetic: artifact.isSynthetic)
    let explanation = Explanation(
      artifact, previous: record, store: store, sources: parsed.sources)
    guard !explanation.causes.isEmpty else {
      print("\(artifact.artifact.block.id): everything is in the store; nothing would run")
      return
    }
    var following = 0
    // Seeds and runs often share a cause: say it once.
    var groups: [(changes: [String], slots: [String])] = []
    for cause in explanation.causes {
      if cause.followsOthers {
        following += 1
      } else {
        if let index = groups.firstIndex(where: { $0.changes == cause.changes }) {
          groups[index].slots.append(cause.slot)
        } else {
          groups.append((cause.changes, [cause.slot]))
        }
      }
    }
    for group in groups {
      print(group.slots.joined(separator: "\n"))
      for change in group.changes { print("    \(change)") }
    }
    if following > 0 {
      print("\(following) more would run because their inputs do")
    }
  }
}
